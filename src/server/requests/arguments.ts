/**
 * The arguments of a request, checked one by one: a wrong one is named with its place, what was
 * found and what is allowed, and costs the client nothing but this request.
 *
 * @module
 */

import { BadArgumentsError } from "../../errors.ts";
import type { WireValue } from "../../wire/value.ts";
import { sizeOf, type WireSize } from "./size.ts";

/** The most that a reporter may say of a shelf beside the speed. */
const MOST_DETAILS: WireSize = { bytes: 8192, items: 512, depth: 4 };
/** The most that an agent may say of a board that was asked for something. */
export const MOST_RESULT: WireSize = { bytes: 32_768, items: 2048, depth: 6 };

/** Refuses a request with too few or too many arguments. */
export function checkCount(
  request: string,
  args: readonly WireValue[],
  least: number,
  most: number = least,
): void {
  if (args.length >= least && args.length <= most) return;
  const wanted = least === most ? `${least}` : `${least} to ${most}`;
  throw new BadArgumentsError(
    `Cannot do "${request}": ${args.length} arguments found; send ${wanted}`,
  );
}

/** A text argument. */
export function textAt(request: string, args: readonly WireValue[], index: number): string {
  const value = args[index];
  if (typeof value === "string") return value;
  throw wrongType(request, index, value, "text");
}

/** A text argument that may be null or absent. */
export function optionalTextAt(
  request: string,
  args: readonly WireValue[],
  index: number,
): string | null {
  const value = args[index] ?? null;
  if (value === null || typeof value === "string") return value;
  throw wrongType(request, index, value, "text or null");
}

/** A number argument that may be null; integers and floats alike. */
export function numberOrNullAt(
  request: string,
  args: readonly WireValue[],
  index: number,
): number | null {
  const value = args[index] ?? null;
  if (value === null || typeof value === "number") return value;
  throw wrongType(request, index, value, "a number or null");
}

/** A number argument; integers and floats alike. */
export function numberAt(request: string, args: readonly WireValue[], index: number): number {
  const value = args[index];
  if (typeof value === "number") return value;
  throw wrongType(request, index, value, "a number");
}

/** A date argument (tag 0 or 1) that may be null or absent. */
export function dateOrNullAt(
  request: string,
  args: readonly WireValue[],
  index: number,
): Date | null {
  const value = args[index] ?? null;
  if (value === null || value instanceof Date) return value;
  throw wrongType(request, index, value, "a date (tag 0 or 1) or null");
}

/** A boolean argument that is false when absent. */
export function flagAt(request: string, args: readonly WireValue[], index: number): boolean {
  const value = args[index] ?? false;
  if (typeof value === "boolean") return value;
  throw wrongType(request, index, value, "true or false");
}

/** A map argument that may be null or absent. */
export function mapOrNullAt(
  request: string,
  args: readonly WireValue[],
  index: number,
): Record<string, WireValue> | null {
  const value = args[index] ?? null;
  if (value === null || isMap(value)) return value;
  throw wrongType(request, index, value, "a map or null");
}

/**
 * A map argument as {@link mapOrNullAt} of a limited size; by default small enough to be shown to
 * everybody who asks for the status of a shelf.
 */
export function detailsAt(
  request: string,
  args: readonly WireValue[],
  index: number,
  most: WireSize = MOST_DETAILS,
): Record<string, WireValue> | null {
  const details = mapOrNullAt(request, args, index);
  const { bytes, items, depth } = sizeOf(details);
  if (bytes <= most.bytes && items <= most.items && depth <= most.depth) return details;
  throw new BadArgumentsError(
    `Cannot do "${request}": argument ${index + 1} has ${sizeText({ bytes, items, depth })}; ` +
      `send at most ${sizeText(most)}`,
  );
}

/** How long a reason may be, in UTF-16 units. */
const MOST_REASON = 200;

/** Why something is ordered; may be null or absent. */
export function reasonAt(
  request: string,
  args: readonly WireValue[],
  index: number,
): string | null {
  const reason = optionalTextAt(request, args, index);
  if (reason === null || reason.length <= MOST_REASON) return reason;
  throw new BadArgumentsError(
    `Cannot do "${request}": argument ${index + 1} has ${reason.length} characters; ` +
      `send a reason of at most ${MOST_REASON}`,
  );
}

function sizeText({ bytes, items, depth }: WireSize): string {
  return `${bytes} bytes, ${items} items and ${depth} levels`;
}

/** How many entries of a page are asked for: 1 to `most`, which is also the default. */
export function pageSizeAt(
  request: string,
  args: readonly WireValue[],
  index: number,
  most: number,
): number {
  const value = numberOrNullAt(request, args, index) ?? most;
  if (Number.isInteger(value) && value >= 1) return Math.min(value, most);
  throw wrongType(request, index, value, `a whole number from 1 to ${most}`);
}

function isMap(value: WireValue): value is Record<string, WireValue> {
  return typeof value === "object" && value !== null && !Array.isArray(value) &&
    !(value instanceof Date) && !(value instanceof Uint8Array);
}

function wrongType(
  request: string,
  index: number,
  value: WireValue | undefined,
  wanted: string,
): BadArgumentsError {
  return new BadArgumentsError(
    `Cannot do "${request}": argument ${index + 1} is ${describe(value)}; send ${wanted}`,
  );
}

function describe(value: WireValue | undefined): string {
  if (value === undefined || value === null) return "null";
  if (Array.isArray(value)) return "an array";
  if (value instanceof Date) return "a date";
  if (value instanceof Uint8Array) return "bytes";
  return typeof value === "object" ? "a map" : typeof value === "string" ? "text" : `${value}`;
}
