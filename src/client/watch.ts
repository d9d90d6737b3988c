/**
 * One shelf that somebody watches.
 *
 * @module
 */
import type { Clock } from "../clock.ts";
import { Waiter } from "../sockets/waiter.ts";
import { isSameChange, type PushedDuty, type ShelfChange, unknownShelf } from "./shelf_change.ts";

/**
 * Tells changes one by one; who takes them slowly gets the newest, never a backlog. A duty is good
 * for as long as the server has said, and nothing is held for longer.
 */
export class Watch {
  readonly shelf: string;
  readonly #clock: Clock;
  readonly #takers = new Set<Waiter<ShelfChange | null>>();
  #newest: ShelfChange | null = null;
  #told: ShelfChange | null = null;
  #last: { epoch: number; seq: number } = { epoch: -1, seq: -1 };
  #end: { error: unknown } | null = null;
  #cancelExpiry: () => void = () => {};

  constructor(shelf: string, clock: Clock) {
    this.shelf = shelf;
    this.#clock = clock;
  }

  /** Takes what the server pushed; what is older than what is held is dropped. */
  duty({ change, epoch, seq, ttlMs }: PushedDuty): void {
    const { epoch: lastEpoch, seq: lastSeq } = this.#last;
    if (epoch < lastEpoch || (epoch === lastEpoch && seq <= lastSeq)) return;
    this.#last = { epoch, seq };
    this.#cancelExpiry();
    this.#cancelExpiry = this.#clock.after(
      ttlMs,
      () => this.#put(unknownShelf(this.shelf, "lost")),
    );
    this.#put(change);
  }

  /** A server waits for its first readings: what is held stays good until its time is up. */
  pending(): void {
    if (this.#newest?.state !== "duty") this.#put(unknownShelf(this.shelf, "pending"));
  }

  /** Nothing more will come; with an error when that is why. */
  end(error: unknown = null): void {
    this.#end ??= { error };
    this.#cancelExpiry();
    for (const taker of [...this.#takers]) this.#settle(taker);
  }

  /** The next change; null after the last one. */
  async next(signal: AbortSignal | undefined): Promise<ShelfChange | null> {
    const limits = { timeoutMs: Infinity, signal };
    const taker = new Waiter<ShelfChange | null>(this.#takers, this.#clock, limits, () => {});
    this.#settle(taker);
    return await taker.promise;
  }

  #put(change: ShelfChange): void {
    this.#newest = change;
    const [taker] = this.#takers;
    if (taker !== undefined) this.#settle(taker);
  }

  #settle(taker: Waiter<ShelfChange | null>): void {
    if (this.#end !== null) {
      if (this.#end.error === null) taker.resolve(null);
      else taker.reject(this.#end.error);
      return;
    }
    const newest = this.#newest;
    if (newest === null || (this.#told !== null && isSameChange(newest, this.#told))) return;
    this.#told = newest;
    taker.resolve(newest);
  }
}
