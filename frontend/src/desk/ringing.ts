// A call comes in: who it is, and the way to their story, on whatever screen is open.
import htmx from "htmx.org";

interface Happened { number: number; verb: string }

export function listenRinging(): void {
  document.body.addEventListener("threadline:event", (event) => {
    const { number, verb } = (event as CustomEvent<Happened>).detail;
    if (verb !== "ringing" || document.getElementById(`ringing-${number}`)) return;
    void htmx.ajax("get", `/calls/ringing/${number}`, { source: "#toasts", target: "#toasts", swap: "beforeend" });
  });
}
