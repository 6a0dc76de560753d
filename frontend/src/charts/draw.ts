import { BarChart, LineChart, ScatterChart } from "echarts/charts";
import { GridComponent, LegendComponent, TooltipComponent } from "echarts/components";
import { init, use, type EChartsCoreOption, type EChartsType } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";
import { spell } from "../desk/clocks";
import { lookOf, type Look } from "./look";
import { read, type Numbers, type Series } from "./numbers";

const ROW_PX = 30;
const ROOM_PX = 84;
const HEIGHT_PX = 260;
const LEAST = 30;
const STEPS = [60, 300, 900, 1800, 3600, 7200, 14_400, 21_600, 43_200, 86_400, 172_800, 604_800];
const TICKS = [60, 300, 900, 3600, 14_400, 43_200, 86_400, 259_200, 604_800, 2_592_000];

export function drawCharts(): void {
  use([BarChart, LineChart, ScatterChart, GridComponent, LegendComponent, TooltipComponent, CanvasRenderer]);
  const drawn = [...document.querySelectorAll<HTMLElement>("[data-chart]")].flatMap(start);
  const all = (): void => { drawn.forEach((draw) => { draw(); }); };
  new MutationObserver(all).observe(document.documentElement, { attributeFilter: ["data-theme"] });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", all);
}

/** Draws one figure and gives what draws it anew. */
function start(figure: HTMLElement): (() => void)[] {
  const room = figure.querySelector<HTMLElement>(".drawn");
  const table = figure.querySelector<HTMLTableElement>("table[data-numbers]");
  if (!room || !table) return [];
  const across = figure.dataset.chart === "across";
  const seconds = figure.dataset.unit === "seconds";
  const numbers = read(table, across);
  room.hidden = false;
  room.setAttribute("aria-hidden", "true"); // the table says the same in words
  room.style.blockSize = `${across ? ROOM_PX + ROW_PX * numbers.names.length : HEIGHT_PX}px`;
  const chart = init(room, null, { renderer: "canvas" });
  const draw = (): void => { show(chart, numbers, lookOf(figure), across, seconds); };
  new ResizeObserver(() => { chart.resize(); }).observe(room);
  draw();
  return [draw];
}

function show(chart: EChartsType, numbers: Numbers, look: Look, across: boolean, seconds: boolean): void {
  const count = { valueFormatter: (value: unknown) => said(value, seconds) };
  chart.setOption({
    animation: false,
    textStyle: { fontFamily: look.font, color: look.ink },
    tooltip: {
      trigger: "axis", renderMode: "richText", ...count, confine: true, axisPointer: { type: "line", lineStyle: { color: look.line } },
      backgroundColor: look.paper, borderColor: look.line, textStyle: { color: look.ink, fontFamily: look.font },
    },
    legend: { top: 0, left: 0, itemWidth: 14, itemHeight: 10, textStyle: { color: look.ink, fontSize: 13 } },
    grid: { left: 4, right: 20, top: 40, bottom: 4, containLabel: true },
    ...(across ? acrossNames(numbers, look) : overTime(numbers, look, seconds)),
  } satisfies EChartsCoreOption, { notMerge: true });
}

function overTime(numbers: Numbers, look: Look, seconds: boolean): EChartsCoreOption {
  return {
    xAxis: { type: "category", data: numbers.names, axisLine: { lineStyle: { color: look.line } }, axisTick: { show: false }, axisLabel: label(look) },
    yAxis: {
      type: "value", minInterval: 1, splitNumber: 4, splitLine: { lineStyle: { color: look.line } },
      axisLabel: { ...label(look), formatter: (value: number) => said(value, seconds) },
      ...(seconds ? steps(numbers) : {}),
    },
    series: numbers.series.map((one) => ({ ...shared(one, look), data: one.values, ...(one.as === "bar" ? bar : line(one, look)) })),
  };
}

/** Minutes and days lie far apart, so the scale grows by factors. */
function acrossNames(numbers: Numbers, look: Look): EChartsCoreOption {
  return {
    xAxis: {
      type: "log", min: LEAST, max: (extent: { max: number }) => TICKS.find((tick) => tick >= extent.max) ?? extent.max,
      axisTick: { customValues: TICKS }, splitLine: { lineStyle: { color: look.line } },
      axisLabel: { ...label(look), customValues: TICKS, hideOverlap: true, formatter: (value: number) => said(value, true) },
    },
    yAxis: { type: "category", inverse: true, data: numbers.names, axisLine: { show: false }, axisTick: { show: false }, axisLabel: { ...label(look), width: 150, overflow: "truncate" } },
    series: numbers.series.map((one, number) => ({
      ...shared(one, look),
      type: "scatter",
      symbol: number === 0 ? "circle" : "rect",
      itemStyle: { opacity: 1 },
      symbolSize: number === 0 ? 12 : [4, 18],
      data: one.values.map((value) => (value === null ? "-" : Math.max(value, LEAST))),
    })),
  };
}

function shared(one: Series, look: Look): Record<string, unknown> {
  const colour = { ink: look.ink, quiet: look.quiet, ours: look.ours, public: look.public }[one.ink] ?? look.ink;
  return { name: one.name, color: colour };
}

const bar = { type: "bar", barMaxWidth: 18 };

function line(one: Series, look: Look): Record<string, unknown> {
  return { type: "line", symbol: one.ink === "quiet" ? "rect" : "circle", symbolSize: 6, connectNulls: true, lineStyle: { width: 2, type: one.ink === "quiet" ? "dashed" : "solid" }, itemStyle: { borderColor: look.paper } };
}

function label(look: Look): Record<string, unknown> {
  return { color: look.ink, fontSize: 12, fontFamily: look.font };
}

function said(value: unknown, seconds: boolean): string {
  if (typeof value !== "number") return "–";
  return seconds ? spell(value) : value.toLocaleString(document.documentElement.lang || undefined);
}

/** Rules at whole minutes, hours or days, five at most. */
function steps(numbers: Numbers): { interval: number; max: number } {
  const most = Math.max(1, ...numbers.series.flatMap((one) => one.values.map((value) => value ?? 0)));
  const interval = STEPS.find((each) => most / each <= 5) ?? 2_592_000;
  return { interval, max: Math.ceil(most / interval) * interval };
}
