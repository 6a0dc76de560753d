// Selecting several stories: boxes, x, Shift+J and Shift+K, Shift and a click. What is done to them is an ordinary form.
import { onKey } from "./keys";
import { announce, around } from "./page";
import { rows, step } from "./rows";

let last: HTMLInputElement | null = null; // where a click with Shift began

export function pickRows(): void {
  onKey("x", () => { toggle(current()); });
  onKey("J", () => { extend(1); });
  onKey("K", () => { extend(-1); });
  onKey("X", pickMore);
  document.addEventListener("click", clicked);
  document.addEventListener("change", changed);
  document.addEventListener("reset", () => { setTimeout(tell); });
  document.body.addEventListener("htmx:afterSettle", tell);
  document.body.addEventListener("htmx:afterRequest", done);
  document.addEventListener("click", (event) => {
    const empties = around(event, "[data-empties]")?.dataset.empties;
    if (empties) document.querySelector(empties)?.replaceChildren();
  });
  tell();
}

function boxes(): HTMLInputElement[] {
  return [...document.querySelectorAll<HTMLInputElement>(".pick input")];
}

function box(row: HTMLElement | undefined): HTMLInputElement | null {
  return row?.querySelector<HTMLInputElement>(".pick input") ?? null;
}

function current(): HTMLElement | undefined {
  const all = rows();
  return all.find((row) => row.contains(document.activeElement)) ?? all.find((row) => row.dataset.selected !== undefined);
}

function toggle(row: HTMLElement | undefined): void {
  const found = box(row ?? rows()[0]);
  if (found) set(found, !found.checked);
  tell();
}

/** The one at hand and its neighbour; going back over what was picked lets go of it. */
function extend(by: 1 | -1): void {
  const from = box(current());
  step(by);
  const to = box(current());
  if (from && to && from !== to) {
    if (to.checked && from.checked) set(from, false);
    else set(from, true);
    set(to, true);
  }
  tell();
}

/** All that are shown; then, where there are more, all of the view; then none. */
function pickMore(): void {
  const all = boxes();
  const whole = document.querySelector<HTMLInputElement>("[data-pick-view]");
  if (all.some((one) => !one.checked)) all.forEach((one) => { set(one, true); });
  else if (whole && !whole.checked) whole.checked = true;
  else document.querySelector<HTMLFormElement>("#selected")?.reset();
  tell();
}

function set(one: HTMLInputElement, on: boolean): void {
  one.checked = on;
  last = one;
}

function clicked(event: MouseEvent): void {
  const one = around(event, ".pick input");
  if (!(one instanceof HTMLInputElement)) return;
  const all = boxes();
  if (event.shiftKey && last && all.includes(last)) {
    const [from, to] = [all.indexOf(last), all.indexOf(one)].sort((a, b) => a - b);
    all.slice(from, (to ?? 0) + 1).forEach((each) => { each.checked = one.checked; });
  }
  last = one;
  tell();
}

function changed(event: Event): void {
  const one = around(event, "[data-pick-all], [data-pick-view], .pick input");
  if (!(one instanceof HTMLInputElement)) return;
  if (one.matches("[data-pick-all]")) boxes().forEach((each) => { each.checked = one.checked; });
  if (one.matches("[data-pick-view]") && one.checked) boxes().forEach((each) => { each.checked = true; });
  tell();
}

/** The bar says how many; rows show it, so that it can be seen and is read out. */
function tell(): void {
  const shown = document.querySelector<HTMLElement>("[data-picked]");
  const all = boxes();
  const picked = all.filter((one) => one.checked);
  for (const one of all) one.closest(".row")?.toggleAttribute("data-chosen", one.checked);
  if (!shown) return;
  const whole = document.querySelector<HTMLInputElement>("[data-pick-view]");
  if (whole?.checked && picked.length < all.length) whole.checked = false;
  const each = document.querySelector<HTMLInputElement>("[data-pick-all]");
  if (each) {
    each.checked = picked.length > 0 && picked.length === all.length;
    each.indeterminate = picked.length > 0 && picked.length < all.length;
  }
  const words = (shown.dataset.picked ?? "{n}").replace("{n}", String(picked.length));
  if (shown.textContent === words) return;
  shown.textContent = words;
  if (picked.length) announce(words);
}

/** What was begun is told beside the list; the choice has done its work. */
function done(event: Event): void {
  const { elt, successful } = (event as CustomEvent<{ elt: Element; successful: boolean }>).detail;
  if (!successful || !(elt instanceof HTMLFormElement) || !elt.matches("#selected, .asking")) return;
  if (document.querySelector("#said .run")) {
    document.querySelector<HTMLDialogElement>("dialog#asking")?.close();
    document.querySelector<HTMLFormElement>("#selected")?.reset();
    tell();
  }
}
