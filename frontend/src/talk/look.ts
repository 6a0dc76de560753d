// What the window of a call shows. It knows how things look, not what they do.
import { both, type Standing, type Topic } from "../rtc/state";

const BUTTONS = ["ring", "accept", "mute", "camera", "record", "hang-up"] as const;
type Button = (typeof BUTTONS)[number];

export function words(name: string): string {
  return document.getElementById("talk-words")?.dataset[name] ?? "";
}

export class Look {
  asked: Topic | null = null;

  constructor(private readonly main: HTMLElement) {}

  private part(name: string): HTMLElement | null {
    return this.main.querySelector<HTMLElement>(`[data-${name}]`);
  }

  on(name: string, does: () => void): void {
    this.part(name)?.addEventListener("click", does);
  }

  /** Which buttons there are now; what had the focus and is gone gives it to the first. */
  private offer(...there: Button[]): void {
    const focused = document.activeElement;
    for (const name of BUTTONS) {
      const button = this.part(name);
      if (button) button.hidden = !there.includes(name);
    }
    if (focused instanceof HTMLElement && focused.hidden) this.part(there[0] ?? "ring")?.focus();
  }

  stands(text: string): void {
    const part = this.part("stands");
    if (part && part.textContent !== text) part.textContent = text;
  }

  show(standing: Standing, mine: boolean): void {
    this.main.dataset.state = standing.state;
    if (standing.state === "ringing") {
      this.error("");
      this.stands(words(standing.from_us ? "rings" : "asked"));
      this.end(words(standing.from_us ? "cancel" : "decline"));
      if (standing.from_us) this.offer("hang-up");
      else this.offer("accept", "hang-up");
      return;
    }
    this.end(words("hangUp"));
    this.offer(...(mine ? ["mute", "camera", "record"] as const : []), "hang-up");
    this.pressed("camera", standing.video.ours);
    this.pressed("record", standing.record.ours);
    this.ask(standing);
  }

  private ask(standing: Standing): void {
    const topic = (["record", "video"] as const).find((each) => standing[each].theirs && !standing[each].ours);
    const waits = (["record", "video"] as const).find((each) => standing[each].ours && !standing[each].theirs);
    const asks = this.part("asks");
    this.asked = topic ?? null;
    if (asks) {
      const appears = asks.hidden && topic !== undefined;
      asks.hidden = topic === undefined;
      const what = this.part("what");
      if (what && topic) what.textContent = words(`${topic}Asks`);
      if (appears) this.part("agrees")?.focus();
    }
    if (waits) this.stands(words(`${waits}Waits`));
    else if (this.main.dataset.connected === "true") this.stands(words("talks"));
    else if (!both(standing.video)) this.stands(words("joins"));
  }

  press(name: Button): boolean {
    const on = this.part(name)?.ariaPressed !== "true";
    this.pressed(name, on);
    return on;
  }

  private pressed(name: Button, on: boolean): void {
    const button = this.part(name);
    if (button) button.ariaPressed = String(on);
  }

  label(name: Button, text: string): void {
    const button = this.part(name);
    if (button) button.textContent = text;
  }

  private end(text: string): void {
    const label = this.part("hang-up-words");
    if (label) label.textContent = text;
  }

  error(text: string): void {
    const part = this.part("error");
    if (!part) return;
    part.textContent = text;
    part.hidden = !text;
  }

  connected(on: boolean): void {
    this.main.dataset.connected = String(on);
  }

  clock(text: string): void {
    const part = this.part("clock");
    if (!part) return;
    part.hidden = false;
    part.textContent = text;
  }

  recording(on: boolean): void {
    const part = this.part("recording");
    if (part) part.hidden = !on;
  }

  hear(voice: MediaStream, picture: MediaStream): void {
    const audio = document.querySelector<HTMLAudioElement>("audio[data-voice]");
    if (audio && audio.srcObject !== voice) audio.srcObject = voice;
    const video = this.main.querySelector<HTMLVideoElement>("video[data-theirs]");
    if (video && video.srcObject !== picture) video.srcObject = picture;
  }

  see(on: boolean, lens: MediaStreamTrack | null): void {
    const theirs = this.main.querySelector<HTMLVideoElement>("video[data-theirs]");
    const ours = this.main.querySelector<HTMLVideoElement>("video[data-ours]");
    this.main.dataset.seeing = String(on);
    if (theirs) theirs.hidden = !on;
    if (!ours) return;
    ours.hidden = !on || !lens;
    ours.srcObject = lens ? new MediaStream([lens]) : null;
  }

  over(standing: Standing, talked: boolean): void {
    this.main.dataset.state = "ended";
    this.see(false, null);
    this.connected(false);
    const asks = this.part("asks");
    if (asks) asks.hidden = true;
    const reasons: Record<string, string> = { "no answer": "missed", declined: "declined", cancelled: standing.from_us ? "missed" : "cancelled", left: "left", lost: "gone" };
    this.stands(words(talked && standing.why === "hung up" ? "ended" : reasons[standing.why] ?? "ended"));
    this.offer("ring");
  }
}
