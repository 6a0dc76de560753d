// The list: j and k move, the preview follows, Enter opens. The choice survives live updates.
//   <ol class="rows" data-rows> <li class="row" id="row-7"> <a class="row-link" data-preview="/queue/7">
import { onKey } from "./keys";
import { around, visible } from "./page";
import { read } from "./reads";

const SETTLE_MS = 90;
let previewing: ReturnType<typeof setTimeout> | undefined;
let pressedShown = false;
let place = 0; // where in the list the chosen row stands

export function selectRows(): void {
  onKey("j", () => { step(1); });
  onKey("k", () => { step(-1); });
  document.addEventListener("pointerdown", (event) => {
    pressedShown = around(event, "[data-rows] .row")?.id === shown();
  }, true);
  document.addEventListener("click", clicked);
  document.addEventListener("focusin", (event) => {
    const row = around(event, ".row-link")?.closest<HTMLElement>("[data-rows] .row");
    if (row) select(row);
  });
  if (room()) select(rows().find((row) => row.dataset.selected !== undefined) ?? rows()[0]);
  document.body.addEventListener("htmx:afterSettle", refill);
  for (const failure of ["htmx:responseError", "htmx:sendError"]) {
    document.body.addEventListener(failure, (event) => { around(event, "#preview")?.removeAttribute("data-of"); });
  }
}

export function rows(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>("[data-rows] .row")];
}

/** The preview pane, where there is room for it. It was asked for the story of the row `data-of`, and holds that of
 *  `data-holds`; nothing in it can be pressed while it holds another one than the chosen. */
function room(): HTMLElement | null {
  const preview = document.getElementById("preview");
  return preview && visible(preview) ? preview : null;
}

export function step(by: 1 | -1): void {
  const all = rows();
  const at = all.findIndex((row) => row.dataset.selected !== undefined);
  const next = all[at < 0 ? 0 : Math.min(Math.max(at + by, 0), all.length - 1)];
  next?.querySelector<HTMLElement>(".row-link")?.focus({ preventScroll: true });
  next?.scrollIntoView({ block: "nearest" });
}

/** Beside a preview, the first click chooses and the second one opens. Pressing already moves the focus, so what
 *  was shown counts from before. */
function clicked(event: MouseEvent): void {
  const link = around(event, ".row-link");
  const row = link?.closest<HTMLElement>("[data-rows] .row");
  if (!link || !row || event.detail === 0 || event.ctrlKey || event.metaKey || event.shiftKey || !room()) return;
  if (pressedShown) return;
  event.preventDefault();
  select(row);
}

function shown(): string | undefined {
  return document.getElementById("preview")?.dataset.of;
}

function select(row: HTMLElement | undefined): void {
  if (!row) return;
  place = rows().indexOf(row);
  for (const other of rows()) {
    const chosen = other === row;
    const link = other.querySelector(".row-link");
    other.toggleAttribute("data-selected", chosen);
    if (chosen) link?.setAttribute("aria-current", "true");
    else link?.removeAttribute("aria-current");
  }
  const pane = room();
  if (pane) settle(pane);
  clearTimeout(previewing);
  previewing = setTimeout(() => { preview(row); }, SETTLE_MS);
}

function preview(row: HTMLElement): void {
  const pane = room();
  const address = row.querySelector<HTMLElement>("[data-preview]")?.dataset.preview;
  if (!pane || !address) return;
  if (pane.dataset.of !== row.id) {
    pane.dataset.of = row.id;
    void read(address, pane).then((there) => {
      if (there && pane.dataset.of === row.id) pane.dataset.holds = row.id;
      settle(pane);
    });
  }
  settle(pane);
}

function settle(pane: HTMLElement): void {
  const chosen = rows().find((row) => row.dataset.selected !== undefined);
  pane.inert = pane.dataset.holds !== chosen?.id;
}

/** After the list came anew: when the chosen story left it, the next one is chosen. */
function refill(): void {
  const all = rows();
  const chosen = all.findIndex((row) => row.dataset.selected !== undefined);
  if (chosen >= 0) place = chosen;
  else if (room()) select(all[Math.min(place, all.length - 1)]);
}
