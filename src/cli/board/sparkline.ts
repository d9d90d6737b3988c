/**
 * A row of numbers as a row of bars. Pure.
 *
 * @module
 */

const BARS = "▁▂▃▄▅▆▇█";

/** A bar for each value between 0 and `most`; a blank for one that is not known. */
export function sparkline(values: readonly (number | null)[], most: number): string {
  return values.map((value) => {
    if (value === null) return " ";
    const share = most > 0 ? Math.min(1, Math.max(0, value / most)) : 0;
    return BARS[Math.round(share * (BARS.length - 1))];
  }).join("");
}
