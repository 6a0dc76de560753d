// htmx: fragments in place, morphing that leaves alone what a person is doing, and failures said in words.
import htmx from "htmx.org";
import { Idiomorph } from "idiomorph";
import { toast } from "./toast";
import { watchReads } from "./reads";
import { word } from "./page";

interface Swap {
  xhr: XMLHttpRequest;
  target: Element;
  shouldSwap: boolean;
  swapOverride?: string;
  isError: boolean;
}

const OURS = new Set(["data-selected", "data-found", "data-open", "data-new"]);

export function startPages(): void {
  htmx.defineExtension("morph", { isInlineSwap: (style: string) => style.startsWith("morph"), handleSwap: morph });
  document.body.addEventListener("htmx:beforeSwap", (event) => { receive((event as CustomEvent<Swap>).detail); });
  document.body.addEventListener("htmx:afterRequest", close);
  document.body.addEventListener("htmx:responseError", () => { toast(word("failed"), "error"); });
  watchReads();
}

/** `hx-swap="morph:outerHTML"`: what is the same stays, with its focus, its scroll place and its open details. */
function morph(style: string, target: Node, fragment: Node): Node[] | false {
  if (!style.startsWith("morph")) return false;
  const morphStyle = style === "morph:innerHTML" ? "innerHTML" : "outerHTML";
  const content = fragment instanceof DocumentFragment ? [...fragment.childNodes] : fragment;
  const done = Idiomorph.morph(target, content, {
    morphStyle,
    ignoreActiveValue: document.activeElement?.matches("input, textarea, select") ?? false,
    callbacks: { beforeAttributeUpdated, beforeNodeMorphed, afterNodeAdded },
  });
  return Array.isArray(done) ? done : [];
}

function beforeAttributeUpdated(name: string, element: Element): boolean {
  if (name === "checked") return !(element instanceof HTMLInputElement && element.dataset.stays !== undefined);
  if (name === "open") return !(element instanceof HTMLDetailsElement || element instanceof HTMLDialogElement);
  return !OURS.has(name) && !(name === "aria-current" && element.matches(".row-link"));
}

/** `data-keep`: a part with unsaved work in it; the server never writes over it. */
function beforeNodeMorphed(node: Node): boolean {
  return !(node instanceof HTMLElement && node.dataset.keep !== undefined);
}

/** What arrives while somebody looks glows once. */
function afterNodeAdded(node: Node): void {
  if (node instanceof HTMLElement && node.matches(".touch, .row")) node.dataset.new = "";
}

/** A menu has done its work once something was chosen in it; to look something up is no choice. */
function close(event: Event): void {
  if (event.target instanceof HTMLFormElement && event.target.method === "post") event.target.closest<HTMLElement>(":popover-open")?.hidePopover();
}

function receive(swap: Swap): void {
  const signIn = document.body.dataset.signIn;
  if (signIn && swap.xhr.responseURL.includes(signIn)) {
    swap.shouldSwap = false;
    location.reload();
  } else if (swap.xhr.responseText.includes("data-refused")) {
    const refused = new DOMParser().parseFromString(swap.xhr.responseText, "text/html").querySelector("[data-refused]");
    swap.shouldSwap = swap.isError = false;
    toast(refused?.textContent.trim() ?? word("failed"), "error");
  }
}
