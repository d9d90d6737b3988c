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
  /** Writes no more at once than this, and stops between two such chunks when nobody waits. */
  chunkBytes: number;
  /** What has been given to the system, or is on its way there. */
  takenBytes: number;
  waiter: Waiter<number>;
}

/**
 * Writes whole pieces, one after the other. A piece whose writer gave up before its first byte
 * was written is dropped; one that has begun is finished, for half a frame would spoil the stream,
 * unless its writer asked for chunks and is told how many bytes were taken.
 */
export class WriteQueue {
  readonly #sink: ByteSink;
  readonly #clock: Clock;
  readonly #explain: (cause: unknown) => unknown;
  readonly #entries: Entry[] = [];
  readonly #waiters: Set<Waiter<number>> = new Set();
  #queuedBytes = 0;
  #failure: { error: unknown } | null = null;

  /** @param explain Makes the error that is thrown for what writing throws. */
  constructor(
    sink: ByteSink,
    clock: Clock,
    explain: (cause: unknown) => unknown = (cause) => cause,
  ) {
    this.#sink = sink;
    this.#clock = clock;
    this.#explain = explain;
  }

  /** Bytes that are not yet given to the operating system. */
  get queuedBytes(): number {
    return this.#queuedBytes;
  }

  /**
   * Writes all of `bytes`, which must not change until then; those of a chunk are copied.
   *
   * @param onTimeout Makes the error for when the time is up, from the number of bytes that will
   * be written all the same; null lets the wait end without an error.
   * @param chunkBytes How many bytes are given to the system at once; the rest is dropped when the
   * time is up.
   * @returns How many bytes were taken.
   * @throws What writing threw, now or before.
   */
  write(
    bytes: Uint8Array,
    limits: WaitLimits,
    onTimeout: (takenBytes: number) => Error | null,
    chunkBytes = Infinity,
  ): Promise<number> {
    const waiter = new Waiter<number>(this.#waiters, this.#clock, limits, (late) => {
      const error = onTimeout(entry.takenBytes);
      if (error === null) late.resolve(entry.takenBytes);
      else late.reject(error);
    });
    const entry: Entry = { bytes, chunkBytes, takenBytes: 0, waiter };
    if (this.#failure !== null) waiter.reject(this.#failure.error);
    if (this.#waiters.has(waiter)) {
      this.#queuedBytes += bytes.length;
      if (this.#entries.push(entry) === 1) this.#work();
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
        await this.#writeEntry(entry);
        entry.waiter.resolve(entry.takenBytes);
      } catch (cause) {
        this.fail(this.#explain(cause));
      }
      this.#entries.shift();
      this.#queuedBytes -= entry.bytes.length;
    }
  }

  async #writeEntry(entry: Entry): Promise<void> {
    const { bytes, chunkBytes } = entry;
    while (entry.takenBytes < bytes.length && this.#waiters.has(entry.waiter)) {
      const start = entry.takenBytes;
      entry.takenBytes = Math.min(start + chunkBytes, bytes.length);
      const piece = chunkBytes === Infinity ? bytes : bytes.slice(start, entry.takenBytes);
      let written = await this.#sink.write(piece);
      while (written < piece.length) written += await this.#sink.write(piece.subarray(written));
    }
  }
}
