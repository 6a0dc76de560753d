// Records a call in this browser: both voices in one, and both pictures side by side when cameras are on.
// What it has goes to the server every few seconds, so that a browser that dies loses little.
import type { Peer } from "../rtc/peer";
import type { Wire } from "./wire";

const PIECE_MS = 3_000;
const LONGEST_S = 3_600;
const FRAME_MS = 66;

export class Recorder {
  private readonly sound = new AudioContext();
  private readonly recorder: MediaRecorder;
  private readonly seen: HTMLVideoElement[] = [];
  private sending: Promise<unknown> = Promise.resolve();
  private drawing: ReturnType<typeof setInterval> | undefined;
  private number = 0;
  private bytes = 0;
  private seconds = 0;
  private readonly mostBytes = Number(document.querySelector<HTMLElement>("[data-most-bytes]")?.dataset.mostBytes);

  constructor(private readonly wire: Wire, readonly call: number, private readonly part: number, own: MediaStream, peer: Peer, lens: MediaStreamTrack | null, private readonly full: () => void) {
    const mixed = this.sound.createMediaStreamDestination();
    for (const each of [own, peer.voice]) if (each.getAudioTracks().length) this.sound.createMediaStreamSource(each).connect(mixed);
    const tracks = [...mixed.stream.getAudioTracks(), ...(lens ? this.pictures(peer.picture, new MediaStream([lens])) : [])];
    const type = lens ? "video/webm;codecs=vp8,opus" : "audio/webm;codecs=opus";
    this.recorder = new MediaRecorder(new MediaStream(tracks), { mimeType: type, audioBitsPerSecond: 32_000, videoBitsPerSecond: 400_000 });
    this.recorder.addEventListener("dataavailable", ({ data }) => { this.got(data); });
    this.recorder.start(PIECE_MS);
  }

  private got(data: Blob): void {
    if (!data.size) return;
    const number = this.number++;
    this.bytes += data.size;
    this.sending = this.sending.then(async () => {
      if (!await this.wire.piece(this.part, number, data) && this.recorder.state === "recording") this.full();
    });
    if (this.bytes > this.mostBytes * 0.97 && this.recorder.state === "recording") this.full();
  }

  /** Theirs large, ours in the corner, drawn into one picture: tracks may come and go, the recording goes on. */
  private pictures(theirs: MediaStream, ours: MediaStream): MediaStreamTrack[] {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [640, 480];
    const pen = canvas.getContext("2d");
    for (const stream of [theirs, ours]) {
      const video = document.createElement("video");
      video.muted = true;
      video.srcObject = stream;
      void video.play().catch(() => undefined);
      this.seen.push(video);
    }
    this.drawing = setInterval(() => {
      pen?.clearRect(0, 0, 640, 480);
      const [large, small] = this.seen;
      if (large?.readyState === 4) pen?.drawImage(large, 0, 0, 640, 480);
      if (small?.readyState === 4) pen?.drawImage(small, 470, 352, 160, 120);
    }, FRAME_MS);
    return canvas.captureStream(15).getVideoTracks();
  }

  tick(): void {
    if (++this.seconds >= LONGEST_S && this.recorder.state === "recording") this.full();
  }

  /** Done when the last piece is with the server. */
  async stop(): Promise<void> {
    if (this.recorder.state !== "inactive") {
      await new Promise((done) => {
        this.recorder.addEventListener("stop", done, { once: true });
        this.recorder.stop();
      });
    }
    clearInterval(this.drawing);
    await this.sending;
    await this.sound.close().catch(() => undefined);
  }
}
