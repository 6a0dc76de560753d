// Chats side by side: who is writing, what was seen, a sound and a notice when somebody says something.
import { keep, kept, word } from "./page";
import { READ_MS } from "./reads";
import { toast } from "./toast";

interface Passing { chat: number; what: string; name: string; journey: number | null; upto: number }

const TYPING_MS = 3_000;
const TYPED_MS = 6_000;
const told = new Map<string, number>();
const typed = new Map<string, number>();
const fading = new Map<number, ReturnType<typeof setTimeout>>();
const writing = new Map<number, string>();
let known: Map<string, number> | null = null;
let sound: AudioContext | null = null;

export function keepChats(): void {
  if (!document.querySelector("[data-chats]")) return;
  document.body.addEventListener("threadline:chat", (event) => { passed((event as CustomEvent<Passing>).detail); });
  document.body.addEventListener("htmx:afterSettle", settled);
  document.addEventListener("visibilitychange", seen);
  addEventListener("focus", seen);
  document.addEventListener("keydown", enter);
  document.addEventListener("input", typing);
  switches();
  settled();
}

/** What has no row of its own: somebody types, comes or goes. */
function passed(said: Passing): void {
  const column = document.getElementById(`chat-${said.chat}`);
  if (!column) return;
  if (said.what !== "visitor_typing") {
    document.body.dispatchEvent(new CustomEvent(`threadline:chat-${said.chat}`));
    return;
  }
  writing.set(said.chat, `${column.querySelector("h2")?.textContent ?? said.name} ${words("typing")}`);
  tellWriting(said.chat);
  clearTimeout(fading.get(said.chat));
  fading.set(said.chat, setTimeout(() => { writing.delete(said.chat); tellWriting(said.chat); }, TYPED_MS));
}

/** The column may have been drawn anew since. */
function tellWriting(chat: number): void {
  const note = document.querySelector<HTMLElement>(`#chat-${chat} [data-typing-note]`);
  if (!note) return;
  note.textContent = writing.get(chat) ?? "";
  note.hidden = !writing.has(chat);
}

/** After each change: scroll down where one was at the end, ring for what is new, tell what is before our eyes. */
function settled(): void {
  const now = new Map<string, number>();
  for (const scroll of document.querySelectorAll<HTMLElement>(".chat .scroll")) {
    const upto = Number(scroll.dataset.upto);
    now.set(scroll.id, upto);
    const before = known?.get(scroll.id);
    if (before === undefined || before < upto || scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 160) {
      scroll.scrollTop = scroll.scrollHeight;
    }
  }
  for (const waits of document.querySelectorAll<HTMLElement>("[data-waits]")) now.set(waits.id, 1);
  for (const chat of writing.keys()) tellWriting(chat);
  if (known) ringFor(known, now);
  known = now;
  seen();
}

function ringFor(before: Map<string, number>, now: Map<string, number>): void {
  const grown = [...now].filter(([id, upto]) => upto > (before.get(id) ?? 0)).map(([id]) => id);
  if (!grown.length) return;
  const mine = grown.find((id) => id.startsWith("scroll-"));
  if (kept("chat-sound") === "on") chime();
  if (kept("chat-notices") === "on" && (document.hidden || !document.hasFocus())) notify(mine);
}

function notify(scroll: string | undefined): void {
  if (!("Notification" in window) || Notification.permission !== "granted") return;
  const who = scroll ? document.getElementById(scroll)?.closest(".chat")?.querySelector("h2")?.textContent : "";
  const notice = new Notification(who ?? words("waits"), { body: scroll ? words("news") : words("waits"), tag: scroll ?? "waits" });
  notice.addEventListener("click", () => { window.focus(); notice.close(); });
}

function chime(): void {
  sound ??= new AudioContext();
  const at = sound.currentTime;
  for (const [index, pitch] of [660, 880].entries()) {
    const tone = sound.createOscillator();
    const volume = sound.createGain();
    tone.frequency.value = pitch;
    volume.gain.setValueAtTime(0.0001, at + index * 0.12);
    volume.gain.exponentialRampToValueAtTime(0.12, at + index * 0.12 + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.0001, at + index * 0.12 + 0.2);
    tone.connect(volume).connect(sound.destination);
    tone.start(at + index * 0.12);
    tone.stop(at + index * 0.12 + 0.22);
  }
}

/** Sound and notices can be switched off, and are until somebody switches them on. */
function switches(): void {
  const one = (selector: string, name: string, on: () => Promise<boolean>): void => {
    const button = document.querySelector<HTMLButtonElement>(selector);
    if (!button) return;
    button.ariaPressed = String(kept(name) === "on");
    button.addEventListener("click", () => {
      const turn = async (): Promise<void> => {
        const wanted = button.ariaPressed !== "true" && await on();
        button.ariaPressed = String(wanted);
        keep(name, wanted ? "on" : null);
      };
      void turn();
    });
  };
  one("[data-switch-sound]", "chat-sound", () => { chime(); return Promise.resolve(true); });
  one("[data-switch-notices]", "chat-notices", async () => {
    const allowed = "Notification" in window && await Notification.requestPermission() === "granted";
    if (!allowed) toast(words("denied"), "error");
    return allowed;
  });
}

/** The window of whoever wrote says "read" once it stands before somebody's eyes. */
function seen(): void {
  if (document.hidden || !document.hasFocus()) return;
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-seen]")) {
    const address = form.dataset.seen ?? "";
    const upto = Number(form.closest(".chat")?.querySelector<HTMLElement>(".scroll")?.dataset.upto);
    if (!upto || (told.get(address) ?? 0) >= upto) continue;
    told.set(address, upto);
    void post(address, { upto: String(upto) });
  }
}

function enter(event: KeyboardEvent): void {
  const box = event.target;
  if (event.key !== "Enter" || event.shiftKey || event.isComposing || !(box instanceof HTMLTextAreaElement) || !box.closest(".say")) return;
  event.preventDefault();
  if (!box.value.trim()) return;
  typed.delete(box.form?.dataset.typing ?? ""); // what they type next is told at once
  box.form?.requestSubmit();
}

function typing(event: Event): void {
  const address = event.target instanceof HTMLTextAreaElement ? event.target.form?.dataset.typing : undefined;
  if (!address || Date.now() - (typed.get(address) ?? 0) < TYPING_MS) return;
  typed.set(address, Date.now());
  void post(address, {});
}

async function post(address: string, values: Record<string, string>): Promise<void> {
  const headers = JSON.parse(document.body.getAttribute("hx-headers") ?? "{}") as Record<string, string>;
  try {
    await fetch(address, { method: "POST", headers, body: new URLSearchParams(values), signal: AbortSignal.timeout(READ_MS) });
  } catch {
    told.delete(address); // told again with the next change
  }
}

function words(name: string): string {
  return document.getElementById("chat-words")?.dataset[name] ?? word(name);
}
