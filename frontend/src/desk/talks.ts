// Calls in the chat window, on whatever screen is open: who rings, answering in a small window of its own, declining.
import htmx from "htmx.org";
import { ring } from "../rtc/tone";
import { around } from "./page";
import { READ_MS } from "./reads";

interface Passing { chat: number; what: string; agent: number }

const LOOKS = "popup,width=440,height=660";
let silence: (() => void) | null = null;

export function listenTalks(): void {
  document.body.addEventListener("threadline:chat", (event) => {
    const { chat, what, agent } = (event as CustomEvent<Passing>).detail;
    if (what === "call" && String(agent) === document.body.dataset.me && !document.querySelector("[data-talk]")) void look(chat);
  });
  document.addEventListener("click", (event) => {
    const link = around(event, "a[data-talk-window]");
    const declines = around(event, "[data-talk-declines]");
    if (link instanceof HTMLAnchorElement && !event.ctrlKey && !event.metaKey) {
      const opened = window.open(link.href, link.target, LOOKS);
      if (opened) event.preventDefault();
      opened?.focus();
    }
    if (declines) decline(declines);
  });
}

/** Show that it rings, or no longer. */
async function look(chat: number): Promise<void> {
  const answer = await fetch(`/chats/${chat}/call/rings`, { headers: { "HX-Request": "true" }, signal: AbortSignal.timeout(READ_MS) }).catch(() => null);
  const shown = document.getElementById(`talk-rings-${chat}`);
  if (answer?.status !== 200) {
    shown?.remove();
  } else if (!shown) {
    const room = document.getElementById("toasts");
    room?.insertAdjacentHTML("beforeend", await answer.text());
    if (room) htmx.process(room);
  }
  tone(document.querySelector("[data-talk-rings]") !== null);
}

function tone(on: boolean): void {
  if (on) silence ??= ring();
  else {
    silence?.();
    silence = null;
  }
}

function decline(button: HTMLElement): void {
  const headers = JSON.parse(document.body.getAttribute("hx-headers") ?? "{}") as Record<string, string>;
  const body = JSON.stringify({ does: "hang_up", call: Number(button.dataset.call) });
  void fetch(button.dataset.talkDeclines ?? "", { method: "POST", headers: { ...headers, "Content-Type": "application/json" }, body });
  button.closest("[data-toast]")?.remove();
  tone(false);
}
