// A call, seen from the desk: what the buttons do, what the server tells, and the connection between the two browsers.
import { camera, microphone, Peer, stop } from "../rtc/peer";
import { both, clock, type Standing, type Topic } from "../rtc/state";
import { ring } from "../rtc/tone";
import { Look, words } from "./look";
import { Recorder } from "./recorder";
import { Wire } from "./wire";

const HERE_MS = 10_000;
const RINGS_MS = 46_000;

export class Talk {
  private readonly look: Look;
  private readonly wire: Wire;
  private standing: Standing | null = null;
  private own: MediaStream | null = null;
  private peer: Peer | null = null;
  private lens: MediaStreamTrack | null = null;
  private recorder: Recorder | null = null;
  private silence: (() => void) | null = null;
  private beating: ReturnType<typeof setInterval> | undefined;
  private giving: ReturnType<typeof setTimeout> | undefined;
  private mine = false; // this window rings or talks; another one of mine may do so instead
  private parts = 0;

  constructor(private readonly main: HTMLElement) {
    this.look = new Look(main);
    this.wire = new Wire(main, this.look, (standing) => { this.stands(standing); }, (told) => { this.peer?.hear(told); });
  }

  begin(): void {
    const { look } = this;
    look.on("ring", () => { void this.ring(); });
    look.on("accept", () => { void this.accept(); });
    look.on("hang-up", () => { void this.hangUp(); });
    look.on("mute", () => { this.mute(); });
    look.on("camera", () => { this.ask("video"); });
    look.on("record", () => { this.ask("record"); });
    look.on("agrees", () => { this.answer(true); });
    look.on("refuses", () => { this.answer(false); });
    addEventListener("pagehide", () => { if (this.mine && this.standing?.state !== "ended") this.wire.last(this.standing?.call ?? 0); });
    const then = this.main.dataset.then;
    history.replaceState(null, "", location.pathname);
    setInterval(() => { this.tick(); }, 1000);
    void this.wire.ask().then(() => {
      if (then === "answer" && this.standing?.state === "ringing") void this.accept();
      else if (then === "ring" && !this.going) void this.ring();
    });
  }

  private get going(): boolean {
    return this.standing !== null && this.standing.state !== "ended";
  }

  // ---- what the buttons do ----

  private async ring(): Promise<void> {
    if (!await this.listen()) return;
    this.mine = true;
    const standing = await this.wire.do({ does: "ring" });
    if (!standing) {
      this.over();
      return;
    }
    this.giving = setTimeout(() => { if (this.standing?.state === "ringing") void this.hangUp(); }, RINGS_MS);
    this.stands(standing);
  }

  private async accept(): Promise<void> {
    if (!await this.listen()) return;
    this.mine = true;
    await this.act({ does: "accept" });
  }

  private async hangUp(): Promise<void> {
    await this.act({ does: "hang_up" });
    await this.wire.ask();
  }

  private mute(): void {
    const on = this.look.press("mute");
    this.peer?.mute(on);
    this.look.label("mute", words(on ? "unmute" : "mute"));
  }

  /** Ask for cameras or a recording; pressed once more, end it for both. */
  private ask(topic: Topic): void {
    void this.act({ does: "agree", topic, yes: !this.standing?.[topic].ours });
  }

  private answer(yes: boolean): void {
    const topic = this.look.asked;
    if (topic) void this.act({ does: "agree", topic, yes });
  }

  private async act(said: Record<string, unknown>): Promise<void> {
    await this.wire.do({ call: this.standing?.call ?? 0, ...said });
  }

  private async listen(): Promise<boolean> {
    if (this.own) return true;
    try {
      this.own = await microphone();
      return true;
    } catch {
      this.look.error(words("denied"));
      return false;
    }
  }

  // ---- what the server tells ----

  private stands(standing: Standing): void {
    const before = this.standing?.call === standing.call ? this.standing : null;
    this.standing = standing;
    if (standing.state === "ended") {
      if (before && before.state !== "ended") void this.ended(standing);
      return;
    }
    if (standing.state === "talking" && this.mine) this.talks(standing);
    this.tone(standing.state === "ringing");
    this.look.show(standing, this.mine);
    this.beating ??= setInterval(() => { if (this.mine) void this.act({ does: "here" }); }, HERE_MS);
    if (this.mine) void this.media(standing);
  }

  private talks(standing: Standing): void {
    if (this.peer || !this.own) return;
    clearTimeout(this.giving);
    this.peer = new Peer(standing.servers, this.own, standing.from_us, {
      say: (data) => { void this.act({ does: "say", data }); },
      changed: (state) => { this.look.stands(words(state)); this.look.connected(state === "talks"); },
      heard: (voice, picture) => { this.look.hear(voice, picture); },
    });
    this.wire.open();
  }

  private async media(standing: Standing): Promise<void> {
    await this.see(both(standing.video));
    const records = both(standing.record);
    if (records && !this.recorder && this.peer && this.own) {
      this.recorder = new Recorder(this.wire, standing.call, ++this.parts, this.own, this.peer, this.lens, () => {
        this.look.error(words("recordFull"));
        void this.act({ does: "agree", topic: "record", yes: false });
      });
    } else if (!records && this.recorder) {
      const done = this.recorder.stop();
      this.recorder = null;
      await done;
    }
    this.look.recording(this.recorder !== null);
  }

  private async see(on: boolean): Promise<void> {
    if (on === (this.lens !== null)) return;
    if (on) {
      this.lens = await camera().catch(() => null);
      if (!this.lens) this.look.error(words("noCamera"));
    } else {
      this.lens?.stop();
      this.lens = null;
    }
    this.peer?.show(this.lens);
    this.look.see(on, this.lens);
  }

  private async ended(standing: Standing): Promise<void> {
    this.tone(false);
    this.look.over(standing, this.mine && this.peer !== null);
    const recorder = this.recorder;
    const recorded = this.parts > 0;
    this.recorder = null;
    await recorder?.stop();
    if (recorded) await this.wire.do({ call: standing.call, does: "recorded" });
    this.over();
  }

  private over(): void {
    clearInterval(this.beating);
    clearTimeout(this.giving);
    this.beating = undefined;
    this.peer?.close();
    this.lens?.stop();
    stop(this.own);
    this.peer = this.own = this.lens = null;
    this.mine = false;
    this.parts = 0;
    this.look.recording(false);
  }

  private tone(on: boolean): void {
    if (on) this.silence ??= ring();
    else {
      this.silence?.();
      this.silence = null;
    }
  }

  private tick(): void {
    if (this.standing?.state === "talking") this.look.clock(clock(++this.standing.seconds));
    this.recorder?.tick();
  }
}
