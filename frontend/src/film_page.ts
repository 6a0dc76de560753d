// The page of a short video: tells once that it is played. Nothing else is noted, and nothing is kept in this browser.

const video = document.querySelector<HTMLVideoElement>("video[data-film]");
video?.addEventListener("play", () => {
  const once = new URLSearchParams({ once: video.dataset.once ?? "" });
  void fetch(video.dataset.film ?? "", { method: "POST", body: once, credentials: "omit", keepalive: true }).catch(() => undefined);
}, { once: true });
