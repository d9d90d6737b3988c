/**
 * Marks over a grid of characters, with an axis at the left. Pure.
 *
 * @module
 */

/** One mark of a drawing. */
export interface GridMark {
  /** From the left, from 0. */
  readonly column: number;
  readonly value: number;
  /** One character. */
  readonly sign: string;
}

/** The paper that marks are drawn on. */
export interface GridPaper {
  readonly rows: number;
  readonly columns: number;
  /** The value of the lowest row. */
  readonly low: number;
  /** The value of the highest row. */
  readonly high: number;
  /** How a value is written beside the axis. */
  format(value: number): string;
  /** Characters of the labels at least, so that several drawings stand above each other. */
  readonly labelWidth?: number;
}

/** The lines of a drawing; a later mark covers an earlier one. */
export function gridLines(marks: readonly GridMark[], paper: GridPaper): string[] {
  const { rows, columns, low, high } = paper;
  const grid = Array.from({ length: rows }, () => Array<string>(columns).fill(" "));
  const span = high - low || 1;
  for (const { column, value, sign } of marks) {
    const up = Math.round((value - low) / span * (rows - 1));
    const cells = grid[rows - 1 - Math.min(rows - 1, Math.max(0, up))];
    if (cells !== undefined && column >= 0 && column < columns) cells[column] = sign;
  }
  const [top, bottom] = [paper.format(high), paper.format(low)];
  const width = Math.max(top.length, bottom.length, paper.labelWidth ?? 0);
  const label = (row: number) => row === 0 ? top : row === rows - 1 ? bottom : "";
  return [
    ...grid.map((cells, row) => `${label(row).padStart(width)} │${cells.join("")}`.trimEnd()),
    `${" ".repeat(width)} └${"─".repeat(columns)}`,
  ];
}
