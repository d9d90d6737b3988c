/**
 * How fast one client may ask.
 *
 * @module
 */

/** What one connection may send a second. */
export interface PaceLimits {
  readonly framesPerS: number;
  readonly bytesPerS: number;
}

/** Who was slow before may be as fast for as long as this. */
const BURST_MS = 1000;

/** Counts what a client sends against the time that it may take. */
export class Pace {
  readonly #frameMs: number;
  readonly #byteMs: number;
  /** The time up to which what came is paid for. */
  #paidMs = -Infinity;

  /** A client that has sent nothing yet. */
  constructor(limits: PaceLimits) {
    this.#frameMs = 1000 / limits.framesPerS;
    this.#byteMs = 1000 / limits.bytesPerS;
  }

  /** Takes what has come; the milliseconds that the client has to wait for, mostly 0. */
  take(nowMs: number, frames: number, bytes: number): number {
    const costMs = Math.max(frames * this.#frameMs, bytes * this.#byteMs);
    this.#paidMs = Math.max(this.#paidMs, nowMs - BURST_MS) + costMs;
    return Math.max(0, this.#paidMs - nowMs);
  }
}
