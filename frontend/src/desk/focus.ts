// Focus is never lost: when a swap or a message that goes takes away what has it, it goes to what stands in its place.
import { visible } from "./page";

const HOLDS = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]";
const PASSING = "#toasts";

interface Place {
  element: HTMLElement;
  around: string[]; // ids of what it stands in, the nearest first
  looks: string;
}

let place: Place | null = null;
let before: Place | null = null; // where it was before it went to a message in the corner

export function keepFocus(): void {
  document.addEventListener("focusin", (event) => { remember(event.target); });
  document.addEventListener("focusout", (event) => { forget(event.target); });
  new MutationObserver(goOn).observe(document.body, { childList: true, subtree: true });
}

function remember(target: EventTarget | null): void {
  if (!(target instanceof HTMLElement) || target === document.body) return;
  if (place && target.closest(PASSING) && !place.around.includes("toasts")) before = place;
  place = { element: target, around: idsAround(target), looks: looksOf(target) };
}

/** Whoever leaves by a click or with Escape wants it nowhere; what was taken away or hidden still has its place. */
function forget(target: EventTarget | null): void {
  queueMicrotask(() => {
    if (place?.element !== target || document.activeElement !== document.body) return;
    if (isThere(place)) place = null;
    else goOn();
  });
}

function goOn(): void {
  if (!place || isThere(place) || (document.activeElement ?? document.body) !== document.body) return;
  const from = place.around.includes("toasts") && before ? before : place;
  place = before = null;
  const next = isThere(from) ? from.element : successor(from);
  next?.focus({ preventScroll: true });
}

function isThere({ element }: Place): boolean {
  return element.isConnected && visible(element);
}

/** The same thing anew, the button of a menu that closed, else the first around it that can hold focus. */
function successor(from: Place): HTMLElement | null {
  const same = from.element.id ? document.getElementById(from.element.id) : null;
  if (same && visible(same)) return same;
  for (const id of from.around) {
    const opener = document.querySelector<HTMLElement>(`[popovertarget="${CSS.escape(id)}"]`);
    if (opener && visible(opener)) return opener;
    const holders = holdersIn(document.getElementById(id));
    const next = holders.find((each) => looksOf(each) === from.looks) ?? holders[0];
    if (next) return next;
  }
  const main = document.querySelector<HTMLElement>("main");
  return main ? reachable(main) : null;
}

function holdersIn(room: HTMLElement | null): HTMLElement[] {
  return room ? [...room.querySelectorAll<HTMLElement>(HOLDS)].filter((each) => visible(each)) : [];
}

function reachable(element: HTMLElement): HTMLElement {
  element.tabIndex = -1;
  return element;
}

function idsAround(element: HTMLElement): string[] {
  const found: string[] = [];
  for (let up = element.parentElement; up; up = up.parentElement) if (up.id) found.push(up.id);
  return found;
}

function looksOf(element: HTMLElement): string {
  const says = element.ariaLabel ?? (element.matches("input, textarea, select") ? "" : element.textContent).trim();
  return [element.localName, element.getAttribute("name"), element.getAttribute("value"), says].join(" ");
}
