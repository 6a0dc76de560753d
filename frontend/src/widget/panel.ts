// The window itself: head, log, composer, foot. It knows how things look, not what they do.
import { drawing } from "./drawings";
import { make } from "./dom";
import { Log } from "./log";
import type { Place } from "./line";
import { fill, spell, type Words } from "./words";

export interface Doings {
  toggle: () => void;
  call: () => void;
  close: () => void;
  send: () => void;
  typed: () => void;
  attach: (files: FileList | File[]) => void;
  goOn: () => void;
  callMe: () => void;
  save: () => void;
  mailCopy: () => void;
  end: () => void;
  again: () => void;
}

export class Panel {
  readonly launcher: HTMLButtonElement;
  readonly section: HTMLElement;
  readonly log: Log;
  readonly box: HTMLTextAreaElement;
  readonly status: HTMLElement;
  readonly extra: HTMLElement;
  readonly calls: HTMLElement;
  private readonly phone: HTMLElement;
  readonly ways: HTMLElement;
  private readonly title: HTMLElement;
  private readonly waits: HTMLElement;
  private readonly place: HTMLElement;
  private readonly label: HTMLElement;
  private readonly composer: HTMLFormElement;
  private readonly foot: HTMLElement;
  private readonly afterwards: HTMLElement;

  constructor(private readonly words: Words, doings: Doings) {
    this.label = make("span", {}, words.launch);
    this.launcher = make("button", { class: "launcher", part: "launcher", "aria-expanded": "false", click: doings.toggle }, drawing("chat"), this.label);
    this.log = new Log(words);
    this.title = make("h2", {}, words.title);
    this.waits = make("p", { class: "meta" }, words.waitUnknown);
    this.place = make("p", { class: "meta place", hidden: true });
    this.status = make("p", { class: "status", role: "status" });
    this.extra = make("div", { class: "extra" });
    this.calls = make("div");
    this.phone = make("button", { class: "button quiet", hidden: true, "aria-label": words.call, title: words.call, click: doings.call }, drawing("phone"));
    this.ways = make("div");
    this.box = make("textarea", { rows: "1", maxlength: "4000", "aria-label": words.message, placeholder: words.placeholder, input: doings.typed, part: "input" });
    this.composer = this.composing(doings);
    this.foot = this.footing(doings);
    const button = (text: string, click: () => void): HTMLElement => make("button", { class: "button", type: "button", click }, text);
    this.afterwards = make("div", { class: "buttons", hidden: true },
      button(words.again, doings.again), button(words.save, doings.save), button(words.mailCopy, doings.mailCopy));
    const close = make("button", { class: "button quiet", "aria-label": words.close, click: doings.close }, drawing("close"));
    this.section = make("section", { class: "panel", part: "panel", role: "dialog", hidden: true, "aria-label": fill(words.region, { brand: "" }) },
      make("header", { class: "head", part: "header" }, make("div", {}, this.title, this.phone, close), this.waits, this.place),
      this.log.element, this.calls, this.status, this.extra, this.composer, this.afterwards, this.foot);
    this.box.addEventListener("keydown", (event) => { keys(event, doings); });
    this.box.addEventListener("paste", (event) => { pasted(event, doings); });
  }

  private composing(doings: Doings): HTMLFormElement {
    const words = this.words;
    const picker = make("input", { type: "file", hidden: true, multiple: true, accept: "image/png,image/jpeg,image/gif,image/webp,application/pdf,text/plain" });
    picker.addEventListener("change", () => { if (picker.files) doings.attach(picker.files); picker.value = ""; });
    const form = make("form", { class: "composer", part: "composer" },
      make("button", { class: "button quiet", type: "button", "aria-label": words.attach, title: words.attach, click: () => { picker.click(); } }, drawing("attach")),
      picker, this.box,
      make("button", { class: "button main", part: "send", "aria-label": words.send }, drawing("send")));
    form.addEventListener("submit", (event) => { event.preventDefault(); doings.send(); });
    return form;
  }

  private footing(doings: Doings): HTMLElement {
    const words = this.words;
    const button = (text: string, click: () => void): HTMLElement => make("li", {}, make("button", { type: "button", click }, text));
    const list = make("ul", { class: "ways" },
      button(words.callMe, doings.callMe), button(words.goOn, doings.goOn), button(words.save, doings.save), button(words.mailCopy, doings.mailCopy), button(words.end, doings.end));
    const details = make("details", {}, make("summary", {}, words.more), list, this.ways);
    return make("div", { class: "foot", part: "foot" }, details);
  }

  show(open: boolean): void {
    this.section.hidden = !open;
    this.launcher.hidden = open;
    this.launcher.setAttribute("aria-expanded", String(open));
    if (open) {
      this.log.toEnd();
      (this.composer.hidden ? this.log.element : this.box).focus();
    }
  }

  callable(yes: boolean): void {
    this.phone.hidden = !yes;
  }

  unread(count: number): void {
    this.label.textContent = count ? fill(this.words.unread, { n: count }) : this.words.launch;
    this.launcher.classList.toggle("news", count > 0);
  }

  told(brand: string, name: string, wait: { seconds: number; answers: number } | null): void {
    const words = this.words;
    this.section.setAttribute("aria-label", fill(words.region, { brand }));
    this.title.textContent = name ? fill(words.titleKnown, { name: name.split(" ")[0] ?? "" }) : words.title;
    this.waits.textContent = wait ? fill(words.wait, { time: spell(wait.seconds), n: wait.answers }) : words.waitUnknown;
  }

  /** Where they stand in the queue; null when they do not wait for us: then how long it took lately. */
  stands(place: Place | null): void {
    this.place.hidden = !place;
    this.waits.hidden = place !== null;
    if (!place) return;
    const words = this.words;
    const wait = place.seconds === null ? "" : fill(words.placeWait, { n: place.answers, time: spell(place.seconds), most: spell(place.most ?? place.seconds) });
    const where = place.place === 1 ? words.placeAlone : fill(words.place, { place: place.place, waiting: place.waiting });
    this.place.replaceChildren(make("b", {}, place.by ? fill(words.placeBy, { name: place.by }) : where), wait ? ` ${wait}` : "");
  }

  typing(name: string): void {
    this.say(name ? fill(this.words.typing, { name }) : "", name ? dots() : undefined);
  }

  say(text: string, beside?: HTMLElement): void {
    this.status.replaceChildren(text, ...(beside ? [beside] : []));
  }

  over(ended: boolean): void {
    this.composer.hidden = this.foot.hidden = ended;
    this.afterwards.hidden = !ended;
  }
}

function dots(): HTMLElement {
  return make("span", { class: "dots", "aria-hidden": "true" }, make("i"), make("i"), make("i"));
}

/** Enter sends, Shift and Enter begins a new line; while a word is being composed, Enter belongs to that. */
function keys(event: KeyboardEvent, doings: Doings): void {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    doings.send();
  }
}

function pasted(event: ClipboardEvent, doings: Doings): void {
  const files = event.clipboardData?.files;
  if (files?.length) {
    event.preventDefault();
    doings.attach(files);
  }
}

