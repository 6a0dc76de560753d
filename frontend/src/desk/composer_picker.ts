// "/" in the composer offers texts, "@" in a note offers colleagues. Arrows choose, Enter takes, Escape leaves.
import { save } from "./composer";
import { addMacro, type } from "./composer_words";
import { around } from "./page";
import { read } from "./reads";

const ASKED = /(?:^|\s)([/@])([^\s/@][^\n/@]{0,29}|)$/;

interface Asked {
  from: number;
  sign: string;
  words: string;
}

let asking: string | undefined; // the draft in which a list is open or on its way

export function listenPicker(): void {
  document.addEventListener("htmx:afterSettle", openAgain);
  document.addEventListener("input", (event) => {
    if (event.target instanceof HTMLTextAreaElement && event.target.form?.dataset.draft) void offer(event.target);
  });
  document.addEventListener("keydown", (event) => { steer(event); }, true);
  document.addEventListener("click", (event) => {
    const box = document.querySelector<HTMLTextAreaElement>("form[data-draft] textarea");
    const chosen = around(event, ".picker [role=option]");
    if (box && chosen) take(box, chosen);
    else if (around(event, "[data-opens-macros]") && box) {
      event.preventDefault();
      box.focus();
      type(box, /(^|\s)$/.test(box.value.slice(0, box.selectionStart)) ? "/" : " /");
    } else if (!around(event, ".picker")) close();
  });
}

/** What stands before the cursor, if it asks for something. */
function askedAt(box: HTMLTextAreaElement): Asked | null {
  const found = ASKED.exec(box.value.slice(0, box.selectionStart));
  const sign = found?.[1] ?? "";
  if (!found || (sign === "@" && box.form?.dataset.way !== "note")) return null;
  const words = found[2] ?? "";
  return { from: box.selectionStart - words.length - 1, sign, words: words.toLowerCase() };
}

async function offer(box: HTMLTextAreaElement): Promise<void> {
  const asked = askedAt(box);
  if (!asked) {
    close();
    return;
  }
  asking = box.form?.dataset.draft;
  const list = await listFor(box, asked.sign);
  const now = askedAt(box);
  if (!list || now?.sign !== asked.sign) return;
  let shown = 0;
  for (const option of list.querySelectorAll<HTMLElement>("[role=option]")) {
    option.hidden = !(option.dataset.name ?? "").toLowerCase().includes(now.words);
    if (!option.hidden) shown += 1;
  }
  const empty = shown === 0 && list.querySelector("[role=option]") !== null;
  list.hidden = empty;
  box.setAttribute("aria-expanded", String(!empty));
  mark(list, options(list)[0]);
}

/** The composer was drawn anew, and the list went with the old one. */
function openAgain(): void {
  const box = document.activeElement;
  if (!asking || !(box instanceof HTMLTextAreaElement) || box.form?.dataset.draft !== asking) return;
  if (!box.form.querySelector(".picker")) void offer(box);
}

async function listFor(box: HTMLTextAreaElement, sign: string): Promise<HTMLElement | null> {
  const composer = box.closest<HTMLElement>("[data-composer]");
  const address = sign === "/" ? composer?.dataset.macros : composer?.dataset.colleagues;
  if (!composer || !address) return null;
  let list = composer.querySelector<HTMLElement>(".picker");
  if (list?.dataset.of === address) return list;
  list?.remove();
  list = document.createElement("div");
  list.className = "menu picker";
  list.id = "picker";
  list.setAttribute("role", "listbox");
  list.dataset.of = address;
  list.hidden = true;
  list.setAttribute("hx-sync", "this:replace"); // a draft on its way holds up no list
  box.before(list);
  box.setAttribute("aria-controls", "picker");
  await read(address, list);
  list.querySelectorAll("[role=option]").forEach((option, index) => { option.id = `option-${index}`; });
  return list.isConnected ? list : null;
}

function options(list: HTMLElement): HTMLElement[] {
  return [...list.querySelectorAll<HTMLElement>("[role=option]:not([hidden])")];
}

function mark(list: HTMLElement, chosen: HTMLElement | undefined): void {
  for (const option of list.querySelectorAll("[role=option]")) option.setAttribute("aria-selected", String(option === chosen));
  const box = list.parentElement?.querySelector("textarea");
  if (chosen) box?.setAttribute("aria-activedescendant", chosen.id);
  chosen?.scrollIntoView({ block: "nearest" });
}

function steer(event: KeyboardEvent): void {
  const list = document.querySelector<HTMLElement>(".picker:not([hidden])");
  const box = event.target;
  if (!list || !(box instanceof HTMLTextAreaElement) || event.ctrlKey || event.metaKey) return;
  const all = options(list);
  const at = all.findIndex((option) => option.ariaSelected === "true");
  const chosen = all[at];
  if (event.key === "ArrowDown") mark(list, all[Math.min(at + 1, all.length - 1)]);
  else if (event.key === "ArrowUp") mark(list, all[Math.max(at - 1, 0)]);
  else if ((event.key === "Enter" || event.key === "Tab") && chosen) take(box, chosen);
  else if (event.key === "Escape") close();
  else return;
  event.preventDefault();
  event.stopPropagation();
}

function take(box: HTMLTextAreaElement, option: HTMLElement): void {
  const asked = askedAt(box);
  const form = box.form;
  close();
  box.focus();
  if (asked) box.setSelectionRange(asked.from, box.selectionStart);
  type(box, option.dataset.insert ?? "");
  if (form && option.dataset.macro) addMacro(form, option.dataset.macro, option.dataset.name ?? "");
  if (form) save(form);
}

function close(): void {
  asking = undefined;
  const list = document.querySelector<HTMLElement>(".picker:not([hidden])");
  if (!list) return;
  list.hidden = true;
  const box = list.parentElement?.querySelector("textarea");
  box?.removeAttribute("aria-activedescendant");
  box?.setAttribute("aria-expanded", "false");
}
