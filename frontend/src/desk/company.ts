// Who else is at this story. This screen says every while that somebody looks at it, and goodbye when they leave.
//   <div id="company" data-here="/stories/7/here">
import htmx from "htmx.org";

const EVERY_MS = 20_000;

export function keepCompany(): void {
  if (!place()) return;
  say();
  setInterval(say, EVERY_MS);
  document.addEventListener("visibilitychange", () => { if (document.hidden) leave(); else say(); });
  addEventListener("pagehide", leave);
}

function place(): HTMLElement | null {
  return document.querySelector<HTMLElement>("#company[data-here]");
}

function say(): void {
  const address = place()?.dataset.here;
  if (address && !document.hidden && navigator.onLine) {
    void htmx.ajax("post", address, { source: "#company", target: "#company", swap: "morph:outerHTML" });
  }
}

/** A page that goes away can not wait for an answer. */
function leave(): void {
  const address = place()?.dataset.here;
  const token = document.querySelector<HTMLInputElement>("#composer [name=csrfmiddlewaretoken]")?.value;
  if (!address || !token) return;
  const said = new FormData();
  said.append("gone", "1");
  said.append("csrfmiddlewaretoken", token);
  navigator.sendBeacon(address, said);
}
