// Calls, as far as a window has to know them before there is one: the rest is loaded with the first call.
import type { CallPart } from "./call/element";
import type { Line, Said } from "./line";
import type { Panel } from "./panel";
import type { Words } from "./words";

type OfCalls = Extract<Said, { is: "call" | "call_said" | "call_refused" }>;

export class Calls {
  private part: Promise<CallPart> | null = null;
  private hearing: Promise<void> = Promise.resolve();

  constructor(private readonly chat: HTMLElement, private readonly panel: Panel, private readonly words: Words, private readonly line: Line, private readonly rings: () => void) {}

  /** The button is there when something was said, and the site did not switch calls off (data-calls="no"). */
  offer(talked: boolean): void {
    this.panel.callable(talked && "RTCPeerConnection" in window && this.chat.getAttribute("calls") !== "no");
  }

  ring(): void {
    this.load().then((part) => part.ring()).catch(() => { this.panel.say(this.words.noCall); });
  }

  /** What the desk said, in the order in which it came. */
  heard(said: OfCalls): void {
    if (this.chat.getAttribute("calls") === "no" || (!this.part && said.is === "call" && said.state === "ended")) return;
    this.hearing = this.hearing.then(async () => {
      const part = await this.load();
      if (said.is === "call" && said.state === "ringing" && said.from_us) this.rings();
      part.heard(said);
    }).catch(() => { this.panel.say(this.words.noCall); });
  }

  private load(): Promise<CallPart> {
    this.part ??= this.program().then(() => {
      const part = document.createElement("threadline-call") as CallPart;
      part.line = this.line;
      part.words = this.chat.getAttribute("words");
      this.panel.calls.append(part);
      return part;
    }).catch((error: unknown) => {
      this.part = null;
      throw error;
    });
    return this.part;
  }

  private async program(): Promise<unknown> {
    if (!customElements.get("threadline-call")) {
      const script = document.createElement("script");
      script.src = `${this.chat.getAttribute("server") ?? location.origin}/chat/call.js`;
      await new Promise((loaded, failed) => {
        script.addEventListener("load", loaded);
        script.addEventListener("error", failed);
        document.head.append(script);
      });
    }
    return customElements.whenDefined("threadline-call");
  }
}
