/**
 * Speed over duty as a drawing of characters. Pure.
 *
 * @module
 */
import { gridLines } from "../grid_plot.ts";

const ROWS = 10;
const COLUMNS = 51;

/** One mark of the drawing. */
export interface Mark {
  /** 0 to 100. */
  readonly percent: number;
  readonly rpm: number;
}

/** The lines of a drawing, axes and their labels included. */
export function plotLines(marks: readonly Mark[]): string[] {
  const most = Math.max(1, ...marks.map(({ rpm }) => rpm));
  const label = (rpm: number) => String(Math.round(rpm));
  const drawn = gridLines(
    marks.map(({ percent, rpm }) => ({
      column: Math.round(percent / 100 * (COLUMNS - 1)),
      value: rpm,
      sign: "•",
    })),
    { rows: ROWS, columns: COLUMNS, low: 0, high: most, format: label },
  );
  const width = label(most).length;
  return [
    `${"rpm".padStart(width)}`,
    ...drawn,
    `${" ".repeat(width)}  0${"50".padStart((COLUMNS - 1) / 2)}${"100 %".padStart(COLUMNS / 2)}`,
  ];
}
