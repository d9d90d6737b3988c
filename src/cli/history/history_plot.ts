/**
 * A history as drawings of characters: temperatures, duty and speed above the same time. Pure.
 *
 * @module
 */
import { formatDate } from "../date.ts";
import { gridLines, type GridMark } from "../grid_plot.ts";
import { sensorsOf, type Span, type Step } from "./steps.ts";

const TEMP_ROWS = 8;
const OTHER_ROWS = 5;
const LABEL_WIDTH = 5;
/** Of the sensors, in their order; more than these share the last. */
const SIGNS = "•x+o*#";
const RANGE = "·";
const ALARM = "!";

/** Which time is drawn, and how wide. */
export interface PlotFrame {
  readonly fromMs: number;
  readonly toMs: number;
  /** Characters of a line. */
  readonly columns: number;
  readonly zone: string;
}

/** How many steps are drawn side by side in a terminal of this width. */
export function plotColumns(width: number): number {
  return Math.max(20, width - LABEL_WIDTH - 2);
}

/** The lines of the drawings, each under its title. */
export function historyPlot(steps: readonly Step[], frame: PlotFrame): string[] {
  const sensors = sensorsOf(steps);
  const columns = plotColumns(frame.columns);
  const place = (step: Step) =>
    Math.floor((step.at.getTime() - frame.fromMs) / (frame.toMs - frame.fromMs) * columns);
  const draw = (rows: number, series: readonly Series[], range: [number, number] | null) =>
    drawing(steps, series, { rows, columns, place, range });
  const temps = sensors.map((name, index): Series => ({
    sign: SIGNS[Math.min(index, SIGNS.length - 1)] ?? RANGE,
    spanOf: (step) => step.temps.get(name) ?? null,
  }));
  const legend = sensors.map((name, index) => `${temps[index]?.sign} ${name}`).join("  ");
  const isAlarm = (step: Step) => (step.failsafe ?? 0) > 0;
  const duty: Series[] = [
    { sign: "•", spanOf: ({ duty }) => duty },
    { sign: ALARM, spanOf: (step) => isAlarm(step) ? onlyMean(step.duty) : null },
  ];
  const hint = steps.some(isAlarm) ? `  (${ALARM} failsafe)` : "";
  return [
    `temperature, °C:  ${legend}`,
    ...draw(TEMP_ROWS, temps, null),
    `duty, %${hint}`,
    ...draw(OTHER_ROWS, duty, [0, 100]),
    "speed, rpm",
    ...draw(OTHER_ROWS, [{ sign: "•", spanOf: ({ rpm }) => rpm }], null),
    timeAxis(frame, columns),
  ];
}

interface Series {
  readonly sign: string;
  spanOf(step: Step): Span | null;
}

interface Drawing {
  readonly rows: number;
  readonly columns: number;
  place(step: Step): number;
  /** Of the axis; null for what the values need. */
  readonly range: readonly [number, number] | null;
}

function drawing(
  steps: readonly Step[],
  series: readonly Series[],
  { rows, columns, place, range }: Drawing,
): string[] {
  const ranges: GridMark[] = [];
  const means: GridMark[] = [];
  for (const { sign, spanOf } of series) {
    for (const step of steps) {
      const span = spanOf(step);
      if (span === null) continue;
      const column = place(step);
      for (const value of [span[0], span[2]]) ranges.push({ column, value, sign: RANGE });
      means.push({ column, value: span[1], sign });
    }
  }
  if (means.length === 0) return [`${" ".repeat(LABEL_WIDTH)} │ nothing is known`];
  const values = ranges.map(({ value }) => value);
  const [low, high] = range ?? [Math.floor(Math.min(...values)), Math.ceil(Math.max(...values))];
  const format = (value: number) => String(Math.round(value));
  return gridLines([...ranges, ...means], {
    rows,
    columns,
    low,
    high: Math.max(high, low + 1),
    format,
    labelWidth: LABEL_WIDTH,
  });
}

function onlyMean(span: Span | null): Span | null {
  return span === null ? null : [span[1], span[1], span[1]];
}

function timeAxis({ fromMs, toMs, zone }: PlotFrame, columns: number): string {
  const [first, last] = [fromMs, toMs].map((ms) => formatDate(new Date(ms), zone));
  return `${" ".repeat(LABEL_WIDTH + 2)}${first}${
    `${last}`.padStart(Math.max(0, columns - `${first}`.length))
  }`;
}
