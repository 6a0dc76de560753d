// Keys. An element says which key presses it: data-key="r", data-key="g j"; data-focus="#id" is focused afterwards.
// Never while typing or in a dialog, and single keys can be switched off (WCAG 2.1.4).
import { around, keep, kept, visible } from "./page";

const TYPING = "input:not([type=radio], [type=checkbox], [type=button], [type=submit]), textarea, select, [contenteditable]";
const SECOND_KEY_MS = 1500;

type Act = () => void;
const acts = new Map<string, Act>();
let prefix = "";
let forgetting: ReturnType<typeof setTimeout> | undefined;

/** Another part of the desk answers a key; elements with the same data-key come first. */
export function onKey(key: string, act: Act): void {
  acts.set(key, act);
}

export function listenKeys(): void {
  switchKeys(kept("keys") !== "off");
  document.addEventListener("keydown", pressed);
  document.addEventListener("change", (event) => {
    const box = around(event, "[data-keys-switch]");
    if (box instanceof HTMLInputElement) switchKeys(box.checked);
  });
  document.addEventListener("click", (event) => {
    const name = around(event, "[data-opens]")?.dataset.opens;
    if (name) openDialog(name);
  });
  onKey("?", () => { openDialog("keys"); });
}

function switchKeys(on: boolean): void {
  keep("keys", on ? null : "off");
  document.documentElement.dataset.keys = on ? "on" : "off";
  const box = document.querySelector<HTMLInputElement>("[data-keys-switch]");
  if (box) box.checked = on;
}

function openDialog(id: string): void {
  const dialog = document.getElementById(id);
  document.querySelectorAll<HTMLElement>("[popover]:popover-open").forEach((open) => { open.hidePopover(); });
  if (dialog instanceof HTMLDialogElement && !dialog.open) dialog.showModal();
}

function pressed(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing) return;
  if (isFind(event)) {
    event.preventDefault();
    openDialog("palette");
  } else if (isSend(event)) {
    send(event);
  } else if (event.key === "Escape") {
    escape(event);
  } else if (isPlain(event) && press(event.key)) {
    event.preventDefault();
  }
}

function isFind(event: KeyboardEvent): boolean {
  return (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && event.key.toLowerCase() === "k";
}

function isSend(event: KeyboardEvent): boolean {
  return (event.ctrlKey || event.metaKey) && event.key === "Enter" && event.target instanceof HTMLTextAreaElement;
}

function send(event: KeyboardEvent): void {
  const form = (event.target as HTMLTextAreaElement).form;
  event.preventDefault();
  form?.requestSubmit(form.querySelector<HTMLButtonElement>("button[data-sends], button[data-kind=main]"));
}

/** A dialog or popover closes by itself; then typing ends; then it is one step back. */
function escape(event: KeyboardEvent): void {
  if (document.querySelector("dialog[open], [popover]:popover-open")) return;
  if (event.target instanceof HTMLElement && event.target.matches(TYPING)) event.target.blur();
  else press("Escape");
}

function isPlain(event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey || kept("keys") === "off") return false;
  const target = event.target;
  return target instanceof Element && !target.closest(TYPING) && !target.closest("dialog[open], [popover]");
}

function press(key: string): boolean {
  const asked = prefix ? `${prefix} ${key}` : key;
  setPrefix("");
  if (!asked.includes(" ") && starts(asked)) {
    setPrefix(asked);
    return true;
  }
  return click(asked) || act(asked);
}

function setPrefix(key: string): void {
  clearTimeout(forgetting);
  prefix = key;
  if (key) forgetting = setTimeout(() => { prefix = ""; }, SECOND_KEY_MS);
}

function starts(key: string): boolean {
  return key === "g" && document.querySelector(`[data-key^="g "]`) !== null;
}

/** What a key presses now: what works on the selected stories comes before all else; else the last one on the page. */
export function pressedBy(key: string): HTMLElement | undefined {
  const found = [...document.querySelectorAll<HTMLElement>(`[data-key="${CSS.escape(key)}"]`)].filter((one) => visible(one));
  return found.find((one) => one.closest("[data-first]")) ?? found.at(-1);
}

export function click(key: string): boolean {
  const chosen = pressedBy(key);
  if (!chosen) return false;
  if (chosen.hasAttribute("popovertarget")) chosen.scrollIntoView({ block: "nearest" });
  chosen.click();
  if (chosen.dataset.focus) document.querySelector<HTMLElement>(chosen.dataset.focus)?.focus();
  else if (chosen.matches("summary")) chosen.scrollIntoView({ block: "nearest" });
  return true;
}

function act(key: string): boolean {
  const does = acts.get(key);
  does?.();
  return does !== undefined;
}
