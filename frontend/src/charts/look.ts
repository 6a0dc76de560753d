// The colours of the page, as the canvas can use them: light and dark follow the tokens.

export interface Look {
  ink: string;
  quiet: string;
  ours: string;
  public: string;
  line: string;
  paper: string;
  font: string;
}

export function lookOf(element: HTMLElement): Look {
  const style = getComputedStyle(element);
  const probe = element.appendChild(document.createElement("i"));
  const colour = (token: string): string => {
    probe.style.color = `var(${token})`;
    return plain(getComputedStyle(probe).color);
  };
  const look = {
    ink: colour("--ink"),
    quiet: colour("--ink-3"),
    ours: colour("--ours"),
    public: colour("--air-ink"),
    line: colour("--line"),
    paper: colour("--paper"),
    font: style.fontFamily,
  };
  probe.remove();
  return look;
}

/** Any colour that CSS knows, as red, green and blue: the canvas says what it is. */
function plain(colour: string): string {
  const context = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  if (!context) return colour;
  context.fillStyle = colour;
  context.fillRect(0, 0, 1, 1);
  const [red, green, blue] = context.getImageData(0, 0, 1, 1).data;
  return `rgb(${red ?? 0},${green ?? 0},${blue ?? 0})`;
}
