/**
 * Temperatures as people type them.
 *
 * @module
 */
import { UsageError } from "../errors.ts";

/** How long a pushed reading is good for when nobody says. */
export const DEFAULT_PUSH_TTL_MS = 60_000;

const DECIMAL = /^[+-]?\d+(\.\d+)?$/;

/**
 * The temperature in °C, or null for `none`.
 *
 * @throws {UsageError} For anything else.
 */
export function parseTemperature(text: string): number | null {
  const trimmed = text.trim();
  if (trimmed.toLowerCase() === "none") return null;
  if (DECIMAL.test(trimmed)) return Number(trimmed);
  throw new UsageError(
    `Cannot read the temperature "${text}": it is no number; write degrees Celsius as 21.5, ` +
      'or "none"',
  );
}
