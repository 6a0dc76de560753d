// The names that a condition may use, beside its field: what is begun narrows them, a click or Enter puts one in.
//   <textarea data-names="names"></textarea> <details id="names">… <tr><th><code>story.intent</code></th> …
export function offerNames(): void {
  for (const field of document.querySelectorAll<HTMLTextAreaElement>("textarea[data-names]")) {
    const box = document.getElementById(field.dataset.names ?? "");
    const table = box?.querySelector("table");
    if (box instanceof HTMLDetailsElement && table) offer(field, box, [...table.querySelectorAll<HTMLTableRowElement>("tbody tr")]);
  }
}

function offer(field: HTMLTextAreaElement, box: HTMLDetailsElement, rows: HTMLTableRowElement[]): void {
  for (const row of rows) {
    const cell = row.cells[0];
    if (!cell) continue;
    const name = cell.textContent;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "as-link";
    button.append(...cell.childNodes);
    button.addEventListener("click", () => {
      put(field, name);
    });
    cell.replaceChildren(button);
  }
  field.addEventListener("input", () => {
    narrow(begun(field), box, rows);
  });
}

/** The name that stands before the caret, as far as it is written; nothing within quotation marks. */
function begun(field: HTMLTextAreaElement): string {
  const before = field.value.slice(0, field.selectionStart);
  if ((before.split('"').length - 1) % 2 === 1) return "";
  return /[a-z][\w.]*$/i.exec(before)?.[0].toLowerCase() ?? "";
}

function narrow(word: string, box: HTMLDetailsElement, rows: HTMLTableRowElement[]): void {
  const fitting = rows.filter((row) => (row.cells[0]?.textContent ?? "").toLowerCase().includes(word));
  if (word) box.open = true;
  for (const row of rows) row.hidden = fitting.length > 0 && !fitting.includes(row);
}

function put(field: HTMLTextAreaElement, name: string): void {
  const end = field.selectionStart;
  const start = end - begun(field).length;
  field.setRangeText(name, start, end, "end");
  field.focus();
  field.dispatchEvent(new Event("input", { bubbles: true }));
}
