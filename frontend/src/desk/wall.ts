// The wallboard hears of everything that happens and asks for its numbers anew at most every few seconds, the last
// time included. It fills the screen when asked to.
const EVERY_MS = 4_000;

let asking: ReturnType<typeof setTimeout> | undefined;
let askedAt = -EVERY_MS;

export function keepWall(): void {
  if (!document.body.classList.contains("wall")) return;
  document.body.addEventListener("threadline:event", () => {
    asking ??= setTimeout(ask, Math.max(0, askedAt + EVERY_MS - performance.now()));
  });
  document.body.addEventListener("htmx:afterSwap", tellTime);
  const button = document.querySelector<HTMLButtonElement>("[data-full-screen]");
  if (!button || !document.fullscreenEnabled) return;
  button.hidden = false;
  button.addEventListener("click", () => { void switchScreen(); });
}

function ask(): void {
  asking = undefined;
  askedAt = performance.now();
  document.body.dispatchEvent(new CustomEvent("threadline:wall"));
}

/** The moment that the numbers are of stands above them too. */
function tellTime(): void {
  const shown = document.querySelector("#main .day header p");
  const clock = document.getElementById("wall-clock");
  if (shown && clock) clock.textContent = shown.textContent;
}

async function switchScreen(): Promise<void> {
  if (document.fullscreenElement) await document.exitFullscreen();
  else await document.documentElement.requestFullscreen();
}
