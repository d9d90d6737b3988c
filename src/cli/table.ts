/**
 * Columns of text.
 *
 * @module
 */

const GAP = "  ";

/**
 * Rows with their columns aligned; the last column is not padded.
 *
 * @param right The columns that align to the right.
 */
export function tableLines(
  rows: readonly (readonly string[])[],
  right: ReadonlySet<number> = new Set(),
): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [index, cell] of row.entries()) {
      widths[index] = Math.max(widths[index] ?? 0, cell.length);
    }
  }
  return rows.map((row) =>
    row.map((cell, index) => {
      const width = widths[index] ?? 0;
      return right.has(index) ? cell.padStart(width) : cell.padEnd(width);
    }).join(GAP).trimEnd()
  );
}
