/**
 * The overrides that came by radio, each until its own end. Pure: time is passed in.
 *
 * @module
 */
import { MAX_FORCED_MS } from "../../control/engine/override.ts";
import { CorruptedDataError } from "../../errors.ts";
import { decodeOrders, type RadioOrder } from "../../wire/radio/orders.ts";

/** Nobody may order more air than the safe level for longer than this. */
export const MOST_RAISED_MS = 86_400_000;

/** One moment on both clocks. */
export interface Now {
  readonly monotonicMs: number;
  readonly wallMs: number;
}

/** What has become of the downlinks. */
export interface OrderCounters {
  /** Downlinks whose orders hold, as far as they were not late or too long. */
  readonly taken: number;
  /** Downlinks with a number that is not above the last. */
  readonly replayed: number;
  /** Orders whose time was up when they came. */
  readonly late: number;
  /** Orders that want to hold for longer than they may. */
  readonly tooLong: number;
  /** Downlinks that are no orders. */
  readonly corrupt: number;
}

/** An order in force. */
export interface HeldOrder {
  /** A duty: 0 to 1000. */
  readonly permille: number;
  /** Monotonic. */
  readonly untilMs: number;
  /** In ms since the Unix epoch. */
  readonly expiresAt: number;
}

/** What became of one downlink, in words. */
export interface Reception {
  readonly isTaken: boolean;
  /** What was dropped, and why; empty when nothing was. */
  readonly dropped: readonly string[];
}

/**
 * The orders of one device. A downlink has all of them: what it does not name has ended. An order
 * below the safe level holds for an hour at most, as a forced override of a server does.
 */
export class OrderBook {
  readonly #shelves: number;
  readonly #safePermille: number;
  readonly #held = new Map<number, HeldOrder>();
  readonly #counters = { taken: 0, replayed: 0, late: 0, tooLong: 0, corrupt: 0 };
  #seq = 0;

  /** @param shelves how many there are; an order of another one is refused. */
  constructor(shelves: number, safePermille: number) {
    this.#shelves = shelves;
    this.#safePermille = safePermille;
  }

  /** The number of the orders that were taken last; 0 for none. */
  get seq(): number {
    return this.#seq;
  }

  /** What has become of the downlinks. */
  get counters(): OrderCounters {
    return { ...this.#counters };
  }

  /** Takes a downlink, or drops it. */
  take(payload: Uint8Array, now: Now): Reception {
    const found = this.#read(payload);
    if (found === null) return { isTaken: false, dropped: ["a downlink that is no orders"] };
    const { seq, orders } = found;
    if (seq <= this.#seq) {
      this.#counters.replayed++;
      return { isTaken: false, dropped: [`orders ${seq}, which are not newer than ${this.#seq}`] };
    }
    this.#seq = seq;
    this.#counters.taken++;
    this.#held.clear();
    const dropped = orders.map((order) => this.#hold(order, now)).filter((why) => why !== null);
    return { isTaken: true, dropped };
  }

  /**
   * The order of a shelf that is in force, or null. It has to be so by both clocks: one that stood
   * still, or was set back, prolongs nothing.
   */
  at(index: number, { monotonicMs, wallMs }: Now): HeldOrder | null {
    const held = this.#held.get(index);
    if (held === undefined) return null;
    return monotonicMs < held.untilMs && wallMs < held.expiresAt ? held : null;
  }

  #read(payload: Uint8Array) {
    try {
      const found = decodeOrders(payload);
      if (found.orders.every(({ index }) => index < this.#shelves)) return found;
    } catch (error) {
      if (!(error instanceof CorruptedDataError)) throw error;
    }
    this.#counters.corrupt++;
    return null;
  }

  /** Why an order was dropped, or null. */
  #hold({ index, permille, expiresS }: RadioOrder, now: Now): string | null {
    const expiresAt = expiresS * 1000;
    const lastsMs = expiresAt - now.wallMs;
    const what = `the order of ${permille / 10} % for shelf ${index}`;
    if (lastsMs <= 0) {
      this.#counters.late++;
      return `${what}, which came ${Math.ceil(-lastsMs / 1000)} s too late`;
    }
    if (lastsMs > (permille < this.#safePermille ? MAX_FORCED_MS : MOST_RAISED_MS)) {
      this.#counters.tooLong++;
      return `${what}, which wants to hold for ${Math.round(lastsMs / 1000)} s`;
    }
    this.#held.set(index, { permille, expiresAt, untilMs: now.monotonicMs + lastsMs });
    return null;
  }
}
