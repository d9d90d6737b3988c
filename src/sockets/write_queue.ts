/**
 * Writing to a connection so that what several callers write never mixes.
 *
 * @module
 */
import type { Clock } from "../clock.ts";
import { Line, Waiter, type WaitLimits } from "./waiter.ts";

/** The writing half of a `Deno.Conn`. */
export interface ByteSink {
  /** Writes some of the bytes and tells how many. */
  write(bytes: Uint8Array): Promise<number>;
}

const NOTHING = new Uint8Array(0);

/** One caller's bytes. */
class Entry extends Waiter<number> {
  /** What is written after it, also when nobody waits for it any more. */
  next: Entry | null = null;
  /** What has been given to the system, or is on its way there. */
  takenBytes = 0;

  /** @param chunkBytes Writes no more at once, and stops in between when nobody waits. */
  constructor(
    queue: Line<Entry>,
    clock: Clock,
    limits: WaitLimits,
    onTimeout: (takenBytes: number) => Error | null,
    readonly bytes: Uint8Array,
    readonly chunkBytes: number,
  ) {
    super(queue, clock, limits, () => {
      const error = onTimeout(this.takenBytes);
      if (error === null) this.resolve(this.takenBytes);
      else this.reject(error);
    });
  }
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
  readonly #waiters: Line<Entry> = new Line();
  #first: Entry | null = null;
  #last: Entry | null = null;
  #queuedBytes = 0;
  /** What the system is being given. */
  #piece: Uint8Array = NOTHING;
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
    const entry = new Entry(this.#waiters, this.#clock, limits, onTimeout, bytes, chunkBytes);
    if (this.#failure !== null) entry.reject(this.#failure.error);
    if (!entry.isOver) {
      this.#queuedBytes += bytes.length;
      this.#push(entry);
    }
    return entry.promise;
  }

  /** Ends every wait with this error, and every later one. */
  fail(error: unknown): void {
    this.#failure ??= { error };
    for (const waiter of this.#waiters.all) waiter.reject(this.#failure.error);
  }

  #push(entry: Entry): void {
    const isIdle = this.#first === null;
    if (this.#last === null) this.#first = entry;
    else this.#last.next = entry;
    this.#last = entry;
    if (isIdle) this.#work();
  }

  /** Writes on; the first entry stays in place until all of it is written. */
  #work(): void {
    for (let entry = this.#first; entry !== null; entry = this.#first) {
      const start = entry.takenBytes;
      if (start < entry.bytes.length && !entry.isOver) {
        entry.takenBytes = Math.min(start + entry.chunkBytes, entry.bytes.length);
        const isWhole = entry.chunkBytes === Infinity;
        this.#put(isWhole ? entry.bytes : entry.bytes.slice(start, entry.takenBytes));
        return;
      }
      entry.resolve(start);
      this.#first = entry.next;
      if (this.#first === null) this.#last = null;
      this.#queuedBytes -= entry.bytes.length;
    }
  }

  #put(piece: Uint8Array): void {
    this.#piece = piece;
    this.#sink.write(piece).then(this.#onWritten, this.#onFailure);
  }

  // Made once, not with every write.
  readonly #onWritten = (count: number): void => {
    if (count < this.#piece.length) this.#put(this.#piece.subarray(count));
    else this.#work();
  };
  readonly #onFailure = (cause: unknown): void => {
    this.fail(this.#explain(cause));
    this.#work();
  };
}
