// Words on their way. The box is free for the next ones at once; what is typed before the answer comes stays, with the
// way that it was meant for, and what could not be sent comes back in front of it.
import { boxOf, choose, count, note, save } from "./composer";

interface Words { text: string; way: string }

const leaving = new WeakMap<HTMLFormElement, Words>();
const begun = new WeakMap<HTMLFormElement, Words>();
const next = new WeakSet<HTMLFormElement>();
const answered = new WeakSet<HTMLFormElement>(); // with a box anew; a refusal may be no more than a notice

export function listenLeaving(): void {
  document.addEventListener("submit", hold, true);
  document.addEventListener("htmx:beforeRequest", leave);
  document.addEventListener("htmx:beforeOnLoad", look);
  document.addEventListener("htmx:afterSwap", (event) => {
    const form = formOf(event);
    if (form) answered.add(form);
  });
  document.addEventListener("htmx:afterRequest", arrive);
  document.addEventListener("htmx:afterSettle", comeBack);
}

/** Its words are on their way, so an empty box is meant to be empty. */
export function isLeaving(form: HTMLFormElement): boolean {
  return leaving.has(form);
}

function formOf(event: Event): HTMLFormElement | null {
  const form = event.target;
  return form instanceof HTMLFormElement && form.matches("[data-draft][hx-post]") ? form : null;
}

/** One after the other: what is sent meanwhile goes when the first has arrived. */
function hold(event: Event): void {
  const form = formOf(event);
  if (!form || !leaving.has(form)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  next.add(form);
}

function leave(event: Event): void {
  const form = formOf(event);
  const box = form && boxOf(form);
  if (!box || event.defaultPrevented) return;
  leaving.set(form, wordsOf(form));
  answered.delete(form);
  box.value = "";
  count(form);
  note(form, "leaving");
}

/** The answer is here and replaces the box. */
function look(event: Event): void {
  const form = formOf(event);
  if (form && leaving.has(form)) begun.set(form, wordsOf(form));
}

function arrive(event: Event): void {
  const form = formOf(event);
  const words = form && leaving.get(form);
  if (!form || !words) return;
  leaving.delete(form);
  if ((event as CustomEvent<{ successful?: boolean }>).detail.successful && answered.has(form)) return;
  next.delete(form);
  begun.delete(form);
  note(form, "");
  joined(form, words, wordsOf(form));
  boxOf(form)?.dispatchEvent(new Event("input", { bubbles: true })); // kept again
}

function comeBack(): void {
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-draft][hx-post]")) {
    const typed = begun.get(form);
    if (!typed || leaving.has(form)) continue;
    begun.delete(form);
    const back = wordsOf(form); // not empty where it was refused
    const goesOn = next.delete(form) && !back.text.trim() && typed.text.trim();
    if (!typed.text.trim()) continue;
    joined(form, back, typed);
    if (goesOn) form.requestSubmit(form.querySelector<HTMLButtonElement>("button[data-sends]"));
    else save(form);
  }
}

/** What was meant as a note never becomes an answer: together with one, it is a note. */
function joined(form: HTMLFormElement, first: Words, then: Words): void {
  const box = boxOf(form);
  if (!box) return;
  const both = [first, then].filter((each) => each.text.trim());
  box.value = both.map((each) => each.text.trimEnd()).join("\n\n");
  const way = both.some((each) => each.way === "note") ? "note" : both.at(-1)?.way;
  const ways = [...form.querySelectorAll<HTMLInputElement>("[name=way]:enabled")];
  const found = ways.find((each) => each.value === way) ?? ways.find((each) => each.value === "note");
  if (found && !found.checked) {
    found.checked = true;
    choose(found);
  }
  count(form);
}

function wordsOf(form: HTMLFormElement): Words {
  const way = form.querySelector<HTMLInputElement>("[name=way]:checked");
  return { text: boxOf(form)?.value ?? "", way: way?.value ?? "" };
}
