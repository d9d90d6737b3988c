/**
 * Dates on the wire: CBOR tag 1 (seconds since the Unix epoch) and tag 0 (RFC 3339 text).
 *
 * @module
 */

const RFC3339 =
  /^(\d{4})-(\d{2})-(\d{2})T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/;

/** The number that tag 1 carries: an integer when the date falls on a whole second. */
export function dateToEpochSeconds(date: Date): number {
  return date.getTime() / 1000;
}

/** The date that tag 1 stands for, or null when there is none such; resolution 1 ms. */
export function dateFromEpochSeconds(seconds: unknown): Date | null {
  if (typeof seconds !== "number") return null;
  const date = new Date(Math.round(seconds * 1000));
  return Number.isNaN(date.getTime()) ? null : date;
}

/** The date that tag 0 stands for, or null when it is not RFC 3339 or no such day exists. */
export function dateFromText(text: unknown): Date | null {
  if (typeof text !== "string") return null;
  const upper = text.toUpperCase();
  const parts = RFC3339.exec(upper);
  if (parts === null) return null;
  // Date.parse takes February 30 for March 1, so the day is checked on its own.
  const [, year, month, day] = parts;
  const midnight = new Date(`${year}-${month}-${day}T00:00:00Z`);
  if (Number.isNaN(midnight.getTime()) || midnight.getUTCDate() !== Number(day)) return null;
  return new Date(Date.parse(upper));
}
