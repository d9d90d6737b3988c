/**
 * Writing to a connection so that what several callers write never mixes.
 *
 * @module
 */
import type { Clock } from "../clock.ts";
import { Waiter, type WaitLimits } from "./waiter.ts";

/** The writing half of a `Deno.Conn`. */
export interface ByteSink {
  /** Writes some of the bytes and tells how many. */
  write(bytes: Uint8Array): Promise<number>;
}

/** One caller's bytes. */
interface Entry {
  bytes: Uint8Array;
  waiter: Waiter<void>;
}

/**
 * Writes whole pieces, one after the other. A piece whose writer gave up before its first byte
 * was written is dropped; one that has begun is finished, for half a frame would spoil the stream.
 */
export class WriteQueue {
  readonly #sink: ByteSink;
  readonly #clock: Clock;
  readonly #entries: Entry[] = [];
  readonly #waiters: Set<Waiter<void>> = new Set();
  #queuedBytes = 0;
  #failure: { error: unknown } | null = null;

  constructor(sink: ByteSink, clock: Clock) {
    this.#sink = sink;
    this.#clock = clock;
  }

  /** Bytes that are not yet given to the operating system. */
  get queuedBytes(): number {
    return this.#queuedBytes;
  }

  /**
   * Writes all of `bytes`, which must not change until then.
   *
   * @param timeoutError Makes the error for when the time is up.
   * @throws What writing threw, now or before.
   */
  write(bytes: Uint8Array, limits: WaitLimits, timeoutError: () => Error): Promise<void> {
    const waiter = new Waiter<void>(
      this.#waiters,
      this.#clock,
      limits,
      (late) => late.reject(timeoutError()),
    );
    if (this.#failure !== null) waiter.reject(this.#failure.error);
    if (this.#waiters.has(waiter)) {
      this.#queuedBytes += bytes.length;
      if (this.#entries.push({ bytes, waiter }) === 1) this.#work();
    }
    return waiter.promise;
  }

  /** Ends every wait with this error, and every later one. */
  fail(error: unknown): void {
    this.#failure ??= { error };
    for (const waiter of [...this.#waiters]) waiter.reject(this.#failure.error);
  }

  /** Runs while there are entries; the first stays in place while it is written. */
  async #work(): Promise<void> {
    for (let entry = this.#entries[0]; entry; entry = this.#entries[0]) {
      try {
        if (this.#waiters.has(entry.waiter)) await this.#writeAll(entry.bytes);
        entry.waiter.resolve();
      } catch (error) {
        this.fail(error);
      }
      this.#entries.shift();
      this.#queuedBytes -= entry.bytes.length;
    }
  }

  async #writeAll(bytes: Uint8Array): Promise<void> {
    let written = await this.#sink.write(bytes);
    while (written < bytes.length) written += await this.#sink.write(bytes.subarray(written));
  }
}
