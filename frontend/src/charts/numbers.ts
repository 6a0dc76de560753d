// A chart draws the table beside it: what is seen and what is read aloud can not differ.
//   <figure data-chart="time">  first column: days; each <th data-as="bar|line" data-ink="…"> is a series
//   <figure data-chart="across">  first column: names; <td data-series="0|1"> are the places of two marks

export interface Series {
  name: string;
  as: "bar" | "line";
  ink: string;
  values: (number | null)[];
}

export interface Numbers {
  names: string[];
  series: Series[];
}

export function read(table: HTMLTableElement, across: boolean): Numbers {
  const rows = [...(table.tBodies[0]?.rows ?? [])];
  const names = rows.map((row) => text(row.cells[0]));
  return { names, series: across ? marks(table, rows) : columns(table, rows) };
}

function columns(table: HTMLTableElement, rows: HTMLTableRowElement[]): Series[] {
  return [...(table.tHead?.rows[0]?.cells ?? [])].flatMap((head, column) =>
    head.dataset.as
      ? [{
          name: text(head),
          as: head.dataset.as === "bar" ? "bar" as const : "line" as const,
          ink: head.dataset.ink ?? "ink",
          values: rows.map((row) => value(row.cells[column])),
        }]
      : []);
}

/** The heads of the two columns name the marks. */
function marks(table: HTMLTableElement, rows: HTMLTableRowElement[]): Series[] {
  const heads = [...(table.tHead?.rows[1]?.cells ?? [])];
  return ["ours", "quiet"].map((ink, number) => ({
    name: text(heads[number]),
    as: "line",
    ink,
    values: rows.map((row) => value(row.querySelector<HTMLTableCellElement>(`[data-series="${number}"]`))),
  }));
}

function value(cell: HTMLTableCellElement | null | undefined): number | null {
  const written = cell?.dataset.value ?? "";
  return written === "" ? null : Number(written);
}

function text(cell: HTMLElement | undefined): string {
  return cell?.textContent.trim() ?? "";
}
