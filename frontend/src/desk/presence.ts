// Being there for work: a sign of life while somebody moves here, and the switch that follows what others decide.
import { READ_MS } from "./reads";

const EVERY_MS = 240_000;
const MOVES = ["pointerdown", "keydown", "wheel", "touchstart"] as const;

export function tellPresence(): void {
  const switched = document.getElementById("presence");
  const address = switched?.dataset.here;
  if (!address) return;
  let told = Date.now();
  const tell = (): void => {
    if (Date.now() - told < EVERY_MS) return;
    told = Date.now();
    void fetch(address, { method: "POST", headers: csrf(), keepalive: true, signal: AbortSignal.timeout(READ_MS) }).catch(() => { told = 0; });
  };
  for (const move of MOVES) addEventListener(move, tell, { passive: true, capture: true });
}

function csrf(): Record<string, string> {
  const headers: unknown = JSON.parse(document.body.getAttribute("hx-headers") ?? "{}");
  return headers as Record<string, string>;
}
