/**
 * Duties as fanctl takes them, and numbers as its tables show them.
 *
 * @module
 */
import { UsageError } from "../errors.ts";

const NUMBER_FORM = /^[0-9]+(?:\.[0-9]+)?$/;

/**
 * A duty in percent, or `null` for the word `none` in any case.
 *
 * @throws {UsageError} When `text` is neither, or outside 0 to 100.
 */
export function parsePercent(text: string): number | null {
  const trimmed = text.trim();
  if (trimmed.toLowerCase() === "none") return null;
  const percent = NUMBER_FORM.test(trimmed) ? Number(trimmed) : Number.NaN;
  if (percent >= 0 && percent <= 100) return percent;
  throw new UsageError(
    `Cannot read the percentage "${text}": it is not between 0 and 100; ` +
      "write for example 40, 62.5 or none",
  );
}

/** The shortest way to write a number with at most one decimal: `25`, `62.5`. */
export function formatNumber(value: number): string {
  return String(Number(value.toFixed(1)));
}
