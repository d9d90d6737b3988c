/**
 * Values as text that is safe to print: what a server sends never moves a terminal's cursor.
 *
 * @module
 */
import { isWireMap, type WireValue } from "../wire/value.ts";

// deno-lint-ignore no-control-regex -- finding control characters is the purpose
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

/** `text` with every control character shown as its number: `\u001b`. */
export function printable(text: string): string {
  return text.replace(
    CONTROL,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** `value` with every text in it {@linkcode printable}; what its keys are is left alone. */
export function printableValue(value: WireValue): WireValue {
  if (typeof value === "string") return printable(value);
  if (Array.isArray(value)) return value.map(printableValue);
  if (!isWireMap(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key, printableValue(each)]),
  );
}

/** A value as JSON on one line: dates in ISO 8601, bytes in hexadecimal. */
export function toJson(value: WireValue): string {
  const text = JSON.stringify(
    value,
    (_key, item) => item instanceof Uint8Array ? item.toHex() : item,
  );
  return printable(text);
}
