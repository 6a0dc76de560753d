// The dialog: choose → ready → recording → done. Whatever is open is closed with it, so that no light stays on.
import { stop } from "../rtc/peer";
import { clock } from "../rtc/state";
import { recorderOf, source, upload } from "./source";

type State = "choose" | "ready" | "recording" | "done" | "sending";

export class FilmDialog {
  private stream: MediaStream | null = null;
  private recorder: MediaRecorder | null = null;
  private film: Blob | null = null;
  private seconds = 0;
  private timer: ReturnType<typeof setInterval> | undefined;
  private readonly preview: HTMLVideoElement;
  private shown = "";

  constructor(private readonly dialog: HTMLDialogElement) {
    this.preview = this.part("preview") as HTMLVideoElement;
  }

  private part(name: string): HTMLElement | null {
    return this.dialog.querySelector<HTMLElement>(`[data-${name}]`);
  }

  listen(): void {
    const devices = navigator.mediaDevices as Partial<MediaDevices> | undefined; // telephones show no screens
    if (!devices?.getDisplayMedia) this.dialog.querySelector("[data-from=screen]")?.remove();
    const on = (name: string, does: () => void): void => { this.part(name)?.addEventListener("click", does); };
    for (const button of this.dialog.querySelectorAll<HTMLElement>("[data-from]")) {
      button.addEventListener("click", () => { void this.choose(button.dataset.from ?? ""); });
    }
    on("record", () => { this.record(); });
    on("stop", () => { this.stop(); });
    on("retake", () => { this.begin(); });
    on("use", () => { void this.use(); });
    const file = this.part("file") as HTMLInputElement | null;
    file?.addEventListener("change", () => { this.chosen(file.files?.[0] ?? null); file.value = ""; });
    this.dialog.addEventListener("close", () => { this.begin(); });
    this.dialog.addEventListener("threadline:film", () => { this.begin(); });
  }

  private state(state: State): void {
    this.dialog.dataset.state = state;
    let first: HTMLElement | null = null;
    for (const each of this.dialog.querySelectorAll<HTMLElement>("[data-when]")) {
      const now = each.dataset.when?.split(" ").includes(state) ?? false;
      each.toggleAttribute("data-now", now);
      if (now && each.matches("button[data-kind=main]")) first = each;
    }
    first ??= this.dialog.querySelector<HTMLElement>("footer [data-now]");
    if (this.dialog.open) first?.focus();
  }

  /** From the start, with nothing open. */
  private begin(): void {
    clearInterval(this.timer);
    if (this.recorder && this.recorder.state !== "inactive") {
      this.recorder.ondataavailable = this.recorder.onstop = null;
      this.recorder.stop();
    }
    stop(this.stream);
    this.stream = this.recorder = this.film = null;
    this.preview.srcObject = null;
    this.preview.removeAttribute("src");
    URL.revokeObjectURL(this.shown);
    this.error("");
    this.say("");
    this.tell(null);
    const captions = this.part("captions") as HTMLTextAreaElement | null;
    if (captions) captions.value = "";
    this.state("choose");
  }

  private async choose(from: string): Promise<void> {
    this.error("");
    try {
      this.stream = await source(from);
    } catch {
      this.error(this.dialog.dataset.denied ?? "");
      return;
    }
    if (!this.dialog.open) {
      this.begin();
      return;
    }
    this.preview.controls = false;
    this.preview.muted = true;
    this.preview.srcObject = this.stream;
    void this.preview.play().catch(() => undefined);
    this.stream.getVideoTracks()[0]?.addEventListener("ended", () => { this.stop(); });
    this.state("ready");
  }

  private record(): void {
    if (!this.stream) return;
    const pieces: Blob[] = [];
    const recorder = this.recorder = recorderOf(this.stream);
    recorder.ondataavailable = ({ data }): void => { pieces.push(data); };
    recorder.onstop = (): void => { this.recorded(new Blob(pieces, { type: recorder.mimeType })); };
    recorder.start(1000);
    this.seconds = 0;
    this.tell(0);
    this.say(this.dialog.dataset.recording ?? "");
    this.timer = setInterval(() => {
      this.tell(++this.seconds);
      if (this.seconds < Number(this.dialog.dataset.most)) return;
      this.stop();
      this.error(this.dialog.dataset.cut ?? "");
    }, 1000);
    this.state("recording");
  }

  private stop(): void {
    clearInterval(this.timer);
    if (this.recorder?.state === "recording") this.recorder.stop();
  }

  private recorded(film: Blob): void {
    stop(this.stream);
    this.say(this.dialog.dataset.stopped ?? "");
    this.look(film);
  }

  private chosen(file: File | null): void {
    if (!file) return;
    if (file.size > Number(this.dialog.dataset.mostBytes)) {
      this.error(this.dialog.dataset.large ?? "");
      return;
    }
    this.error("");
    this.look(file);
    this.preview.addEventListener("loadedmetadata", () => { this.seconds = Math.round(Number.isFinite(this.preview.duration) ? this.preview.duration : 0); }, { once: true });
  }

  private look(film: Blob): void {
    this.film = film;
    this.preview.srcObject = null;
    this.preview.src = this.shown = URL.createObjectURL(film);
    this.preview.muted = false;
    this.preview.controls = true;
    this.tell(null);
    this.state("done");
  }

  private async use(): Promise<void> {
    const bar = this.part("progress") as HTMLProgressElement | null;
    const captions = (this.part("captions") as HTMLTextAreaElement | null)?.value ?? "";
    if (!this.film || !bar) return;
    this.error("");
    bar.hidden = false;
    this.state("sending");
    try {
      const fields = { seconds: String(this.seconds), captions };
      const address = await upload(this.dialog.dataset.film ?? "", this.film, fields, (share) => { bar.value = share; });
      write(address);
      const announced = document.getElementById("announce");
      if (announced) announced.textContent = this.dialog.dataset.said ?? "";
      document.body.dispatchEvent(new CustomEvent("threadline:films"));
      this.dialog.close();
      document.getElementById("answer")?.focus();
    } catch (error) {
      this.state("done");
      this.error((error instanceof Error && error.message) || (this.dialog.dataset.failed ?? ""));
    } finally {
      bar.hidden = true;
      bar.value = 0;
    }
  }

  private say(text: string): void {
    const part = this.part("status");
    if (part) part.textContent = text;
  }

  private error(text: string): void {
    const part = this.part("error");
    if (!part) return;
    part.textContent = text;
    part.hidden = !text;
  }

  private tell(seconds: number | null): void {
    const part = this.part("clock");
    if (!part) return;
    part.hidden = seconds === null;
    if (seconds !== null) part.textContent = `${clock(seconds)} / ${clock(Number(this.dialog.dataset.most))}`;
  }
}

/** The link goes below what was written. */
function write(address: string): void {
  const box = document.querySelector<HTMLTextAreaElement>("#answer");
  if (!box) return;
  box.value = `${box.value.trimEnd()}${box.value.trim() ? "\n\n" : ""}${address}\n`;
  box.dispatchEvent(new Event("input", { bubbles: true }));
}
