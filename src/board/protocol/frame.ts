/**
 * Frames of the board's line: COBS(type, sequence, body, CRC-16) and one zero.
 *
 * @module
 */
import { BoardError } from "../../errors.ts";
import { decodeCobs, encodeCobs } from "./cobs.ts";
import { crc16 } from "./crc16.ts";

/** The largest payload that a board takes: type, sequence, body and CRC. */
export const MAX_PAYLOAD_BYTES = 192;

/** The largest payload that a host of protocol 1.1 takes. */
export const MAX_REPLY_BYTES = 252;

const HEADER_BYTES = 2;
const CRC_BYTES = 2;

/** One whole frame, its CRC already checked and taken off. */
export interface Frame {
  /** Which message: 0x01..0x7E to the board, 0x80 more in its reply, 0xFF a refusal. */
  readonly type: number;
  /** 0..255; a reply repeats that of its command. */
  readonly seq: number;
  /** What the type says. */
  readonly body: Uint8Array;
}

/** Frames that were thrown away since the decoder was made. */
export interface BadFrames {
  /** Whole, but the CRC does not fit. */
  readonly crc: number;
  /** Cut short, longer than a payload may be, or too short to be a frame. */
  readonly cobs: number;
}

/**
 * The bytes of a frame as they go on the line, its ending zero included.
 *
 * @throws {BoardError} when the body makes the payload longer than {@link MAX_PAYLOAD_BYTES}
 */
export function encodeFrame(type: number, seq: number, body: Uint8Array): Uint8Array {
  const length = HEADER_BYTES + body.length + CRC_BYTES;
  if (length > MAX_PAYLOAD_BYTES) {
    throw new BoardError(
      `Cannot encode a board frame: its payload has ${length} bytes; at most ${MAX_PAYLOAD_BYTES} fit`,
    );
  }
  const payload = new Uint8Array(length);
  payload[0] = type;
  payload[1] = seq;
  payload.set(body, HEADER_BYTES);
  const crc = crc16(payload.subarray(0, length - CRC_BYTES));
  payload[length - 2] = crc & 0xff;
  payload[length - 1] = crc >> 8;
  const stuffed = encodeCobs(payload);
  const line = new Uint8Array(stuffed.length + 1);
  line.set(stuffed);
  return line;
}

/** One code byte more than the payload; 254 bytes and more do not occur. */
const STUFFING_BYTES = 1;

/**
 * Bytes of the line in, whole frames out. What is damaged is counted and dropped; the next zero
 * on the line always begins anew. Holds at most one frame's bytes.
 */
export class FrameDecoder {
  readonly #maxBytes: number;
  readonly #line: Uint8Array;
  readonly #frames: Frame[] = [];
  #length = 0;
  #oversize = false;
  #crc = 0;
  #cobs = 0;

  /**
   * @param synchronized false when the line may be in the middle of a frame: everything up to the
   * first zero is then dropped without being counted
   * @param maxBytes the largest payload; a board takes {@link MAX_PAYLOAD_BYTES}
   */
  constructor(synchronized = true, maxBytes = MAX_REPLY_BYTES) {
    this.#maxBytes = maxBytes;
    this.#line = new Uint8Array(maxBytes + STUFFING_BYTES);
    this.#skipping = !synchronized;
  }
  #skipping: boolean;

  /** Frames thrown away so far. */
  get bad(): BadFrames {
    return { crc: this.#crc, cobs: this.#cobs };
  }

  /** Takes bytes as they come, in pieces of any size. */
  push(chunk: Uint8Array): void {
    for (const byte of chunk) {
      if (byte === 0) this.#end();
      else if (this.#length === this.#line.length) this.#oversize = true;
      else this.#line[this.#length++] = byte;
    }
  }

  /** The next whole frame, or null until more bytes come. */
  next(): Frame | null {
    return this.#frames.shift() ?? null;
  }

  #end(): void {
    const line = this.#line.subarray(0, this.#length);
    const drop = this.#skipping || this.#length === 0;
    const oversize = this.#oversize;
    this.#length = 0;
    this.#oversize = false;
    this.#skipping = false;
    if (drop) return;
    const payload = oversize ? null : decodeCobs(line);
    if (
      payload === null || payload.length < HEADER_BYTES + CRC_BYTES ||
      payload.length > this.#maxBytes
    ) {
      this.#cobs++;
    } else if (crc16(payload) !== 0) {
      this.#crc++;
    } else {
      this.#frames.push({
        type: payload[0] ?? 0,
        seq: payload[1] ?? 0,
        body: payload.subarray(HEADER_BYTES, payload.length - CRC_BYTES),
      });
    }
  }
}
