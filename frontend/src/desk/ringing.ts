// A call comes in: who it is, and the way to their story, on whatever screen is open. Who waits on a line of ours can be
// taken from there; who was quicker is said when they try.
import htmx from "htmx.org";
import { READ_MS } from "./reads";

interface Happened { number: number; verb: string }

export function listenRinging(): void {
  document.body.addEventListener("threadline:event", (event) => {
    const { number, verb } = (event as CustomEvent<Happened>).detail;
    if (verb === "phone_waits" || verb === "phone_handed") void onTheLine(number);
    if (verb !== "ringing" || document.getElementById(`ringing-${number}`)) return;
    void htmx.ajax("get", `/calls/ringing/${number}`, { source: "#toasts", target: "#toasts", swap: "beforeend" });
  });
}

/** Not on the screen that shows it anyway. */
async function onTheLine(number: number): Promise<void> {
  if (document.getElementById("phone-board")) return;
  const answer = await fetch(`/phone/rings/${number}`, { headers: { "HX-Request": "true" }, signal: AbortSignal.timeout(READ_MS) }).catch(() => null);
  if (answer?.status !== 200) return;
  const shown = document.createElement("template");
  shown.innerHTML = await answer.text();
  const notice = shown.content.firstElementChild;
  const room = document.getElementById("toasts");
  if (!notice || !room || document.getElementById(notice.id)) return;
  room.append(notice);
  htmx.process(room);
}
