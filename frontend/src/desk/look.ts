// Light or dark, closer or wider rows. Kept in cookies, so that the server paints the first frame right.
import { around } from "./page";

const YEAR = 31_536_000;

export function switchLook(): void {
  addEventListener("click", (event) => {
    const which = around(event, "[data-switch]")?.dataset.switch;
    if (which === "theme") remember("theme", isDark() ? "light" : "dark");
    if (which === "density") remember("density", document.documentElement.dataset.density === "compact" ? "" : "compact");
  });
}

function isDark(): boolean {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}

function remember(name: "theme" | "density", value: string): void {
  if (value) document.documentElement.dataset[name] = value;
  else Reflect.deleteProperty(document.documentElement.dataset, name);
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `${name}=${value}; Path=/; Max-Age=${value ? YEAR : 0}; SameSite=Lax${secure}`;
}
