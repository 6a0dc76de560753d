// Toasts: what was done, with a while to undo it. The while stops as long as somebody points at it or has focus in it.
import { around, word } from "./page";

const SECOND = 1000;

export function showToasts(): void {
  const room = document.getElementById("toasts");
  if (!room) return;
  room.querySelectorAll<HTMLElement>("[data-toast]").forEach(start);
  new MutationObserver((changes) => {
    for (const node of changes.flatMap((change) => [...change.addedNodes])) {
      if (node instanceof HTMLElement && node.matches("[data-toast]")) start(node);
    }
  }).observe(room, { childList: true });
  room.addEventListener("click", (event) => {
    if (around(event, "[data-closes]")) around(event, "[data-toast]")?.remove();
  });
  room.addEventListener("htmx:afterRequest", (event) => { around(event, "[data-toast]")?.remove(); });
}

/** Say something in a toast that the browser itself knows; the server sends its own. */
export function toast(text: string, kind: "" | "error" = ""): void {
  const made = document.createElement("div");
  made.className = "toast";
  made.dataset.toast = "";
  made.dataset.seconds = "12";
  if (kind === "error") made.dataset.kind = "fail";
  const said = document.createElement("span");
  said.textContent = text;
  const close = document.createElement("button");
  close.type = "button";
  close.dataset.closes = "";
  close.textContent = word("close");
  made.append(said, close);
  document.getElementById("toasts")?.append(made);
}

function start(element: HTMLElement): void {
  let left = Number(element.dataset.seconds) || 12;
  const shown = element.querySelector("[data-left]");
  const timer = setInterval(() => {
    if (!element.isConnected) clearInterval(timer);
    if (element.matches(":hover, :focus-within")) return;
    left -= 1;
    if (shown) shown.textContent = `, ${left} s`;
    if (left <= 0) element.remove();
  }, SECOND);
  if (shown) shown.textContent = `, ${left} s`;
}
