// The desk as an app: a service worker that shows an honest page without a connection, and pushes.
//   <form data-push="the server's public key"> … <button type="button">   <li data-endpoint="https://…">

export function beAnApp(): void {
  if (!("serviceWorker" in navigator) || !document.body.dataset.live) return;
  // Without it everything works but pushes and the page without a connection: nobody is bothered.
  navigator.serviceWorker.register("/service-worker.js").catch(() => { document.documentElement.dataset.app = "off"; });
}

export function offerPush(): void {
  const form = document.querySelector<HTMLFormElement>("form[data-push]");
  if (!form || !("serviceWorker" in navigator) || !("PushManager" in window)) return;
  void showHere(form);
  form.querySelector("button")?.addEventListener("click", () => { void allow(form); });
  for (const stop of document.querySelectorAll<HTMLFormElement>("form[data-stops]")) {
    stop.addEventListener("submit", () => { void letGo(stop); });
  }
}

/** Where this browser is on the list already, it says so; elsewhere it offers itself. */
async function showHere(form: HTMLFormElement): Promise<void> {
  const here = await own();
  const known = [...document.querySelectorAll<HTMLElement>("[data-endpoint]")].find((each) => here && each.dataset.endpoint === here.endpoint);
  form.hidden = known !== undefined;
  const badge = known?.querySelector<HTMLElement>("[data-here]");
  if (badge) badge.hidden = false;
}

async function own(): Promise<PushSubscription | null> {
  const worker = await navigator.serviceWorker.getRegistration("/");
  return (await worker?.pushManager.getSubscription()) ?? null;
}

async function allow(form: HTMLFormElement): Promise<void> {
  const note = form.querySelector<HTMLElement>("[data-note]");
  if ((await Notification.requestPermission()) !== "granted") {
    if (note) note.textContent = form.dataset.denied ?? "";
    return;
  }
  try {
    const worker = await navigator.serviceWorker.ready;
    const told = await worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: form.dataset.push ?? "" });
    const { endpoint, keys } = told.toJSON();
    fill(form, "endpoint", endpoint);
    fill(form, "p256dh", keys?.p256dh);
    fill(form, "auth", keys?.auth);
    form.submit();
  } catch {
    if (note) note.textContent = form.dataset.failed ?? "";
  }
}

function fill(form: HTMLFormElement, name: string, value: string | undefined): void {
  const field = form.querySelector<HTMLInputElement>(`[name=${name}]`);
  if (field) field.value = value ?? "";
}

/** The browser forgets, too, if it is this one. */
async function letGo(form: HTMLFormElement): Promise<void> {
  const here = await own();
  if (here && form.closest<HTMLElement>("[data-endpoint]")?.dataset.endpoint === here.endpoint) await here.unsubscribe();
}
