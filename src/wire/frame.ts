/**
 * Frames: an unsigned 32-bit big-endian length N, then N bytes.
 *
 * @module
 */
import { CorruptedDataError } from "../errors.ts";
import { DEFAULT_WIRE_LIMITS } from "./limits.ts";

/** The bytes of length in front of every payload. */
export const FRAME_HEADER_BYTES = 4;

/** What an alert and a handshake of TLS begin with; as lengths they are far beyond any limit. */
const TLS_RECORDS: ReadonlySet<number> = new Set([0x1503, 0x1603]);

const EMPTY = new Uint8Array(0);
const FIRST_CAPACITY_BYTES = 64;

/**
 * Cuts a stream of bytes into payloads, however the bytes are divided into chunks.
 *
 * A payload is a view: into the pushed chunk when the frame came in one piece, else into a buffer
 * of its own. So call {@linkcode next} until it returns null before the chunk is changed; what is
 * unfinished then has been copied. Memory grows with the bytes that have come, never with the
 * length that a header claims.
 *
 * @example Read messages off a stream that comes in pieces
 * ```ts
 * import assert from "node:assert/strict";
 * import { encodeMessage } from "./message.ts";
 *
 * const frame = encodeMessage("ping", []);
 * const reader = new FrameReader();
 * reader.push(frame.subarray(0, 5));
 * assert.equal(reader.next(), null);
 * reader.push(frame.subarray(5));
 * assert.deepEqual(reader.next(), frame.subarray(4));
 * ```
 */
export class FrameReader {
  readonly #maxFrameBytes: number;
  /** What was pushed and not yet read: borrowed from the caller. */
  #chunk: Uint8Array = EMPTY;
  #offset = 0;
  /** The beginning of a frame whose rest is still to come: our own. */
  #partial: Uint8Array = EMPTY;
  #filled = 0;

  /**
   * A reader at the beginning of a stream.
   *
   * @param maxFrameBytes The largest payload that is accepted.
   */
  constructor(maxFrameBytes: number = DEFAULT_WIRE_LIMITS.maxFrameBytes) {
    this.#maxFrameBytes = maxFrameBytes;
  }

  /** Bytes of unread and unfinished frames. */
  get buffered(): number {
    return this.#filled + this.#chunk.length - this.#offset;
  }

  /** Adds what was received. */
  push(chunk: Uint8Array): void {
    if (this.#offset === this.#chunk.length) {
      this.#chunk = chunk;
    } else {
      const joined = new Uint8Array(this.#chunk.length - this.#offset + chunk.length);
      joined.set(this.#chunk.subarray(this.#offset));
      joined.set(chunk, this.#chunk.length - this.#offset);
      this.#chunk = joined;
    }
    this.#offset = 0;
  }

  /**
   * The next whole payload, or null when more bytes are needed.
   *
   * @throws {CorruptedDataError} If a length is 0 or more than the limit. Nothing that follows can
   * be read then, so every later call throws as well.
   */
  next(): Uint8Array | null {
    if (this.#filled > 0) return this.#nextPartial();
    const chunk = this.#chunk;
    const left = chunk.length - this.#offset;
    if (left >= FRAME_HEADER_BYTES) {
      const start = this.#offset + FRAME_HEADER_BYTES;
      const end = start + this.#lengthAt(chunk, this.#offset);
      if (end <= chunk.length) {
        this.#offset = end;
        return chunk.subarray(start, end);
      }
    }
    if (left > 0) this.#keep(left);
    this.#release();
    return null;
  }

  #nextPartial(): Uint8Array | null {
    if (this.#filled < FRAME_HEADER_BYTES) {
      this.#keep(FRAME_HEADER_BYTES - this.#filled);
    }
    if (this.#filled >= FRAME_HEADER_BYTES) {
      const frameBytes = FRAME_HEADER_BYTES + this.#lengthAt(this.#partial, 0);
      this.#keep(frameBytes - this.#filled);
      if (this.#filled === frameBytes) {
        const payload = this.#partial.subarray(FRAME_HEADER_BYTES, frameBytes);
        this.#partial = EMPTY;
        this.#filled = 0;
        return payload;
      }
    }
    this.#release();
    return null;
  }

  /** Moves up to `wanted` bytes of the chunk behind what is already kept. */
  #keep(wanted: number): void {
    const count = Math.min(wanted, this.#chunk.length - this.#offset);
    const needed = this.#filled + count;
    if (needed > this.#partial.length) {
      // Doubling keeps the copying linear when a large frame comes byte by byte.
      const grown = new Uint8Array(
        Math.max(needed, this.#partial.length * 2, FIRST_CAPACITY_BYTES),
      );
      grown.set(this.#partial.subarray(0, this.#filled));
      this.#partial = grown;
    }
    this.#partial.set(this.#chunk.subarray(this.#offset, this.#offset + count), this.#filled);
    this.#filled = needed;
    this.#offset += count;
  }

  #release(): void {
    this.#chunk = EMPTY;
    this.#offset = 0;
  }

  #lengthAt(bytes: Uint8Array, at: number): number {
    const length = (bytes[at] ?? 0) * 0x1000000 + ((bytes[at + 1] ?? 0) << 16) +
      ((bytes[at + 2] ?? 0) << 8) + (bytes[at + 3] ?? 0);
    if (length < 1 || length > this.#maxFrameBytes) {
      if (TLS_RECORDS.has(Math.floor(length / 0x10000))) {
        throw new CorruptedDataError(
          "Cannot read a frame: it is a record of TLS; send TLS to its own port, or use none at " +
            "either end",
        );
      }
      throw new CorruptedDataError(
        `Cannot read a frame: its length is ${length}; send 1 to ${this.#maxFrameBytes} bytes`,
      );
    }
    return length;
  }
}
