// The log: what was said, in the order in which it reached us; what still waits to go out stands last.
import { make } from "./dom";
import type { Words } from "./words";
import type { Message } from "./line";

export interface Pending { once: string; text: string; at: string; state: string; failed?: boolean }

export class Log {
  readonly element: HTMLElement;
  private readonly list: HTMLElement;
  private readonly empty: HTMLElement;
  private readonly shown = new Map<number, { message: Message; line: HTMLElement }>();
  private readonly waiting = new Map<string, HTMLElement>();
  newest = 0;
  newestOurs = 0;
  newestTheirs = 0;

  constructor(private readonly words: Words) {
    this.empty = make("p", { class: "empty" }, words.empty);
    this.list = make("div", { class: "thread" });
    this.element = make("div", { class: "scroll", part: "log", role: "log", tabindex: "0", "aria-label": words.log },
      this.empty, this.list);
  }

  get talked(): boolean {
    return this.shown.size > 0 || this.waiting.size > 0;
  }

  /** Take messages in; numbers that are here stay as they are. Returns those of ours that are new. */
  add(messages: Message[]): Message[] {
    const fresh = messages.filter((message) => !this.shown.has(message.number));
    const low = this.atEnd();
    for (const message of fresh) this.insert(message);
    if (fresh.length && low) this.toEnd();
    this.empty.hidden = this.talked;
    return fresh.filter((message) => message.ours);
  }

  private insert(message: Message): void {
    this.gone(message.once);
    const line = this.line(message.ours ? message.by || this.words.us : this.words.you, message, message.ours);
    const later = [...this.shown.values()].filter((each) => each.message.number > message.number);
    const next = later.sort((a, b) => a.message.number - b.message.number)[0]?.line ?? this.firstWaiting();
    this.list.insertBefore(line, next);
    this.shown.set(message.number, { message, line });
    this.newest = Math.max(this.newest, message.number);
    if (message.ours) this.newestOurs = Math.max(this.newestOurs, message.number);
    else this.newestTheirs = Math.max(this.newestTheirs, message.number);
  }

  private line(name: string, said: Pick<Message, "at" | "text" | "kind" | "files">, ours: boolean): HTMLElement {
    const at = new Date(said.at);
    const header = make("header", {}, make("b", {}, name));
    if (said.kind === "email") header.append(make("span", { class: "meta" }, this.words.byEmail));
    header.append(make("time", { datetime: said.at, title: at.toLocaleString() }, clock(at)));
    const line = make("article", { class: ours ? "line ours" : "line", part: ours ? "message ours" : "message" }, header);
    if (said.text) line.append(make("p", { class: "said" }, said.text));
    for (const [file, size] of said.files) line.append(make("p", { class: "file" }, file, make("span", { class: "meta" }, bytes(size))));
    return line;
  }

  /** What the visitor wrote and nobody confirmed yet. */
  pend(pending: Pending): void {
    const low = this.atEnd() || pending.state === this.words.sending;
    const line = this.waiting.get(pending.once)
      ?? this.line(this.words.you, { at: pending.at, text: pending.text, kind: "chat", files: [] }, false);
    line.querySelector(".state")?.remove();
    line.append(make("p", { class: pending.failed ? "state failed" : "state" }, pending.state));
    this.waiting.set(pending.once, line);
    this.list.append(line);
    this.empty.hidden = true;
    if (low) this.toEnd();
  }

  gone(once: string): void {
    if (!once) return;
    this.waiting.get(once)?.remove();
    this.waiting.delete(once);
  }

  private firstWaiting(): HTMLElement | null {
    return this.waiting.values().next().value ?? null;
  }

  /** "sent" or "read" under the newest thing the visitor said. */
  mark(seen: number): void {
    for (const { line } of this.shown.values()) line.querySelector(".state")?.remove();
    const own = this.shown.get(this.newestTheirs)?.line;
    if (own && this.newestTheirs > this.newestOurs) {
      own.append(make("p", { class: "state" }, seen >= this.newestTheirs ? this.words.read : this.words.sent));
    }
  }

  clear(): void {
    this.shown.clear();
    this.waiting.clear();
    this.list.replaceChildren();
    this.newest = this.newestOurs = this.newestTheirs = 0;
    this.empty.hidden = false;
  }

  note(text: string): void {
    this.list.append(make("p", { class: "noted" }, text));
    this.toEnd();
  }

  private atEnd(): boolean {
    return this.element.scrollHeight - this.element.scrollTop - this.element.clientHeight < 60;
  }

  toEnd(): void {
    this.element.scrollTop = this.element.scrollHeight;
  }
}

function clock(at: Date): string {
  const today = at.toDateString() === new Date().toDateString();
  const time = at.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  return today ? time : `${at.toLocaleDateString([], { day: "numeric", month: "short" })}, ${time}`;
}

function bytes(size: number): string {
  return size < 1_000_000 ? ` ${Math.max(1, Math.round(size / 1000))} KB` : ` ${(size / 1_000_000).toFixed(1)} MB`;
}

