// Where a video comes from: the camera, or the screen with what one says.

export async function source(from: string): Promise<MediaStream> {
  const sound = { echoCancellation: true, noiseSuppression: true };
  if (from === "camera") {
    return await navigator.mediaDevices.getUserMedia({ audio: sound, video: { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30 } } });
  }
  const screen = await navigator.mediaDevices.getDisplayMedia({ video: { frameRate: { ideal: 15 } } });
  const voice = await navigator.mediaDevices.getUserMedia({ audio: sound }).catch(() => null);
  return new MediaStream([...screen.getVideoTracks(), ...(voice?.getAudioTracks() ?? [])]);
}

export function recorderOf(stream: MediaStream): MediaRecorder {
  const types = ["video/webm;codecs=vp9,opus", "video/webm;codecs=vp8,opus", "video/webm", "video/mp4"];
  const mimeType = types.find((each) => MediaRecorder.isTypeSupported(each)) ?? "";
  return new MediaRecorder(stream, { mimeType, videoBitsPerSecond: 1_000_000, audioBitsPerSecond: 64_000 });
}

/** Send it, and tell how much has arrived. Gives its address, or throws with the reason. */
export function upload(address: string, film: Blob, fields: Record<string, string>, told: (share: number) => void): Promise<string> {
  const body = new FormData();
  const ending = film.type.startsWith("video/mp4") ? "mp4" : film.type.startsWith("video/quicktime") ? "mov" : "webm";
  body.append("film", film, `video.${ending}`);
  for (const [name, value] of Object.entries(fields)) body.append(name, value);
  const headers = JSON.parse(document.body.getAttribute("hx-headers") ?? "{}") as Record<string, string>;
  return new Promise((done, failed) => {
    const request = new XMLHttpRequest();
    request.open("POST", address);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.upload.addEventListener("progress", (event) => { if (event.lengthComputable) told(event.loaded / event.total); });
    request.addEventListener("error", () => { failed(new Error("")); });
    request.addEventListener("load", () => {
      let said: { address?: string; reason?: string } = {};
      try {
        said = JSON.parse(request.responseText) as typeof said;
      } catch {
        said = {};
      }
      if (request.status === 200 && said.address) done(said.address);
      else failed(new Error(said.reason ?? ""));
    });
    request.send(body);
  });
}
