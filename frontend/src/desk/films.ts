// Short videos in the composer: opens the recorder, which is loaded then, and keeps captions of the videos there are.
import htmx from "htmx.org";
import { around } from "./page";

export function listenFilms(): void {
  document.addEventListener("click", (event) => {
    const opens = around(event, "[data-film-opens]");
    if (opens) void open(opens.dataset.thanks ?? "");
    const keeps = around(event, "[data-keeps-captions]");
    if (keeps) captions(keeps.dataset.keepsCaptions ?? "", { captions: keeps.closest("details")?.querySelector("textarea")?.value ?? "" });
  });
  document.addEventListener("change", (event) => {
    const field = event.target;
    if (!(field instanceof HTMLInputElement) || field.dataset.captionsFile === undefined) return;
    const box = field.closest("details")?.querySelector("textarea");
    void field.files?.[0]?.text().then((text) => { if (box) box.value = text; });
  });
}

async function open(thanks: string): Promise<void> {
  const dialog = document.getElementById("film-dialog");
  const box = document.querySelector<HTMLTextAreaElement>("#answer");
  if (!(dialog instanceof HTMLDialogElement) || !box) return;
  if (thanks && !box.value.includes(thanks)) {
    box.value = box.value.trim() ? `${box.value.trim()}\n\n${thanks}\n` : `${thanks}\n`;
    box.dispatchEvent(new Event("input", { bubbles: true }));
  }
  if (!document.querySelector("script[data-films]")) {
    const script = document.createElement("script");
    script.src = dialog.dataset.script ?? "";
    script.dataset.films = "";
    await new Promise((loaded) => {
      script.addEventListener("load", loaded);
      document.head.append(script);
    });
  }
  dialog.showModal();
  dialog.dispatchEvent(new Event("threadline:film"));
}

function captions(address: string, values: Record<string, string>): void {
  void htmx.ajax("post", address, { source: "#films", target: "#films", swap: "outerHTML", values });
}
