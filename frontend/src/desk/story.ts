// The story: its picture opens at now, and news never takes away what somebody is writing.

export function tellStories(): void {
  const main = document.querySelector<HTMLElement>("[data-story]");
  if (!main) return;
  showNow();
  document.body.addEventListener("htmx:oobBeforeSwap", (event) => {
    const swap = (event as CustomEvent<{ target: Element; shouldSwap: boolean }>).detail;
    if (swap.target.id === "answering" && writing()) swap.shouldSwap = false;
  });
}

/** A picture wider than its frame is scrolled to now; what came before lies to the left. */
function showNow(): void {
  for (const frame of document.querySelectorAll<HTMLElement>(".picture")) {
    const now = Number(frame.querySelector<SVGElement>("svg[data-now]")?.dataset.now);
    if (now > frame.clientWidth) frame.scrollLeft = now - frame.clientWidth * 0.8;
  }
}

/** While an answer is under way, the guard against newer touches keeps what the writer has seen. */
function writing(): boolean {
  return Boolean(document.querySelector<HTMLTextAreaElement>("#composer textarea")?.value.trim());
}
