// How the window of a call talks with the server: posts what it does, and asks anew whenever it hears of its chat.
import type { Told } from "../rtc/peer";
import type { Standing } from "../rtc/state";
import type { Look } from "./look";

interface Passing { chat: number; what: string; agent: number; upto: number }
type Now = { state: "none" } | (Standing & { said: [number, Told][] });

export class Wire {
  private readonly chat: number;
  private since = 0;
  private heard = false;
  private waiting: Told[] = [];
  private asking: Promise<void> = Promise.resolve();

  constructor(private readonly main: HTMLElement, private readonly look: Look, private readonly stands: (standing: Standing) => void, private readonly told: (told: Told) => void) {
    this.chat = Number(main.dataset.talk);
    document.body.addEventListener("threadline:chat", (event) => {
      const { chat, what } = (event as CustomEvent<Passing>).detail;
      if (chat === this.chat && (what === "call" || what === "call_to_us")) void this.ask();
    });
  }

  /** From now on there is somebody to hear what the other browser said. */
  open(): void {
    this.heard = true;
    for (const each of this.waiting.splice(0)) this.told(each);
  }

  /** One question after the other, so that what was said is heard in order and once. */
  ask(): Promise<void> {
    this.asking = this.asking.then(() => this.now()).catch(() => undefined);
    return this.asking;
  }

  private async now(): Promise<void> {
    const answer = await fetch(`${this.main.dataset.now ?? ""}?since=${this.since}`);
    if (!answer.ok) return;
    const now = (await answer.json()) as Now;
    if (now.state === "none") return;
    this.stands(now);
    for (const [number, data] of now.said) {
      this.since = Math.max(this.since, number);
      if (this.heard) this.told(data);
      else this.waiting.push(data);
    }
  }

  /** Null when it was refused, which is then said; a call that this began. */
  async do(said: Record<string, unknown>): Promise<Standing | null> {
    const answer = await fetch(this.main.dataset.do ?? "", { method: "POST", headers: this.headers("application/json"), body: JSON.stringify(said) });
    if (answer.status === 204) return null;
    const told = (await answer.json().catch(() => ({ reason: "" }))) as Standing & { reason?: string };
    if (answer.ok) return told;
    if (said.does !== "here" && said.does !== "say") this.look.error(told.reason ?? "");
    return null;
  }

  /** A piece of the recording; tried again a few times. False when it is refused. */
  async piece(part: number, number: number, data: Blob): Promise<boolean> {
    const address = `${this.main.dataset.pieces ?? ""}?part=${part}&number=${number}`;
    for (let tries = 0; tries < 4; tries++) {
      const answer = await fetch(address, { method: "POST", headers: this.headers("application/octet-stream"), body: data }).catch(() => null);
      if (answer?.ok) return true;
      if (answer?.status === 422) return false;
      await new Promise((done) => { setTimeout(done, 500 * 2 ** tries); });
    }
    return false;
  }

  /** The page goes away. */
  last(call: number): void {
    void fetch(this.main.dataset.do ?? "", { method: "POST", keepalive: true, headers: this.headers("application/json"), body: JSON.stringify({ does: "hang_up", call }) });
  }

  private headers(kind: string): Record<string, string> {
    return { ...(JSON.parse(document.body.getAttribute("hx-headers") ?? "{}") as Record<string, string>), "Content-Type": kind };
  }
}
