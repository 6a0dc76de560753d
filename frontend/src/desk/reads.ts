// What the page asks for by itself gets an answer or a time-out, and what a dead network swallowed is asked for again.
// What somebody sends has none: whether it arrived is for the server to say.
import htmx from "htmx.org";
import { toast } from "./toast";
import { word } from "./page";

export const READ_MS = 20_000; // a network that goes away closes nothing: without an end a part would wait for minutes
const BY_ITSELF = "#company, [data-saves]";

const unread = new Set<string>();

export function watchReads(): void {
  document.body.addEventListener("htmx:configRequest", (event) => {
    const { detail } = event as CustomEvent<{ verb: string; timeout: number; elt: Element }>;
    if (detail.verb === "get" || detail.elt.matches(BY_ITSELF)) detail.timeout = READ_MS;
  });
  for (const end of ["htmx:sendError", "htmx:timeout"]) {
    document.body.addEventListener(end, (event) => {
      remember(event);
      toast(word("unreachable"), "error");
    });
  }
  document.body.addEventListener("htmx:sendAbort", remember);
  // htmx rejects what has ended like that with no reason; it was told above.
  addEventListener("unhandledrejection", (event) => { if (event.reason === undefined) event.preventDefault(); });
}

/** Put what the desk answers into a part, and let go of what the part still waited for. True once it stands there. */
export async function read(address: string, into: Element, values: Record<string, string> = {}): Promise<boolean> {
  htmx.trigger(into, "htmx:abort");
  return htmx.ajax("get", address, { source: into, target: into, swap: "innerHTML", values }).then(() => true, () => false);
}

/** The network is back: what still waits for the old one lets go, and every part that missed an answer asks anew. */
export function readAgain(): void {
  for (const part of document.querySelectorAll(".htmx-request[hx-get]")) htmx.trigger(part, "htmx:abort");
  for (const what of unread) document.body.dispatchEvent(new CustomEvent(what));
  unread.clear();
}

function remember(event: Event): void {
  const trigger = event.target instanceof Element ? event.target.getAttribute("hx-trigger") : null;
  const what = /threadline:[\w-]+/.exec(trigger ?? "");
  if (what) unread.add(what[0]);
}
