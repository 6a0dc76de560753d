// What the window asks for beside its line: files, copies, and pages that were looked at.

export class Desk {
  constructor(private readonly server: string, private readonly channel: string) {}

  get socket(): string {
    return `${this.server.replace(/^http/, "ws")}/chat/socket?channel=${encodeURIComponent(this.channel)}`;
  }

  private ask(path: string, values: Record<string, string>, token: string, more: RequestInit = {}): Promise<Response> {
    const query = new URLSearchParams({ channel: this.channel, ...values });
    return fetch(`${this.server}/chat/${path}?${query.toString()}`, {
      ...more,
      credentials: "omit",
      headers: token ? { Authorization: `Bearer ${token}` } : {},
    });
  }

  /** An empty string, or why it was not taken. */
  async file(file: File, once: string, token: string): Promise<string> {
    return reason(this.ask("files", { name: file.name, once }, token, { method: "POST", body: file }));
  }

  async mailCopy(token: string): Promise<string> {
    return reason(this.ask("copy", {}, token, { method: "POST" }));
  }

  async saveCopy(token: string): Promise<string> {
    const answer = await this.ask("copy", {}, token);
    if (!answer.ok) return reasonOf(answer);
    const link = document.createElement("a");
    link.href = URL.createObjectURL(await answer.blob());
    link.download = "chat.txt";
    link.click();
    setTimeout(() => { URL.revokeObjectURL(link.href); }, 10_000);
    return "";
  }

  /** Tell of this page; gives the session under which it is known. Only after its reader agreed. */
  async view(token: string, identity: string): Promise<string> {
    const page = { url: location.pathname, title: document.title, once: crypto.randomUUID(), token, identity };
    const answer = await this.ask("views", {}, "", { method: "POST", body: JSON.stringify(page), keepalive: true });
    return answer.ok ? ((await answer.json()) as { token: string }).token : "";
  }
}

async function reason(asked: Promise<Response>): Promise<string> {
  try {
    const answer = await asked;
    return answer.ok ? "" : await reasonOf(answer);
  } catch (error) {
    return String(error);
  }
}

async function reasonOf(answer: Response): Promise<string> {
  try {
    return ((await answer.json()) as { reason: string }).reason;
  } catch {
    return String(answer.status);
  }
}
