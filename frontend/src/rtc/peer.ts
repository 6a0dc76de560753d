// One end of a call: sound both ways, and a place for the picture, which stays empty until both agree to cameras.
// Whoever rang offers, the other answers; a place for pictures is agreed at once, so that cameras need no second round.

export type Told = { type: "offer" | "answer"; sdp: string } | { candidate: string; line: number };

export interface Doings {
  say: (data: Told) => void;
  changed: (state: "joins" | "talks" | "lost") => void;
  /** The other's sound and picture; the same streams all the time. */
  heard: (voice: MediaStream, picture: MediaStream) => void;
}

const TRIES = 3;

export class Peer {
  readonly voice = new MediaStream();
  readonly picture = new MediaStream();
  private readonly link: RTCPeerConnection;
  private readonly early: RTCIceCandidateInit[] = [];
  private doing: Promise<void> = Promise.resolve();
  private camera: MediaStreamTrack | null = null;
  private tries = 0;

  constructor(servers: RTCIceServer[], private readonly own: MediaStream, private readonly offers: boolean, private readonly doings: Doings) {
    this.link = new RTCPeerConnection({ iceServers: servers });
    this.link.addEventListener("icecandidate", ({ candidate }) => {
      if (candidate?.candidate) doings.say({ candidate: candidate.candidate, line: candidate.sdpMLineIndex ?? 0 });
    });
    this.link.addEventListener("track", ({ track }) => {
      (track.kind === "audio" ? this.voice : this.picture).addTrack(track);
      doings.heard(this.voice, this.picture);
    });
    this.link.addEventListener("connectionstatechange", () => { this.moved(); });
    if (offers) {
      for (const track of own.getAudioTracks()) this.link.addTransceiver(track, { direction: "sendrecv" });
      this.link.addTransceiver("video", { direction: "sendrecv" });
      this.queue(() => this.offer());
    }
  }

  /** What the other's browser said; taken in the order in which it came. */
  hear(told: Told): void {
    this.queue(() => ("type" in told ? this.described(told) : this.reached(told)));
  }

  /** Show this camera, or none. */
  show(track: MediaStreamTrack | null): void {
    this.camera = track;
    const place = this.link.getTransceivers().find((each) => each.receiver.track.kind === "video");
    if (place) void place.sender.replaceTrack(track);
  }

  mute(on: boolean): void {
    for (const track of this.own.getAudioTracks()) track.enabled = !on;
  }

  close(): void {
    this.link.close();
  }

  private queue(does: () => Promise<void>): void {
    this.doing = this.doing.then(does).catch(() => { if (this.link.signalingState !== "closed") this.doings.changed("lost"); });
  }

  private async offer(again = false): Promise<void> {
    const offer = await this.link.createOffer({ iceRestart: again });
    await this.link.setLocalDescription(offer);
    this.doings.say({ type: "offer", sdp: offer.sdp ?? "" });
  }

  private async described(told: { type: "offer" | "answer"; sdp: string }): Promise<void> {
    if (this.offers === (told.type === "offer")) return;
    await this.link.setRemoteDescription(told);
    for (const each of this.early.splice(0)) await this.link.addIceCandidate(each);
    if (told.type === "answer") return;
    for (const place of this.link.getTransceivers()) {
      place.direction = "sendrecv";
      const kind = place.receiver.track.kind;
      await place.sender.replaceTrack(kind === "audio" ? this.own.getAudioTracks()[0] ?? null : this.camera);
    }
    const answer = await this.link.createAnswer();
    await this.link.setLocalDescription(answer);
    this.doings.say({ type: "answer", sdp: answer.sdp ?? "" });
  }

  private async reached(told: { candidate: string; line: number }): Promise<void> {
    const way = { candidate: told.candidate, sdpMLineIndex: told.line };
    if (this.link.remoteDescription) await this.link.addIceCandidate(way);
    else this.early.push(way);
  }

  private moved(): void {
    const state = this.link.connectionState;
    if (state === "connected") {
      this.tries = 0;
      this.doings.changed("talks");
    } else if (state === "disconnected" || state === "failed") {
      this.doings.changed("lost");
      if (state === "failed" && this.offers && this.tries++ < TRIES) this.queue(() => this.offer(true));
    } else if (state === "connecting") {
      this.doings.changed("joins");
    }
  }
}

/** Ask for the microphone. An address without https, or a page that may not ask, has none. */
export async function microphone(): Promise<MediaStream> {
  return await devices().getUserMedia({ audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true } });
}

export async function camera(): Promise<MediaStreamTrack | null> {
  const stream = await devices().getUserMedia({ video: { width: { ideal: 640 }, height: { ideal: 480 }, frameRate: { max: 30 } } });
  return stream.getVideoTracks()[0] ?? null;
}

function devices(): MediaDevices {
  // Undefined on pages without https, whatever the types say.
  const there = navigator.mediaDevices as MediaDevices | undefined;
  if (!there) throw new DOMException("There are no devices on this page.", "NotAllowedError");
  return there;
}

export function stop(...streams: (MediaStream | null | undefined)[]): void {
  for (const track of streams.flatMap((each) => each?.getTracks() ?? [])) track.stop();
}
