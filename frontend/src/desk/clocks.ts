// Clocks run on: <span class="clock" data-since="…"><b>1 h 18 m</b>. Two units, floored, no seconds above ten minutes.

const EVERY_MS = 15_000;
const UNITS: readonly (readonly [number, string])[] = [[86_400, "d"], [3_600, "h"], [60, "m"], [1, "s"]];

export function keepClocks(): void {
  setInterval(() => {
    if (!document.hidden) document.querySelectorAll<HTMLElement>(".clock[data-since] b").forEach(tick);
  }, EVERY_MS);
}

function tick(shown: HTMLElement): void {
  const since = Date.parse(shown.closest<HTMLElement>(".clock[data-since]")?.dataset.since ?? "");
  if (!Number.isNaN(since)) shown.textContent = spell((Date.now() - since) / 1000);
}

export function spell(lasted: number): string {
  let seconds = Math.max(0, Math.floor(lasted));
  if (seconds >= 600) seconds -= seconds % 60;
  const at = UNITS.findIndex(([size]) => seconds >= size);
  const [size, name] = UNITS[at] ?? [1, "s"];
  const [smaller, itsName] = UNITS[at + 1] ?? [1, ""];
  const rest = itsName ? Math.floor((seconds % size) / smaller) : 0;
  return `${Math.floor(seconds / size)} ${name}${rest ? ` ${rest} ${itsName}` : ""}`;
}
