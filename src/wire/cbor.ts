/**
 * The CBOR subset of the wire, through cborg: RFC 8949 core deterministic encoding out, and in
 * whatever a correct encoder of another language writes, without what nobody needs.
 *
 * @module
 */
import {
  CborToken,
  CborType,
  type DecodeOptions,
  encodeCborInto,
  tokensToObject,
} from "../../deps.ts";
import { CorruptedDataError } from "../errors.ts";
import { dateFromEpochSeconds, dateFromText, dateToEpochSeconds } from "./date.ts";
import type { WireLimits } from "./limits.ts";
import { Measure, refuse } from "./measure.ts";
import { LimitedTokenizer } from "./tokenizer.ts";
import type { WireValue } from "./value.ts";

const DECODE_OPTIONS: DecodeOptions = {
  strict: false,
  allowIndefinite: false,
  allowUndefined: false,
  allowNaN: false,
  allowInfinity: false,
  allowBigInt: false,
  rejectDuplicateMapKeys: true,
  tags: {
    0: (content) => dateOrRefuse(dateFromText(content()), 0),
    1: (content) => dateOrRefuse(dateFromEpochSeconds(content()), 1),
  },
};

/**
 * cborg's default order of map keys, shorter first and then by bytes, is RFC 8949's bytewise
 * order as long as all keys are text; it costs half of what `rfc8949EncodeOptions` does.
 */
const ENCODE_OPTIONS = { typeEncoders: { Date: dateTokens } };

/** Decoding is synchronous and never nests, so one tokenizer serves everybody. */
const tokenizer = new LimitedTokenizer(DECODE_OPTIONS);

/**
 * Frames are cut from a shared block because in V8 allocating a small `Uint8Array` costs more
 * than encoding a small message.
 */
const BLOCK_BYTES = 16384;
let block = new Uint8Array(0);
let blockUsed = 0;

/**
 * Encodes a value behind `headerBytes` bytes that are left for the caller to fill.
 *
 * @throws {UnencodableError} If the value cannot be sent or exceeds the limits.
 */
export function encodeValue(
  value: unknown,
  headerBytes: number,
  limits: Readonly<WireLimits>,
): Uint8Array {
  const measure = new Measure(limits);
  measure.add(value, 1);
  const room = Math.min(measure.bytes, limits.maxFrameBytes);
  const whole = takeRoom(headerBytes + room);
  let written: number;
  try {
    written = encodeCborInto(value, whole.subarray(headerBytes), ENCODE_OPTIONS).written;
  } catch (cause) {
    // Everything else has been checked: the only thing left to go wrong is the room.
    const error = refuse(`it needs more than ${limits.maxFrameBytes} bytes`, "send less at a time");
    error.cause = cause;
    throw error;
  }
  const used = headerBytes + written;
  if (whole.buffer === block.buffer) blockUsed += used;
  return whole.subarray(0, used);
}

/** At least `bytes` bytes: of the block, of a new block, or alone when that is much. */
function takeRoom(bytes: number): Uint8Array {
  if (bytes > BLOCK_BYTES / 4) return new Uint8Array(bytes);
  if (blockUsed + bytes > block.length) {
    block = new Uint8Array(BLOCK_BYTES);
    blockUsed = 0;
  }
  return block.subarray(blockUsed, blockUsed + bytes);
}

/**
 * Decodes one value that fills `payload`.
 *
 * @throws {CorruptedDataError} If it is not in the subset or exceeds the limits.
 */
export function decodeValue(payload: Uint8Array, limits: Readonly<WireLimits>): WireValue {
  if (payload.length === 0) throw corrupted("it is empty");
  tokenizer.start(payload, limits);
  try {
    const value = tokensToObject(tokenizer, DECODE_OPTIONS);
    if (!tokenizer.done()) {
      throw corrupted(`${payload.length - tokenizer.pos()} bytes follow the item`);
    }
    return value;
  } catch (cause) {
    if (cause instanceof CorruptedDataError) throw cause;
    throw corrupted(reasonOf(cause), { cause });
  } finally {
    tokenizer.stop();
  }
}

/** The error for a payload that is not a message. */
export function corrupted(found: string, options?: ErrorOptions): CorruptedDataError {
  return new CorruptedDataError(
    `Cannot decode the message: ${found}; send one CBOR item of the protocol`,
    options,
  );
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message.replace(/^CBOR decode error: /, "") : String(cause);
}

function dateTokens(date: Date): CborToken[] {
  const seconds = dateToEpochSeconds(date);
  const type = !Number.isSafeInteger(seconds)
    ? CborType.float
    : seconds < 0
    ? CborType.negint
    : CborType.uint;
  return [new CborToken(CborType.tag, 1), new CborToken(type, seconds)];
}

function dateOrRefuse(date: Date | null, tag: number): Date {
  if (date === null) throw new TypeError(`tag ${tag} does not hold a date`);
  return date;
}
