// The composer: what is typed is kept by the server at every pause, and in this browser until the server has it.
//   <form data-draft="journey-7"> <textarea name="text"> … <div data-saves hx-post="…/draft">
import htmx from "htmx.org";
import { addMacro, insert, listenMarks } from "./composer_words";
import { listenPicker } from "./composer_picker";
import { keepCompany } from "./company";
import { onKey } from "./keys";
import { isLeaving, listenLeaving } from "./leaving";
import { around, keep, kept } from "./page";

const SETTLE_MS = 250;
const AGAIN_MS = 5_000;
const keeping = new Map<string, ReturnType<typeof setTimeout>>();
let asked = "";
let again: ReturnType<typeof setTimeout> | undefined;

export function keepDrafts(): void {
  fill();
  document.body.addEventListener("htmx:afterSettle", fill);
  document.addEventListener("input", (event) => { typed(event.target); });
  document.addEventListener("change", (event) => { choose(event.target); });
  document.addEventListener("keydown", quietEnter);
  document.addEventListener("click", pressed);
  document.addEventListener("focusin", (event) => {
    if (event.target instanceof HTMLTextAreaElement && event.target.form?.dataset.draft) makeRoom(event.target.form);
  });
  watch();
  listenLeaving();
  document.addEventListener("submit", (event) => {
    if (event.target instanceof HTMLFormElement && !event.target.matches("[hx-post]")) sent(event.target);
  });
  document.addEventListener("mousedown", keepOpen);
  onKey("r", () => { unfold("r"); });
  onKey("n", () => { unfold("n"); });
  listenMarks();
  listenPicker();
  keepCompany();
}

/** A press on a label would take the focus from the box, which folds the composer on a phone before the label hears it. */
function keepOpen(event: MouseEvent): void {
  if (around(event, "#composer label")) event.preventDefault();
}

/** Where the window is narrow the ways to answer are folded away until the box has focus. Then they are chosen. */
function unfold(key: string): void {
  const box = document.querySelector<HTMLTextAreaElement>("#answer");
  if (!box) return;
  box.focus();
  document.querySelector<HTMLElement>(`#composer [data-key="${key}"]`)?.click();
  box.focus();
}

/** Saving fails quietly, since the words are kept here; everything else that fails is said by the page. */
function watch(): void {
  document.addEventListener("htmx:beforeRequest", (event) => {
    const form = formOf(event);
    if (form && isSaving(event)) asked = boxOf(form)?.value ?? "";
  }, true);
  for (const failure of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
    document.addEventListener(failure, (event) => {
      const form = formOf(event);
      if (!form || !isSaving(event)) return;
      event.stopPropagation();
      note(form, "unsaved");
      clearTimeout(again);
      again = setTimeout(() => { save(form); }, AGAIN_MS);
    }, true);
  }
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = formOf(event);
    const { successful, elt } = (event as CustomEvent<{ successful?: boolean; elt: Element }>).detail;
    if (!form || !successful) return;
    if (isSaving(event)) {
      if (boxOf(form)?.value === asked) forget(form);
    } else if (elt instanceof HTMLInputElement && elt.type === "file") {
      elt.value = "";
    } else if (elt === form || elt.matches("[data-forgets]")) {
      sent(form);
    }
  }, true);
}

function formOf(event: Event): HTMLFormElement | null {
  return around(event, "form[data-draft]") as HTMLFormElement | null;
}

function isSaving(event: Event): boolean {
  return event.target instanceof Element && event.target.matches("[data-saves]");
}

export function save(form: HTMLFormElement): void {
  const saves = form.querySelector("[data-saves]");
  if (saves) htmx.trigger(saves, "save", {});
}

/** Words that the server has not got yet come back from this browser. */
function fill(): void {
  document.querySelectorAll<HTMLElement>("[data-no-script]").forEach((part) => { part.hidden = true; });
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-draft]")) {
    const box = boxOf(form);
    const draft = kept(nameOf(form));
    if (box && draft && box.value !== draft && document.activeElement !== box && !isLeaving(form)) {
      box.value = box.value.trim() && !draft.includes(box.value.trim()) ? `${box.value}\n\n${draft}` : draft;
      save(form);
    }
    if (box) grow(box);
    choose(form.querySelector("[name=way]:checked"));
    count(form);
    makeRoom(form);
  }
}

/** Where a picture leaves too little room below it, the page moves up until the buttons are seen. Only while somebody
 *  types: a button that moves away while it is pressed is not pressed. */
function makeRoom(form: HTMLFormElement): void {
  if (document.activeElement !== boxOf(form)) return;
  const over = form.getBoundingClientRect().bottom - innerHeight;
  if (over > 1) scrollBy(0, over);
}

function typed(target: EventTarget | null): void {
  if (!(target instanceof HTMLTextAreaElement) || !target.form?.dataset.draft) return;
  const form = target.form;
  grow(target);
  count(form);
  clearTimeout(keeping.get(nameOf(form)));
  keeping.set(nameOf(form), setTimeout(() => { keep(nameOf(form), target.value.trim() ? target.value : null); }, SETTLE_MS));
}

function sent(form: HTMLFormElement): void {
  if (form.dataset.draft) forget(form);
}

function forget(form: HTMLFormElement): void {
  clearTimeout(keeping.get(nameOf(form)));
  clearTimeout(again);
  keep(nameOf(form), null);
}

/** The chosen way colours the form: a note is dashed, a public answer warm. A button may say what it then does. */
export function choose(target: EventTarget | null): void {
  if (!(target instanceof HTMLInputElement) || target.name !== "way" || !target.form) return;
  target.form.dataset.way = target.dataset.side ?? target.value;
  for (const part of target.form.querySelectorAll<HTMLElement>("[data-for-way]")) {
    part.hidden = !part.dataset.forWay?.split(" ").includes(target.value);
  }
  const box = boxOf(target.form);
  if (box) box.placeholder = (target.value === "note" ? box.dataset.among : box.dataset.to) ?? box.placeholder;
  count(target.form);
}

/** How many characters are left, where the channel takes only so many. */
export function count(form: HTMLFormElement): void {
  const most = Number(form.querySelector<HTMLInputElement>("[name=way]:checked")?.dataset.most);
  const shown = form.querySelector<HTMLElement>("[data-counter]");
  const length = boxOf(form)?.value.trim().length ?? 0;
  if (!shown) return;
  shown.textContent = most ? `${length} / ${most}` : "";
  shown.toggleAttribute("data-over", Boolean(most) && length > most);
}

/** Enter in a line of the composer, such as cc, sends nothing. */
function quietEnter(event: KeyboardEvent): void {
  if (event.key === "Enter" && event.target instanceof HTMLInputElement && event.target.form?.dataset.draft) {
    if (event.target.type !== "radio" && event.target.type !== "checkbox") event.preventDefault();
  }
}

function pressed(event: MouseEvent): void {
  const form = around(event, "form[data-draft]") as HTMLFormElement | null;
  const button = around(event, "[data-insert], [data-removes]");
  if (!form || !button || button.closest("[role=listbox]")) return;
  if (button.dataset.removes) button.closest(button.dataset.removes)?.remove();
  else insert(boxOf(form), button.dataset.insert ?? "", button.dataset.instead);
  if (button.dataset.macro) addMacro(form, button.dataset.macro, button.dataset.name ?? "");
  save(form);
}

function nameOf(form: HTMLFormElement): string {
  return `draft:${form.dataset.draft ?? ""}`;
}

export function boxOf(form: HTMLFormElement): HTMLTextAreaElement | null {
  return form.querySelector("textarea");
}

/** Says beside the button how it stands with the words, in the page's language. */
export function note(form: HTMLFormElement, what: "unsaved" | "leaving" | ""): void {
  const place = form.querySelector("[data-draft-note]");
  if (place) place.textContent = (what && form.querySelector<HTMLElement>("[data-composer]")?.dataset[what]) ?? "";
}

/** Browsers without `field-sizing` grow the box here. */
function grow(box: HTMLTextAreaElement): void {
  if (CSS.supports("field-sizing", "content")) return;
  box.style.blockSize = "auto";
  box.style.blockSize = `${box.scrollHeight}px`;
}
