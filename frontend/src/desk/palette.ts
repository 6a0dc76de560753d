// The palette: Ctrl+K, words, arrows, Enter. What this page can do by its keys stands first; the rest comes from the desk.
import htmx from "htmx.org";
import { click, pressedBy } from "./keys";
import { around, visible } from "./page";
import { read } from "./reads";

const TYPING_MS = 120;
let asking: ReturnType<typeof setTimeout> | undefined;
let awaited = 0; // answers that are still to come
let eager = false; // Enter came before the answer

export function keepPalette(): void {
  const dialog = document.querySelector<HTMLDialogElement>("dialog#palette");
  const words = document.querySelector<HTMLInputElement>("#palette-words");
  if (!dialog || !words) return;
  new MutationObserver(() => { if (dialog.open) opened(words); }).observe(dialog, { attributeFilter: ["open"] });
  words.addEventListener("input", () => { soon(words); });
  words.addEventListener("keydown", (event) => { pressed(event, words); });
  dialog.addEventListener("click", (event) => {
    const option = around(event, "[role=option]");
    if (option) choose(option);
    else if (event.target === dialog) dialog.close();
  });
}

function list(): HTMLElement | null {
  return document.getElementById("palette-list");
}

function opened(words: HTMLInputElement): void {
  const asked = document.querySelector<HTMLInputElement>("#find");
  words.value = asked && document.activeElement === asked ? asked.value : "";
  eager = false;
  words.focus();
  soon(words, 0);
}

/** Keys of this page are known at once; the desk is asked when the typing pauses. */
function soon(words: HTMLInputElement, after = TYPING_MS): void {
  showPage(words.value);
  awaited += 1;
  clearTimeout(asking);
  asking = setTimeout(() => { void ask(words); }, after);
}

async function ask(words: HTMLInputElement): Promise<void> {
  const room = list();
  const target = room?.querySelector<HTMLElement>("[data-found]");
  if (!room || !target) return;
  const number = awaited;
  const came = await read(room.dataset.from ?? "", target, { q: words.value, ...story() });
  if (!came || number !== awaited) return;
  awaited = 0;
  mark(options()[0]);
  if (eager) choose(options()[0]);
  eager = false;
}

/** The story on the screen: the open one, or the one in the preview. */
function story(): Record<string, string> {
  const open = document.querySelector<HTMLElement>("[data-story]")?.dataset.story;
  if (open) return { story: open, open: "1" };
  const shown = document.getElementById("preview")?.dataset.of;
  return shown ? { story: shown.replace("row-", "") } : {};
}

/** What the keys of this page do, in the words of what they press. Places stand among those of the desk. */
function showPage(typed: string): void {
  const group = list()?.querySelector<HTMLElement>("[data-page]");
  if (!group) return;
  group.querySelectorAll("[role=option]").forEach((option) => { option.remove(); });
  const wanted = typed.toLowerCase().split(/\s+/).filter(Boolean);
  for (const [key, label] of keysHere()) {
    if (wanted.every((word) => label.toLowerCase().includes(word))) group.append(made(key, label));
  }
  group.hidden = !group.querySelector("[role=option]");
  mark(options()[0]);
}

function keysHere(): Map<string, string> {
  const found = new Map<string, string>();
  for (const element of document.querySelectorAll<HTMLElement>("main [data-key], .toasts [data-key]")) {
    const key = element.dataset.key ?? "";
    if (visible(element) && pressedBy(key) === element) found.set(key, labelOf(element));
  }
  return found;
}

function labelOf(element: HTMLElement): string {
  const copy = element.cloneNode(true) as HTMLElement;
  copy.querySelectorAll("kbd, svg, [data-left]").forEach((part) => { part.remove(); });
  return element.getAttribute("aria-label") ?? (copy.textContent.trim().replace(/\s+/g, " ") || element.title);
}

function made(key: string, label: string): HTMLElement {
  const option = document.createElement("div");
  option.role = "option";
  option.id = `palette-key-${key.replace(/\W/g, "-")}`;
  option.dataset.presses = key;
  option.ariaSelected = "false";
  const words = document.createElement("span");
  words.className = "one-line";
  words.textContent = label;
  const shown = document.createElement("kbd");
  shown.className = "always";
  shown.textContent = key === "Escape" ? "Esc" : key;
  option.append(words, shown);
  return option;
}

function options(): HTMLElement[] {
  return [...(list()?.querySelectorAll<HTMLElement>("[role=option]") ?? [])];
}

function marked(): HTMLElement | undefined {
  return options().find((option) => option.ariaSelected === "true");
}

function mark(option: HTMLElement | undefined): void {
  const words = document.getElementById("palette-words");
  for (const other of options()) other.ariaSelected = String(other === option);
  if (option) words?.setAttribute("aria-activedescendant", option.id);
  else words?.removeAttribute("aria-activedescendant");
  option?.scrollIntoView({ block: "nearest" });
}

function pressed(event: KeyboardEvent, words: HTMLInputElement): void {
  if (event.isComposing) return;
  const all = options();
  const at = all.findIndex((option) => option.ariaSelected === "true");
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + 7, PageUp: Math.max(at - 7, 0) }[event.key];
  if (to !== undefined) {
    event.preventDefault();
    mark(all[event.key.startsWith("Page") ? Math.min(to, all.length - 1) : (to + all.length) % all.length]);
  } else if (event.key === "Enter") {
    event.preventDefault();
    if (awaited && words.value.trim()) eager = true;
    else choose(marked());
  }
}

function choose(option: HTMLElement | undefined): void {
  if (!option) return;
  document.querySelector<HTMLDialogElement>("dialog#palette")?.close();
  const { presses, href } = option.dataset;
  if (presses) click(presses);
  else if (href) location.assign(href);
  else htmx.trigger(option, "chosen");
}
