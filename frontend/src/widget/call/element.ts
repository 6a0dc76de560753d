// <threadline-call>: a call, seen from the chat window.
import { camera, microphone, Peer, stop, type Told } from "../../rtc/peer";
import { both, clock, type Standing, type Topic } from "../../rtc/state";
import { ring } from "../../rtc/tone";
import type { Line, Said } from "../line";
import { Card } from "./card";
import { callWords, type CallWords } from "./words";

const HERE_MS = 10_000;
const RINGS_MS = 46_000;
const GONE_MS = 8_000;

export interface CallPart extends HTMLElement {
  line: Line;
  words: string | null;
  ring: () => Promise<void>;
  heard: (said: Extract<Said, { is: "call" | "call_said" | "call_refused" }>) => void;
}

export class CallElement extends HTMLElement implements CallPart {
  line!: Line;
  words: string | null = null;
  private says!: CallWords;
  private card!: Card;
  private standing: Standing | null = null;
  private own: MediaStream | null = null;
  private peer: Peer | null = null;
  private lens: MediaStreamTrack | null = null;
  private silence: (() => void) | null = null;
  private mine = false; // this window rings or talks, not another one of the same visitor
  private early: Told[] = [];
  private giving: ReturnType<typeof setTimeout> | undefined;
  private leaving: ReturnType<typeof setTimeout> | undefined;

  connectedCallback(): void {
    this.says = callWords(this.words);
    this.card = new Card(this.says, {
      accept: () => { void this.accept(); }, hangUp: () => { this.act({ does: "hang_up" }); },
      mute: () => { this.peer?.mute(this.card.mute()); },
      camera: () => { this.agree("video", !this.standing?.video.theirs); },
      agree: (topic, yes) => { this.agree(topic, yes); },
    });
    this.append(this.card.element);
    setInterval(() => { if (this.standing?.state === "talking") this.card.tick(clock(++this.standing.seconds)); }, 1000);
    setInterval(() => { if (this.mine && this.going) this.act({ does: "here" }); }, HERE_MS);
    addEventListener("pagehide", () => { if (this.mine && this.going) this.act({ does: "hang_up" }); });
  }

  private get going(): boolean {
    return this.standing !== null && this.standing.state !== "ended";
  }

  async ring(): Promise<void> {
    if (this.going || !await this.listen()) return;
    this.mine = true;
    this.line.say("ring");
    this.giving = setTimeout(() => { if (this.standing?.state === "ringing") this.act({ does: "hang_up" }); }, RINGS_MS);
  }

  heard(said: Extract<Said, { is: "call" | "call_said" | "call_refused" }>): void {
    if (said.is === "call") this.stands(said);
    else if (said.is === "call_refused") this.refused(said.reason);
    else if (this.peer) this.peer.hear(said.data);
    else if (this.mine) this.early.push(said.data);
  }

  private async accept(): Promise<void> {
    if (!await this.listen()) return;
    this.mine = true;
    this.act({ does: "accept" });
  }

  private agree(topic: Topic, yes: boolean): void {
    this.act({ does: "agree", topic, yes });
  }

  private act(said: Record<string, unknown>): void {
    this.line.say("call", { call: this.standing?.call ?? 0, ...said });
  }

  private async listen(): Promise<boolean> {
    try {
      this.own ??= await microphone();
      return true;
    } catch {
      this.card.element.hidden = false;
      this.card.over(this.says.callDenied);
      if (this.going) this.act({ does: "hang_up" });
      return false;
    }
  }

  private refused(reason: string): void {
    if (!reason || this.going) return;
    this.card.element.hidden = false;
    this.card.over(reason);
    this.over();
  }

  private stands(standing: Standing): void {
    const before = this.standing?.call === standing.call ? this.standing : null;
    this.standing = standing;
    if (standing.state === "ended") {
      if (before && before.state !== "ended") this.ended(standing);
      return;
    }
    clearTimeout(this.leaving);
    if (standing.state === "ringing" && standing.from_us) this.silence ??= ring();
    else this.quiet();
    if (standing.state === "talking" && this.mine) this.talks(standing);
    this.card.show(standing, this.mine);
    if (this.mine) void this.see(both(standing.video));
  }

  private talks(standing: Standing): void {
    if (this.peer || !this.own) return;
    clearTimeout(this.giving);
    this.card.say(this.says.callJoins);
    const states = { joins: this.says.callJoins, talks: this.says.callTalks, lost: this.says.callLost };
    this.peer = new Peer(standing.servers, this.own, !standing.from_us, {
      say: (data) => { this.act({ does: "say", data }); },
      changed: (state) => { this.card.say(states[state]); },
      heard: (voice, picture) => { this.card.hear(voice, picture); },
    });
    for (const each of this.early.splice(0)) this.peer.hear(each);
  }

  private async see(on: boolean): Promise<void> {
    if (on === (this.lens !== null)) return;
    if (on) {
      this.lens = await camera().catch(() => null);
      this.card.say(this.lens ? this.says.callTalks : this.says.callNoCamera);
    } else {
      this.lens?.stop();
      this.lens = null;
    }
    this.peer?.show(this.lens);
    this.card.see(on, this.lens);
  }

  private ended(standing: Standing): void {
    const { says } = this;
    const why = {
      "no answer": standing.from_us ? says.callCancelled : says.callMissed, declined: standing.from_us ? says.callOver : says.callDeclined,
      cancelled: standing.from_us ? says.callCancelled : says.callOver, lost: says.callGone,
    }[standing.why];
    this.card.over(why ?? says.callOver);
    this.over();
  }

  private over(): void {
    this.quiet();
    clearTimeout(this.giving);
    this.peer?.close();
    this.lens?.stop();
    stop(this.own);
    this.peer = this.own = this.lens = null;
    this.mine = false;
    this.early = [];
    this.leaving = setTimeout(() => { this.card.element.hidden = true; }, GONE_MS);
  }

  private quiet(): void {
    this.silence?.();
    this.silence = null;
  }
}
