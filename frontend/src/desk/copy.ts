// Copies what stands in a field, and says so on the button.
//   <input id="link" readonly> <button data-copies="link" data-done="Copied" hidden>
import { around } from "./page";

export function copyLinks(): void {
  for (const button of document.querySelectorAll<HTMLElement>("[data-copies]")) button.hidden = false;
  addEventListener("click", (event) => {
    const button = around(event, "[data-copies]");
    const field = document.getElementById(button?.dataset.copies ?? "");
    if (button && field instanceof HTMLInputElement) void copy(field, button);
  });
}

async function copy(field: HTMLInputElement, button: HTMLElement): Promise<void> {
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
    button.textContent = button.dataset.done ?? button.textContent;
  } catch {
    field.focus(); // without the right to the clipboard it is marked, and Ctrl+C takes it
  }
}
