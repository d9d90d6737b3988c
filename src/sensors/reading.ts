/**
 * From what a file or a program says to a number.
 *
 * @module
 */
import { SensorError } from "../errors.ts";

const DECIMAL = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i;
const MAX_SHOWN = 60;

/**
 * The one number that `text` is, blanks around it aside. Nothing is picked out of longer text:
 * a guess would be believed as if it were a temperature.
 *
 * @throws {SensorError} when `text` is anything else
 */
export function parseReading(text: string, origin: string): number {
  const trimmed = text.trim();
  if (DECIMAL.test(trimmed)) return Number(trimmed);
  const found = trimmed === "" ? "nothing" : excerpt(trimmed);
  throw new SensorError(`Cannot read ${origin}: found ${found}; it must hold one number`);
}

/** The beginning of `text` in quotes, on one line. */
export function excerpt(text: string): string {
  return JSON.stringify(text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text);
}
