// What a call looks like in the chat window. It knows how things look, not what they do.
import { both, type Standing, type Topic } from "../../rtc/state";
import { make } from "../dom";
import { fill } from "../words";
import type { CallWords } from "./words";

export interface Does {
  accept: () => void;
  hangUp: () => void;
  mute: () => void;
  camera: () => void;
  agree: (topic: Topic, yes: boolean) => void;
}

export class Card {
  readonly element: HTMLElement;
  private readonly stands = make("p", { class: "call-stands", role: "status" });
  private readonly clock = make("span", { class: "call-clock" });
  private readonly sign: HTMLElement;
  private readonly asks: HTMLElement;
  private readonly what = make("p", { id: "call-what" });
  private readonly theirs: HTMLVideoElement;
  private readonly own: HTMLVideoElement;
  private readonly voice = make("audio", { autoplay: true });
  private readonly buttons: Record<"accept" | "mute" | "camera" | "stop" | "hangUp", HTMLButtonElement>;
  private topic: Topic | null = null;
  private name = "";

  constructor(private readonly words: CallWords, does: Does) {
    const button = (text: string, click: () => void, kind = ""): HTMLButtonElement => make("button", { class: `button ${kind}`, type: "button", click }, text);
    this.buttons = {
      accept: button(words.callAnswer, does.accept, "main"), mute: button(words.callMute, does.mute),
      camera: button(words.callCamera, does.camera), stop: button(words.callStopRecording, () => { does.agree("record", false); }),
      hangUp: button(words.callHangUp, does.hangUp, "ends"),
    };
    const picture = (kind: string): HTMLVideoElement => make("video", { class: kind, autoplay: true, playsinline: true, hidden: true });
    [this.theirs, this.own] = [picture("theirs"), picture("own")];
    this.own.muted = true;
    this.sign = make("p", { class: "call-sign", hidden: true }, make("span", { class: "call-dot", "aria-hidden": "true" }), make("b", {}, words.callRecording));
    const answers = (yes: boolean) => (): void => { if (this.topic) does.agree(this.topic, yes); };
    this.asks = make("div", { class: "call-asks", role: "alertdialog", "aria-labelledby": "call-what", hidden: true }, this.what,
      make("div", { class: "buttons" }, button(words.callAgree, answers(true), "main"), button(words.callRefuse, answers(false))));
    this.element = make("section", { class: "card call", "aria-label": words.callTalks, hidden: true },
      make("div", { class: "call-head" }, this.stands, this.clock), this.sign,
      make("div", { class: "call-pictures" }, this.theirs, this.own), this.asks,
      make("div", { class: "buttons" }, ...Object.values(this.buttons)), this.voice);
  }

  say(text: string): void {
    const full = fill(text, { name: this.name });
    if (this.stands.textContent !== full) this.stands.textContent = full;
  }

  show(standing: Standing, mine: boolean): void {
    const { words } = this;
    const appears = this.element.hidden;
    this.name = standing.by;
    this.element.hidden = false;
    this.element.setAttribute("aria-label", fill(words.callTalks, { name: this.name }));
    this.theirs.ariaLabel = fill(words.callTheirs, { name: this.name });
    this.own.ariaLabel = words.callOwn;
    const ringing = standing.state === "ringing";
    this.element.setAttribute("role", ringing && standing.from_us ? "alertdialog" : "region");
    if (ringing) this.say(standing.from_us ? words.callRings : words.callWaits);
    else if (!mine) this.say(words.callElsewhere);
    this.buttons.hangUp.textContent = ringing ? (standing.from_us ? words.callDecline : words.callCancel) : words.callHangUp;
    this.offer(ringing && standing.from_us ? ["accept"] : !ringing && mine ? ["mute", "camera"] : [], both(standing.record) && mine);
    this.buttons.camera.ariaPressed = String(standing.video.theirs);
    this.sign.hidden = !both(standing.record);
    if (!ringing && mine) this.ask(standing);
    if (appears && ringing && standing.from_us && !typing()) this.buttons.accept.focus();
  }

  private offer(there: ("accept" | "mute" | "camera")[], recording: boolean): void {
    const root = this.element.getRootNode() as ShadowRoot;
    const focused = root.activeElement;
    for (const name of ["accept", "mute", "camera"] as const) this.buttons[name].hidden = !there.includes(name);
    this.buttons.stop.hidden = !recording;
    if (focused instanceof HTMLElement && focused.hidden && this.element.contains(focused)) this.buttons[there[0] ?? "hangUp"].focus();
  }

  private ask(standing: Standing): void {
    const topic = (["record", "video"] as const).find((each) => standing[each].ours && !standing[each].theirs) ?? null;
    const appears = topic !== null && topic !== this.topic;
    this.topic = topic;
    this.asks.hidden = topic === null;
    if (topic) this.what.textContent = fill(topic === "record" ? this.words.callRecordAsks : this.words.callVideoAsks, { name: this.name });
    if (appears && !typing()) this.asks.querySelector("button")?.focus();
    if (standing.video.theirs && !standing.video.ours) this.say(this.words.callVideoWaits);
  }

  mute(): boolean {
    const on = this.buttons.mute.ariaPressed !== "true";
    this.buttons.mute.ariaPressed = String(on);
    this.buttons.mute.textContent = on ? this.words.callUnmute : this.words.callMute;
    return on;
  }

  tick(text: string): void {
    this.clock.textContent = text;
  }

  hear(voice: MediaStream, picture: MediaStream): void {
    if (this.voice.srcObject !== voice) this.voice.srcObject = voice;
    if (this.theirs.srcObject !== picture) this.theirs.srcObject = picture;
  }

  see(on: boolean, lens: MediaStreamTrack | null): void {
    this.theirs.hidden = !on;
    this.own.hidden = !lens;
    this.own.srcObject = lens ? new MediaStream([lens]) : null;
  }

  over(text: string): void {
    const inside = this.element.contains((this.element.getRootNode() as ShadowRoot).activeElement);
    this.say(text);
    this.see(false, null);
    this.asks.hidden = this.sign.hidden = true;
    this.topic = null;
    for (const each of Object.values(this.buttons)) each.hidden = true;
    this.buttons.mute.ariaPressed = "false";
    this.buttons.mute.textContent = this.words.callMute;
    this.tick("");
    if (inside) (this.element.getRootNode() as ShadowRoot).querySelector<HTMLElement>("textarea")?.focus();
  }
}

/** Whoever writes is not interrupted: the call is said aloud, and the focus stays. */
function typing(): boolean {
  let focused: Element | null = document.activeElement;
  while (focused?.shadowRoot?.activeElement) focused = focused.shadowRoot.activeElement;
  return focused instanceof HTMLTextAreaElement && focused.value !== "" || focused instanceof HTMLInputElement;
}
