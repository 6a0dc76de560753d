// The line to the desk: a WebSocket that comes back by itself, and asks each time for what it missed.
// A network that went away says nothing: the socket stays open for minutes. So when all is quiet we ask, and whoever
// does not answer is not there.

import type { Told } from "../rtc/peer";
import type { Standing } from "../rtc/state";

export interface Message {
  number: number;
  at: string;
  ours: boolean;
  text: string;
  kind: string;
  once: string;
  by: string;
  files: [string, number][];
}

/** Where they stand in the queue; `by` who of ours has it; `seconds` and `most` are how long it took lately. */
export interface Place {
  place: number;
  waiting: number;
  by: string;
  seconds: number | null;
  most: number | null;
  answers: number;
}

export interface Welcome {
  is: "welcome";
  token: string;
  messages: Message[];
  brand: string;
  wait: { seconds: number; answers: number } | null;
  place: Place | null;
  ways: { email?: string; phone?: string };
  name: string;
  email: string;
  signed_in: boolean;
  seen: number;
  ended: boolean;
  stars: number | null;
  call: Standing | null;
}

export type Said =
  | Welcome
  | { is: "messages"; messages: Message[] }
  | { is: "taken"; once: string; number: number }
  | { is: "refused"; once: string; reason: string; final: boolean }
  | { is: "typing"; name: string }
  | { is: "seen"; upto: number }
  | { is: "place"; place: Place | null }
  | { is: "address"; email: string; name: string }
  | { is: "ended" | "rated" | "closing" | "beat" }
  | { is: "trouble"; reason: string }
  | { is: "call" } & Standing
  | { is: "call_said"; call: number; data: Told }
  | { is: "call_refused"; reason: string };

const FIRST_MS = 500;
const LONGEST_MS = 30_000;
const QUIET_MS = 15_000;
const ANSWER_MS = 10_000;
const GONE = 4000;
const NEVER = new Set([4403, 4404]);

export class Line {
  private socket: WebSocket | null = null;
  private pause = FIRST_MS;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private wanted = false;
  private asking: ReturnType<typeof setTimeout> | undefined;
  greeted = false;

  constructor(
    private readonly address: string,
    private readonly hello: () => Record<string, unknown>,
    private readonly heard: (said: Said) => void,
    private readonly changed: (state: "on" | "off" | "refused") => void,
  ) {
    addEventListener("online", () => { if (this.wanted && !this.socket) this.connect(); });
    addEventListener("offline", () => { if (this.socket) this.giveUp(this.socket); });
  }

  open(): void {
    this.wanted = true;
    if (!this.socket) this.connect();
  }

  close(): void {
    this.wanted = false;
    clearTimeout(this.retry);
    clearTimeout(this.asking);
    this.socket?.close();
    this.socket = null;
    this.greeted = false;
  }

  /** False when there is nobody to hear it now. */
  say(does: string, more: Record<string, unknown> = {}): boolean {
    if (!this.greeted || this.socket?.readyState !== WebSocket.OPEN) return false;
    this.socket.send(JSON.stringify({ do: does, ...more }));
    return true;
  }

  private connect(): void {
    clearTimeout(this.retry);
    const socket = new WebSocket(this.address);
    this.socket = socket;
    this.listen(socket);
    socket.addEventListener("open", () => { socket.send(JSON.stringify({ do: "hello", ...this.hello() })); });
    socket.addEventListener("message", (event: MessageEvent<string>) => {
      if (this.socket !== socket) return;
      this.listen(socket);
      this.hear(event.data);
    });
    socket.addEventListener("close", (event) => { if (this.socket === socket) this.lost(event.code); });
  }

  /** Something was heard, or begins: ask when it is quiet, and give up when nothing comes of it. */
  private listen(socket: WebSocket): void {
    clearTimeout(this.asking);
    this.asking = setTimeout(() => {
      this.say("beat");
      this.asking = setTimeout(() => { this.giveUp(socket); }, ANSWER_MS);
    }, QUIET_MS);
  }

  /** Its goodbye would be waited for: there is nobody to say it. */
  private giveUp(socket: WebSocket): void {
    if (this.socket !== socket) return;
    socket.close();
    this.lost(GONE);
  }

  private hear(text: string): void {
    const said = JSON.parse(text) as Said;
    if (said.is === "welcome") {
      this.greeted = true;
      this.pause = FIRST_MS;
      this.changed("on");
    }
    this.heard(said);
  }

  private lost(code: number): void {
    this.socket = null;
    this.greeted = false;
    clearTimeout(this.asking);
    if (!this.wanted) return;
    if (NEVER.has(code)) {
      this.wanted = false;
      this.changed("refused");
      return;
    }
    this.changed("off");
    this.retry = setTimeout(() => { this.connect(); }, this.pause * (0.75 + Math.random() / 2));
    this.pause = Math.min(this.pause * 2, LONGEST_MS);
  }
}
