/**
 * What a shelf says over a radio, and what it is told: CBOR arrays of so few bytes that they fit
 * into every frame of LoRaWAN in Europe.
 *
 * @module
 */
import { CorruptedDataError } from "../../errors.ts";
import { decodeValue, encodeValue } from "../cbor.ts";
import type { WireLimits } from "../limits.ts";
import type { WireValue } from "../value.ts";

/** The first item of a payload: what it is. */
export const PayloadKind = { REPORT: 1, ORDERS: 2 } as const;

/** More than any radio carries. */
const LIMITS: WireLimits = { maxFrameBytes: 255, maxDepth: 3, maxItems: 128 };

/** One payload as bytes. */
export function encodePayload(value: WireValue[]): Uint8Array {
  return encodeValue(value, 0, LIMITS);
}

/**
 * The items of a payload after its kind.
 *
 * @throws {CorruptedDataError} If it is no payload of this kind.
 */
export function decodePayload(bytes: Uint8Array, kind: number, what: string): WireValue[] {
  const value = decodeValue(bytes, LIMITS);
  if (Array.isArray(value) && value[0] === kind) return value.slice(1);
  throw corruptedPayload(what, "it is of another kind");
}

/** The error of a payload that is not what it should be. */
export function corruptedPayload(what: string, found: string): CorruptedDataError {
  const remedy = "send what docs/lora.md specifies";
  return new CorruptedDataError(`Cannot read the ${what}: ${found}; ${remedy}`);
}

/** Whether this is a whole number from 0 to `most`. */
export function isCount(value: WireValue | undefined, most: number): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= most;
}
