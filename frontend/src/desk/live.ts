// Live updates. The server says "this happened to that story"; parts of the page that show it ask for themselves again:
//   hx-trigger="threadline:journey-7 from:body"    hx-trigger="threadline:customer-3 from:body"
//   hx-trigger="threadline:queue from:body"
// A burst is told once, to lists not more often than every 750 ms. A hidden tab lets go of its connection (browsers allow six per server) and catches up on return.
import { readAgain } from "./reads";

interface Happened {
  number: number;
  verb: string;
  journey: number | null;
  customer: number | null;
  interaction: number | null;
}

const QUIET_MS = 60;
const LIST_MS = 750;
const HIDDEN_MS = 30_000;
const OFFLINE_MS = 4_000;
const SILENCE_MS = 45_000; // the server says something every 20 s: a network that went away closes nothing
const OPENING_MS = 4_000; // a browser tries its old connections first, and each of them may be as dead as the last

const waiting = new Set<string>();
let source: EventSource | null = null;
let since = "";
let telling: ReturnType<typeof setTimeout> | undefined;
let listing: ReturnType<typeof setTimeout> | undefined;
let listedAt = 0;
let leaving: ReturnType<typeof setTimeout> | undefined;
let losing: ReturnType<typeof setTimeout> | undefined;
let away = false;
let newsing: ReturnType<typeof setTimeout> | undefined;
let silence: ReturnType<typeof setTimeout> | undefined;
let patience = SILENCE_MS;

export function listenLive(): void {
  if (!document.body.dataset.live) return;
  since = document.body.dataset.since ? `?since=${document.body.dataset.since}` : "";
  connect();
  document.addEventListener("visibilitychange", () => {
    clearTimeout(leaving);
    if (document.hidden) leaving = setTimeout(disconnect, HIDDEN_MS);
    else if (!source) connect();
  });
  addEventListener("online", () => { if (source) connect(); });
  addEventListener("pagehide", disconnect);
  addEventListener("pageshow", (event) => { if (event.persisted) connect(); });
}

function connect(): void {
  disconnect();
  source = new EventSource(`${document.body.dataset.live ?? ""}${since}`);
  wait(patience);
  source.addEventListener("open", opened);
  for (const what of ["open", "touch", "chat", "company", "news", "beat"]) source.addEventListener(what, listen);
  source.addEventListener("error", lost);
  source.addEventListener("touch", (event: MessageEvent<string>) => { heard(event); });
  source.addEventListener("chat", (event: MessageEvent<string>) => {
    document.body.dispatchEvent(new CustomEvent("threadline:chat", { detail: JSON.parse(event.data) as unknown }));
  });
  source.addEventListener("company", (event: MessageEvent<string>) => {
    const { journey } = JSON.parse(event.data) as { journey: number };
    document.body.dispatchEvent(new CustomEvent(`threadline:company-${journey}`));
  });
  source.addEventListener("news", tellNews);
  source.addEventListener("reload", () => { location.reload(); });
}

function opened(): void {
  patience = SILENCE_MS;
  showOffline(false);
  if (away) readAgain();
  away = false;
  tellNews();
}

function listen(): void {
  wait(SILENCE_MS);
}

/** When nothing is heard for so long, the connection is dead, and a new one asks what was missed. */
function wait(ms: number): void {
  clearTimeout(silence);
  silence = setTimeout(() => {
    goAway();
    patience = Math.min(patience * 1.5, SILENCE_MS);
    showOffline(true);
    connect();
  }, ms);
}

function disconnect(): void {
  clearTimeout(silence);
  source?.close();
  source = null;
}

function goAway(): void {
  if (!away) patience = OPENING_MS;
  away = true;
}

/** The browser reconnects by itself unless the server refused; then it is for us. */
function lost(): void {
  goAway();
  losing ??= setTimeout(() => { showOffline(true); }, OFFLINE_MS);
  if (source?.readyState === EventSource.CLOSED) setTimeout(connect, OFFLINE_MS);
}

function showOffline(off: boolean): void {
  clearTimeout(losing);
  losing = undefined;
  const banner = document.getElementById("offline");
  if (banner) banner.hidden = !off;
}

function heard(event: MessageEvent<string>): void {
  since = event.lastEventId ? `?heard=${event.lastEventId}` : since;
  const happened = JSON.parse(event.data) as Happened;
  document.body.dispatchEvent(new CustomEvent("threadline:event", { detail: happened }));
  listing ??= setTimeout(tellLists, Math.max(QUIET_MS, listedAt + LIST_MS - performance.now()));
  if (happened.journey !== null) waiting.add(`journey-${happened.journey}`);
  if (happened.customer !== null) waiting.add(`customer-${happened.customer}`);
  telling ??= setTimeout(tell, QUIET_MS);
}

function tell(): void {
  telling = undefined;
  for (const what of waiting) document.body.dispatchEvent(new CustomEvent(`threadline:${what}`));
  waiting.clear();
}

/** Something is new for this agent; several at once are asked for once. It has no number: who connects asks for it. */
function tellNews(): void {
  newsing ??= setTimeout(() => {
    newsing = undefined;
    document.body.dispatchEvent(new CustomEvent("threadline:notices"));
  }, QUIET_MS);
}

function tellLists(): void {
  listing = undefined;
  listedAt = performance.now();
  document.body.dispatchEvent(new CustomEvent("threadline:queue"));
}
