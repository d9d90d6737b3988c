/**
 * Messages: `[request, args]` or `[request, args, id]`, one in a frame.
 *
 * @module
 */
import { corrupted, decodeValue, encodeValue } from "./cbor.ts";
import { FRAME_HEADER_BYTES } from "./frame.ts";
import { DEFAULT_WIRE_LIMITS, type WireLimits } from "./limits.ts";
import { refuse } from "./measure.ts";
import type { WireValue } from "./value.ts";

/** A request, a reply or a push. */
export interface Message {
  /** What it is: one of the `Request` texts, or a text that this version does not know. */
  request: string;
  /** The arguments, in order. */
  args: WireValue[];
  /** A number that the asker chose and that the reply repeats. */
  id?: number;
}

/**
 * A whole frame, ready to be written.
 *
 * @throws {UnencodableError} If an argument cannot be sent, the id is not an unsigned safe
 * integer, or the message exceeds the limits.
 *
 * @example Write a request
 * ```ts
 * import assert from "node:assert/strict";
 *
 * const frame = encodeMessage("get_pwm", ["shelf1"]);
 * assert.equal(frame.toHex(), "0000001182676765745f70776d81667368656c6631");
 * ```
 */
export function encodeMessage(
  request: string,
  args: readonly WireValue[],
  id?: number,
  limits: Readonly<WireLimits> = DEFAULT_WIRE_LIMITS,
): Uint8Array {
  if (id !== undefined && !isId(id)) throw refuse(`its id is ${id}`, "use an unsigned integer");
  const frame = encodeValue(
    id === undefined ? [request, args] : [request, args, id],
    FRAME_HEADER_BYTES,
    limits,
  );
  const length = frame.length - FRAME_HEADER_BYTES;
  frame[0] = length >>> 24;
  frame[1] = length >>> 16;
  frame[2] = length >>> 8;
  frame[3] = length;
  return frame;
}

/**
 * The message in a frame's payload.
 *
 * @throws {CorruptedDataError} If it is not one CBOR item of the subset, exceeds the limits, or
 * is not an array of text, array and perhaps an unsigned integer.
 *
 * @example Read a reply, without the four bytes of its length
 * ```ts
 * import assert from "node:assert/strict";
 *
 * const payload = Uint8Array.fromHex("82677365745f70776d82667368656c6631f95150");
 * assert.deepEqual(decodeMessage(payload), { request: "set_pwm", args: ["shelf1", 42.5] });
 * ```
 */
export function decodeMessage(
  payload: Uint8Array,
  limits: Readonly<WireLimits> = DEFAULT_WIRE_LIMITS,
): Message {
  const item = decodeValue(payload, limits);
  if (!Array.isArray(item) || item.length < 2 || item.length > 3) {
    throw corrupted("it is not an array of two or three items");
  }
  const [request, args, id] = item;
  if (typeof request !== "string") throw corrupted("its first item is not text");
  if (!Array.isArray(args)) throw corrupted("its second item is not an array");
  if (item.length === 2) return { request, args };
  if (!isId(id)) throw corrupted("its third item is not an unsigned integer");
  return { request, args, id };
}

function isId(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
