// <threadline-chat>: holds the window together. Attributes: server, channel, identity, consent, theme, side, accent,
// email, phone, words. A site may call open(), close(), identify(token) and forget() on it.
import look from "./look.css";
import { Calls } from "./calls";
import { addressCard, callCard, ratingCard, waysList } from "./cards";
import { Line, type Said, type Welcome } from "./line";
import { Panel } from "./panel";
import { Desk } from "./requests";
import { Store, type Waiting } from "./store";
import { fill, type Words, wordsFrom } from "./words";

const TYPING_MS = 3_000;
const TYPED_MS = 6_000;
const AGAIN_MS = 5_000;
const MOST_BYTES = 10 * 1024 * 1024;

export class ChatElement extends HTMLElement {
  static observedAttributes = ["identity", "consent"];
  private panel!: Panel;
  private line!: Line;
  private desk!: Desk;
  private store!: Store;
  private words!: Words;
  private calls!: Calls;
  private known: Welcome | null = null;
  private seen = 0;
  private unread = 0;
  private typedAt = 0;
  private typing: ReturnType<typeof setTimeout> | undefined;
  private started = false;
  private viewed = false;

  connectedCallback(): void {
    if (this.started) return;
    this.started = true;
    const channel = this.getAttribute("channel") ?? "";
    this.words = wordsFrom(this.getAttribute("words"));
    this.store = new Store(`threadline:${channel}`);
    this.desk = new Desk(this.getAttribute("server") ?? location.origin, channel);
    this.line = new Line(this.desk.socket, () => this.hello(), (said) => { this.heard(said); }, (state) => { this.changed(state); });
    this.build();
    this.agreed();
    if (this.store.get("open") || this.hasAttribute("open")) this.open(false);
    else if (this.store.get("talked")) this.line.open();
  }

  attributeChangedCallback(name: string, before: string | null, now: string | null): void {
    if (!this.started || before === now) return;
    if (name === "consent") this.agreed();
    else this.rejoin();
  }

  private build(): void {
    const root = this.attachShadow({ mode: "open", delegatesFocus: true });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(look);
    root.adoptedStyleSheets = [sheet];
    const accent = this.getAttribute("accent");
    if (accent) this.style.setProperty("--chat-accent", accent);
    this.panel = new Panel(this.words, {
      toggle: () => { this.open(); }, call: () => { this.calls.ring(); }, close: () => { this.close(); }, send: () => { this.send(); },
      typed: () => { this.typed(); }, attach: (files) => { void this.attach([...files]); },
      goOn: () => { this.askAddress(); }, callMe: () => { this.askCall(); }, save: () => { void this.copy("saveCopy"); },
      mailCopy: () => { void this.copy("mailCopy"); }, end: () => { this.line.say("end"); }, again: () => { this.again(); },
    });
    this.calls = new Calls(this, this.panel, this.words, this.line, () => { if (this.panel.section.hidden) this.open(false); });
    root.append(this.panel.launcher, this.panel.section);
    this.panel.section.addEventListener("keydown", (event) => { if (event.key === "Escape") this.close(); });
    this.panel.box.value = this.store.get("draft") ?? "";
    this.showWays(this.store.get("ways") ?? {});
    for (const waiting of this.store.queue) this.pend(waiting);
    document.addEventListener("visibilitychange", () => { this.reading(); });
  }

  // ---- what a site may do ----

  open(focus = true): void {
    const before = document.activeElement;
    this.store.set({ open: true });
    this.panel.show(true);
    if (!focus && before instanceof HTMLElement) before.focus();
    this.line.open();
    this.reading();
  }

  close(): void {
    this.store.set({ open: false });
    this.panel.show(false);
    this.panel.launcher.focus();
    if (!this.store.get("talked")) this.line.close();
  }

  /** Somebody signed in: a token that the shop's server signed. */
  identify(token: string): void {
    this.setAttribute("identity", token);
  }

  /** Somebody signed out: nothing of theirs stays in this browser. */
  forget(): void {
    this.removeAttribute("identity");
    this.store.forget();
    this.rejoin();
  }

  // ---- the line ----

  private hello(): Record<string, unknown> {
    const agreed = this.getAttribute("consent") === "yes";
    return {
      token: this.store.get("token") ?? "", identity: this.getAttribute("identity") ?? "", since: this.panel.log.newest,
      page: agreed ? `${document.title} (${location.pathname})` : "", phone: matchMedia("(pointer: coarse)").matches,
    };
  }

  private rejoin(): void {
    this.line.close();
    this.panel.log.clear();
    this.known = null;
    if (!this.panel.section.hidden || this.store.get("talked")) this.line.open();
  }

  private changed(state: "on" | "off" | "refused"): void {
    this.panel.section.dataset.line = state;
    if (state === "on") this.panel.say("");
    else this.panel.say(state === "off" ? this.words.offline : this.words.refused);
    if (state !== "on") for (const waiting of this.store.queue) this.pend(waiting);
  }

  private heard(said: Said): void {
    switch (said.is) {
      case "welcome": this.welcomed(said); break;
      case "messages": this.arrived(said.messages); break;
      case "taken": this.taken(said.once); break;
      case "refused": this.refused(said.once, said.reason, said.final); break;
      case "typing": this.theyType(said.name); break;
      case "seen": this.seen = Math.max(this.seen, said.upto); this.panel.log.mark(this.seen); break;
      case "place": this.panel.stands(said.place); break;
      case "address": this.panel.say(fill(this.words.left, { email: said.email })); break;
      case "ended": this.ended(); break;
      case "trouble": this.panel.say(said.reason); break;
      case "call": case "call_said": case "call_refused": this.calls.heard(said); break;
      default: break;
    }
  }

  private welcomed(said: Welcome): void {
    const before = this.store.get("token");
    this.known = said;
    this.seen = said.seen;
    this.store.set({ token: said.token, ways: said.ways });
    if (before && before.split(":")[0] !== said.token.split(":")[0] && this.panel.log.newest) this.panel.log.clear();
    this.panel.told(said.brand, said.name, said.wait);
    this.panel.stands(said.place);
    this.showWays(said.ways);
    this.panel.over(said.ended);
    if (said.call) this.calls.heard({ is: "call", ...said.call });
    this.arrived(said.messages);
    for (const waiting of this.store.queue) this.out(waiting);
  }

  private arrived(messages: Welcome["messages"]): void {
    for (const message of messages) this.store.drop(message.once);
    const first = this.panel.log.newest === 0;
    const ours = this.panel.log.add(messages);
    if (messages.length) this.store.set({ talked: true });
    this.calls.offer(this.panel.log.newest > 0 && !this.known?.ended);
    this.panel.log.mark(this.seen);
    if (ours.length) this.panel.typing("");
    if (ours.length && !this.looking() && !first) this.panel.unread((this.unread += ours.length));
    this.reading();
  }

  private looking(): boolean {
    return !this.panel.section.hidden && document.visibilityState === "visible";
  }

  /** What stands before their eyes is read. */
  private reading(): void {
    if (!this.looking()) return;
    this.panel.unread((this.unread = 0));
    if (this.panel.log.newestOurs) this.line.say("read", { upto: this.panel.log.newestOurs });
  }

  private theyType(name: string): void {
    this.panel.typing(name || this.words.us);
    clearTimeout(this.typing);
    this.typing = setTimeout(() => { this.panel.typing(""); }, TYPED_MS);
  }

  // ---- writing ----

  private send(): void {
    const text = this.panel.box.value.trim();
    if (!text) return;
    this.panel.box.value = "";
    this.store.set({ draft: "" });
    this.write(text);
    if (!this.store.get("asked") && !this.known?.email && !this.known?.signed_in) this.askAddress(false);
  }

  private write(text: string): void {
    const waiting = { once: crypto.randomUUID(), text, at: new Date().toISOString() };
    this.store.set({ talked: true });
    this.store.add(waiting);
    this.typedAt = 0; // what they type next is told at once
    this.out(waiting);
  }

  private out(waiting: Waiting): void {
    this.line.say("say", { text: waiting.text, once: waiting.once });
    this.pend(waiting);
  }

  private pend(waiting: Waiting): void {
    this.panel.log.pend({ ...waiting, state: this.line.greeted ? this.words.sending : this.words.kept });
  }

  private taken(once: string): void {
    const waiting = this.store.queue.find((each) => each.once === once);
    this.store.drop(once);
    if (waiting) this.panel.log.pend({ ...waiting, state: this.words.sent });
  }

  private refused(once: string, reason: string, final: boolean): void {
    const waiting = this.store.queue.find((each) => each.once === once);
    if (!waiting) {
      this.panel.say(reason);
      return;
    }
    if (final) this.store.drop(once);
    else setTimeout(() => { if (this.store.queue.includes(waiting) || this.line.greeted) this.out(waiting); }, AGAIN_MS);
    this.panel.log.pend({ ...waiting, state: fill(this.words.failed, { reason }), failed: final });
  }

  private typed(): void {
    this.store.set({ draft: this.panel.box.value });
    if (Date.now() - this.typedAt < TYPING_MS) return;
    this.typedAt = Date.now();
    this.line.say("typing");
  }

  private async attach(files: File[]): Promise<void> {
    for (const file of files) {
      const once = crypto.randomUUID();
      const at = new Date().toISOString();
      const told = (state: string, failed = false): void => { this.panel.log.pend({ once, text: file.name, at, state, failed }); };
      if (file.size > MOST_BYTES) {
        told(fill(this.words.tooLarge, { name: file.name }), true);
        continue;
      }
      told(fill(this.words.uploading, { name: file.name }));
      const reason = await this.desk.file(file, once, this.store.get("token") ?? "");
      if (reason) told(fill(this.words.failed, { reason }), true);
      else this.store.set({ talked: true });
    }
  }

  // ---- address, copy, end ----

  private askAddress(focus = true): void {
    this.store.set({ asked: true });
    const known = { email: this.known?.email ?? "", name: this.known?.name ?? "" };
    const card = addressCard(this.words, known, (email, name) => {
      this.line.say("address", { email, name });
      if (this.known) this.known.email = email;
      this.panel.box.focus();
    }, () => { this.panel.box.focus(); });
    this.panel.extra.replaceChildren(card);
    if (focus) card.querySelector("input")?.focus();
  }

  private askCall(): void {
    const card = callCard(this.words, (text) => { this.write(text); this.panel.box.focus(); }, () => { this.panel.box.focus(); });
    this.panel.extra.replaceChildren(card);
    card.querySelector("input")?.focus();
  }

  private async copy(how: "saveCopy" | "mailCopy"): Promise<void> {
    if (how === "mailCopy" && !this.known?.email) {
      this.askAddress();
      return;
    }
    const reason = await this.desk[how](this.store.get("token") ?? "");
    this.panel.say(reason || (how === "mailCopy" ? fill(this.words.copied, { email: this.known?.email ?? "" }) : ""));
  }

  private ended(): void {
    this.panel.over(true);
    this.panel.log.note(this.words.ended);
    const card = ratingCard(this.words, (stars, text) => { this.line.say("rate", { stars, text }); });
    this.panel.extra.replaceChildren(card);
    card.querySelector("input")?.focus();
  }

  private again(): void {
    this.panel.extra.replaceChildren();
    this.panel.over(false);
    this.store.forget();
    this.store.set({ open: true });
    this.rejoin();
    this.panel.box.focus();
  }

  private showWays(told: { email?: string; phone?: string }): void {
    const ways = { email: told.email ?? this.getAttribute("email") ?? "", phone: told.phone ?? this.getAttribute("phone") ?? "" };
    this.panel.ways.replaceChildren(waysList(this.words, ways));
  }

  /** A page is told of once, and only when its reader agreed. */
  private agreed(): void {
    if (this.viewed || this.getAttribute("consent") !== "yes") return;
    this.viewed = true;
    void this.desk.view(this.store.get("token") ?? "", this.getAttribute("identity") ?? "").then((token) => {
      if (token && !this.store.get("token")) this.store.set({ token });
    }, () => undefined);
  }
}
