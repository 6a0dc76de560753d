// The clock of a call that is being written down. It starts with the first word, or at once when a call was opened.
//   <form data-call data-talking?> <input name="seconds"> … <p data-timer><b></b> <button data-stops data-goes>
import { spell } from "./clocks";

const EVERY_MS = 1000;
let talked = 0;
let runs = false;

export function timeCalls(): void {
  const form = document.querySelector<HTMLFormElement>("form[data-call]");
  const shown = document.querySelector<HTMLElement>("[data-timer]");
  if (!form || !shown) return;
  const field = form.querySelector<HTMLInputElement>("[name=seconds]");
  talked = Number(field?.value) || 0;
  const show = (): void => {
    const place = shown.querySelector("b");
    if (place) place.textContent = spell(talked);
    if (field) field.value = String(talked);
  };
  const run = (on: boolean): void => {
    runs = on;
    shown.hidden = false;
    say(shown, on);
    show();
  };
  setInterval(() => { if (runs) { talked += 1; show(); } }, EVERY_MS);
  shown.querySelector("button")?.addEventListener("click", () => { run(!runs); });
  form.addEventListener("input", () => { if (shown.hidden) run(true); });
  if (form.dataset.talking !== undefined || talked > 0) run(true);
}

function say(shown: HTMLElement, on: boolean): void {
  const button = shown.querySelector("button");
  if (!button) return;
  button.textContent = (on ? button.dataset.stops : button.dataset.goes) ?? "";
  button.setAttribute("aria-pressed", String(!on));
}
