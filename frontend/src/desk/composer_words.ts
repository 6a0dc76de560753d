// Words put into the composer: at the cursor, instead of a sentence, or as marks around what is chosen.
import { around } from "./page";

/** Put words where the cursor is, or instead of a sentence that stands there. Undo (Ctrl Z) takes them out again. */
export function insert(box: HTMLTextAreaElement | null, words: string, instead = ""): void {
  if (!box) return;
  box.focus();
  const at = instead ? box.value.indexOf(instead) : -1;
  if (at >= 0) box.setSelectionRange(at, at + instead.length);
  type(box, words);
}

/** As if it had been typed, so that the browser can undo it. */
export function type(box: HTMLTextAreaElement, words: string): void {
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- the only way that keeps the browser's own undo
  if (words && document.execCommand("insertText", false, words)) return;
  box.setRangeText(words, box.selectionStart, box.selectionEnd, "end");
  box.dispatchEvent(new Event("input", { bubbles: true }));
}

/** What a macro does stands below the box until the answer is sent, and can be left out. */
export function addMacro(form: HTMLFormElement, number: string, name: string): void {
  if (form.querySelector(`input[name=macro][value="${CSS.escape(number)}"]`)) return;
  let list = form.querySelector(".with-it");
  if (!list) {
    list = document.createElement("ul");
    list.className = "chips with-it";
    form.querySelector("#answer-files")?.after(list);
  }
  const chip = document.createElement("li");
  chip.className = "chip";
  const field = document.createElement("input");
  field.type = "hidden";
  field.name = "macro";
  field.value = number;
  const remove = document.createElement("button");
  remove.type = "button";
  remove.className = "as-link";
  remove.dataset.removes = ".chip";
  remove.textContent = "×";
  remove.ariaLabel = name;
  chip.append(field, name, remove);
  list.append(chip);
}

export function listenMarks(): void {
  document.addEventListener("click", (event) => {
    const button = around(event, "[data-mark], [data-lines], [data-link]");
    const box = button?.closest("form")?.querySelector("textarea");
    if (!button || !box) return;
    box.focus();
    const chosen = box.value.slice(box.selectionStart, box.selectionEnd);
    if (button.dataset.mark) wrap(box, button.dataset.mark, chosen);
    else if (button.dataset.lines) lines(box, button.dataset.lines);
    else link(box, chosen);
  });
}

function wrap(box: HTMLTextAreaElement, mark: string, chosen: string): void {
  const at = box.selectionStart;
  type(box, `${mark}${chosen}${mark}`);
  if (!chosen) box.setSelectionRange(at + mark.length, at + mark.length);
}

/** Every chosen line becomes one of a list; a list stands apart from what comes before. */
function lines(box: HTMLTextAreaElement, mark: string): void {
  const from = box.value.lastIndexOf("\n", box.selectionStart - 1) + 1;
  box.setSelectionRange(from, box.selectionEnd);
  const chosen = box.value.slice(from, box.selectionEnd);
  const apart = from > 0 && !/\n\n$|\n- .*\n$/.test(box.value.slice(0, from)) ? "\n" : "";
  type(box, apart + chosen.split("\n").map((line) => (line.startsWith(mark) ? line : mark + line)).join("\n"));
}

function link(box: HTMLTextAreaElement, chosen: string): void {
  const at = box.selectionStart;
  type(box, `[${chosen}](https://)`);
  if (!chosen) box.setSelectionRange(at + 1, at + 1);
}
