// Drafts stay in this browser until they were sent. <form data-draft="journey-7"> <textarea name="text">
import { keep, kept, word } from "./page";

const SETTLE_MS = 400;
const saving = new Map<string, ReturnType<typeof setTimeout>>();

export function keepDrafts(): void {
  fill();
  document.body.addEventListener("htmx:afterSettle", fill);
  document.addEventListener("input", (event) => { typed(event.target); });
  document.body.addEventListener("htmx:afterRequest", (event) => {
    const { successful, elt } = (event as CustomEvent<{ successful?: boolean; elt: Element }>).detail;
    if (successful && elt instanceof HTMLFormElement) sent(elt);
  });
  document.addEventListener("submit", (event) => {
    if (event.target instanceof HTMLFormElement && !event.target.matches("[hx-post]")) sent(event.target);
  });
  document.addEventListener("change", (event) => { choose(event.target); });
}

/** Put kept words back into empty boxes. */
function fill(): void {
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-draft]")) {
    const box = boxOf(form);
    const draft = kept(nameOf(form));
    if (box && draft && !box.value) {
      box.value = draft;
      note(form, word("draft"));
    }
    if (box) grow(box);
    choose(form.querySelector("[name=way]:checked"));
  }
}

function typed(target: EventTarget | null): void {
  if (!(target instanceof HTMLTextAreaElement) || !target.form?.dataset.draft) return;
  const form = target.form;
  grow(target);
  clearTimeout(saving.get(nameOf(form)));
  saving.set(nameOf(form), setTimeout(() => {
    keep(nameOf(form), target.value.trim() ? target.value : null);
    note(form, target.value.trim() ? word("draft") : "");
  }, SETTLE_MS));
}

function sent(form: HTMLFormElement): void {
  if (!form.dataset.draft) return;
  clearTimeout(saving.get(nameOf(form)));
  keep(nameOf(form), null);
  note(form, "");
}

/** The chosen way colours the form: a note is dashed, a public answer warm. A button may say what it then does. */
function choose(target: EventTarget | null): void {
  if (!(target instanceof HTMLInputElement) || target.name !== "way" || !target.form) return;
  target.form.dataset.way = target.dataset.side ?? target.value;
  for (const part of target.form.querySelectorAll<HTMLElement>("[data-for-way]")) {
    part.hidden = !part.dataset.forWay?.split(" ").includes(target.value);
  }
}

function nameOf(form: HTMLFormElement): string {
  return `draft:${form.dataset.draft ?? ""}`;
}

function boxOf(form: HTMLFormElement): HTMLTextAreaElement | null {
  return form.querySelector("textarea");
}

function note(form: HTMLFormElement, text: string): void {
  const place = form.querySelector("[data-draft-note]");
  if (place) place.textContent = text;
}

/** Browsers without `field-sizing` grow the box here. */
function grow(box: HTMLTextAreaElement): void {
  if (CSS.supports("field-sizing", "content")) return;
  box.style.blockSize = "auto";
  box.style.blockSize = `${box.scrollHeight}px`;
}
