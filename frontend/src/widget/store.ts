// What this browser remembers between pages: its session, what still has to go out, and the ways to a person.

export interface Waiting { once: string; text: string; at: string }
export interface Ways { email?: string; phone?: string }

interface Kept { token?: string; talked?: boolean; open?: boolean; asked?: boolean; queue?: Waiting[]; ways?: Ways; draft?: string }

export class Store {
  private memory: Kept = {};

  constructor(private readonly key: string) {}

  /** Read anew each time: other tabs of the same site write it too. Without storage, this page's memory has to do. */
  private all(): Kept {
    try {
      return JSON.parse(localStorage.getItem(this.key) ?? "{}") as Kept;
    } catch {
      return this.memory;
    }
  }

  get<Name extends keyof Kept>(name: Name): Kept[Name] {
    return this.all()[name];
  }

  set(changes: Kept): void {
    const all = { ...this.all(), ...changes };
    this.memory = all;
    try {
      localStorage.setItem(this.key, JSON.stringify(all));
    } catch {
      this.memory = all;
    }
  }

  get queue(): Waiting[] {
    return this.get("queue") ?? [];
  }

  add(message: Waiting): void {
    this.set({ queue: [...this.queue, message] });
  }

  drop(once: string): void {
    this.set({ queue: this.queue.filter((each) => each.once !== once) });
  }

  /** Another person sits here, or a new chat begins. */
  forget(): void {
    const { ways } = this.all();
    this.memory = {};
    try {
      localStorage.removeItem(this.key);
    } catch {
      this.memory = {};
    }
    if (ways) this.set({ ways });
  }
}
