/**
 * The values that a message may carry.
 *
 * @module
 */

/** A map with text keys. */
export type WireMap = { [key: string]: WireValue };

/**
 * What can be an argument of a message: finite numbers, well-formed text, bytes, dates, and arrays
 * and plain objects of these. Numbers are sent as integers when they are safe integers, else as
 * the shortest float that holds them; `-0` is sent as `0`.
 */
export type WireValue =
  | null
  | boolean
  | number
  | string
  | Uint8Array
  | Date
  | WireValue[]
  | WireMap;

/** Whether a value is a map, and not an array, a date or bytes. */
export function isWireMap(value: WireValue | undefined): value is WireMap {
  return typeof value === "object" && value !== null && !Array.isArray(value) &&
    !(value instanceof Date) && !(value instanceof Uint8Array);
}
