/**
 * Speed over duty as a drawing of characters. Pure.
 *
 * @module
 */

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
  const grid = Array.from({ length: ROWS }, () => Array<string>(COLUMNS).fill(" "));
  for (const { percent, rpm } of marks) {
    const column = Math.round(percent / 100 * (COLUMNS - 1));
    const row = ROWS - 1 - Math.round(rpm / most * (ROWS - 1));
    const cells = grid[row];
    if (cells !== undefined) cells[column] = "•";
  }
  const label = (row: number) => row === 0 ? String(Math.round(most)) : row === ROWS - 1 ? "0" : "";
  const width = label(0).length;
  return [
    `${"rpm".padStart(width)}`,
    ...grid.map((cells, row) => `${label(row).padStart(width)} │${cells.join("")}`.trimEnd()),
    `${" ".repeat(width)} └${"─".repeat(COLUMNS)}`,
    `${" ".repeat(width)}  0${"50".padStart((COLUMNS - 1) / 2)}${"100 %".padStart(COLUMNS / 2)}`,
  ];
}
