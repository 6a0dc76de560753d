// The few drawings of the window, in the hand of the desk's icons.

const SHAPES = {
  chat: "M4 3.5h12a1.5 1.5 0 0 1 1.5 1.5v7.5A1.5 1.5 0 0 1 16 14H9l-4 3v-3H4a1.5 1.5 0 0 1-1.5-1.5V5A1.5 1.5 0 0 1 4 3.5ZM6 7.25h8M6 10.25h5",
  close: "m5 5 10 10M15 5 5 15",
  attach: "m16 9.5-6.3 6.3a3.6 3.6 0 0 1-5.1-5.1l6.7-6.7a2.4 2.4 0 0 1 3.4 3.4l-6.5 6.5a1.2 1.2 0 0 1-1.7-1.7L12 6.7",
  send: "M3 10h13M11 5l5 5-5 5",
  phone: "M6.4 3.5 8 7 6.3 8.4a9.5 9.5 0 0 0 5.3 5.3L13 12l3.5 1.6v2.2a1.2 1.2 0 0 1-1.3 1.2A13 13 0 0 1 3 4.8a1.2 1.2 0 0 1 1.2-1.3Z",
};

export function drawing(name: keyof typeof SHAPES): SVGSVGElement {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", SHAPES[name]);
  svg.append(path);
  return svg;
}
