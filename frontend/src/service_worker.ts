// Between the desk and the network: shows pushes, and an honest page where there is no connection. It keeps that page,
// its look and its signs, which are the same for everybody; nothing of any customer is ever kept.

interface Waiting extends Event { waitUntil(work: Promise<unknown>): void }
interface Fetching extends Waiting { request: Request; preloadResponse: Promise<Response | undefined>; respondWith(answer: Promise<Response>): void }
interface Pushed extends Waiting { data: { json(): unknown } | null }
interface Clicked extends Waiting { notification: Notification }
interface Window_ { url: string; focus(): Promise<unknown>; navigate(url: string): Promise<unknown> }
interface Worker_ {
  addEventListener(type: "install" | "activate", listener: (event: Waiting) => void): void;
  addEventListener(type: "fetch", listener: (event: Fetching) => void): void;
  addEventListener(type: "push", listener: (event: Pushed) => void): void;
  addEventListener(type: "notificationclick", listener: (event: Clicked) => void): void;
  skipWaiting(): Promise<void>;
  location: Location;
  registration: ServiceWorkerRegistration;
  clients: { claim(): Promise<void>; matchAll(of: { type: "window"; includeUncontrolled: boolean }): Promise<Window_[]>; openWindow(url: string): Promise<unknown> };
}
interface Message { title?: string; body?: string; url?: string; tag?: string }

const worker = self as unknown as Worker_;
const KEPT = "threadline-offline-1";
const OFFLINE = "/offline";
const LOOK = ["/static/desk/built/desk.css", "/static/desk/icons.svg", "/static/desk/mark.svg"];

worker.addEventListener("install", (event) => {
  const keep = async (): Promise<void> => {
    const cache = await caches.open(KEPT);
    await cache.addAll([OFFLINE, ...LOOK].map((path) => new Request(path, { cache: "reload", credentials: "omit" })));
    await worker.skipWaiting();
  };
  event.waitUntil(keep());
});

worker.addEventListener("activate", (event) => {
  const begin = async (): Promise<void> => {
    for (const name of await caches.keys()) if (name.startsWith("threadline-offline-") && name !== KEPT) await caches.delete(name);
    await worker.registration.navigationPreload.enable();
    await worker.clients.claim();
  };
  event.waitUntil(begin());
});

worker.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== worker.location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(event));
  else if (LOOK.includes(address.pathname)) event.respondWith(fetch(request).catch(() => kept(address.pathname)));
});

/** The network, always; the page that is kept only where there is none. */
async function page(event: Fetching): Promise<Response> {
  try {
    return (await event.preloadResponse) ?? (await fetch(event.request));
  } catch {
    return kept(OFFLINE);
  }
}

async function kept(path: string): Promise<Response> {
  return (await caches.match(path)) ?? Response.error();
}

worker.addEventListener("push", (event) => {
  const said = (event.data?.json() ?? {}) as Message;
  const shown = {
    body: said.body ?? "",
    icon: "/static/desk/app-192.png",
    badge: "/static/desk/app-192.png",
    tag: said.tag ?? "threadline",
    renotify: true,
    data: said.url ?? "/notices",
  };
  event.waitUntil(worker.registration.showNotification(said.title ?? "Threadline", shown));
});

worker.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open(new URL(String(event.notification.data), worker.location.origin)));
});

/** A window of the desk that is there goes to the story; else a new one opens. Never another site. */
async function open(address: URL): Promise<void> {
  if (address.origin !== worker.location.origin) return;
  const windows = await worker.clients.matchAll({ type: "window", includeUncontrolled: true });
  const one = windows[0];
  if (!one) {
    await worker.clients.openWindow(address.href);
    return;
  }
  await one.focus();
  await one.navigate(address.href);
}
