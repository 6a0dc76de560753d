// Light or dark, kept in a cookie so that the server paints the first frame right; closer or wider rows, kept with the agent.
import htmx from "htmx.org";
import { around } from "./page";

const YEAR = 31_536_000;

export function switchLook(): void {
  addEventListener("click", (event) => {
    const which = around(event, "[data-switch]")?.dataset.switch;
    if (which === "theme") remember("theme", isDark() ? "light" : "dark");
    if (which === "density") changeDensity(event);
  });
}

/** The screen changes at once; the desk remembers it with the agent. */
function changeDensity(event: Event): void {
  const button = around(event, "[data-switch]");
  const form = button?.closest("form");
  if (!form) return;
  event.preventDefault();
  const density = document.documentElement.dataset.density === "compact" ? "" : "compact";
  if (density) document.documentElement.dataset.density = density;
  else delete document.documentElement.dataset.density;
  void htmx.ajax("post", form.action, { values: { density }, swap: "none" });
}

function isDark(): boolean {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}

function remember(name: "theme", value: string): void {
  if (value) document.documentElement.dataset[name] = value;
  else Reflect.deleteProperty(document.documentElement.dataset, name);
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `${name}=${value}; Path=/; Max-Age=${value ? YEAR : 0}; SameSite=Lax${secure}`;
}
