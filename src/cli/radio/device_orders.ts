/**
 * What a device knows of its overrides, and what it has to be told. Pure: time is passed in.
 *
 * @module
 */
import type { RadioOrder, RadioOrders } from "../../wire/radio/orders.ts";

/** An override that a shelf of a device should have. */
export interface WantedOrder {
  /** Which of the device's shelves. */
  readonly index: number;
  readonly permille: number;
  /** When it ends, in seconds since the Unix epoch; null when it is taken back. */
  readonly untilS: number | null;
}

/** An order lasts for less than the hour that a device allows: reports take their time. */
const MOST_ORDER_S = 3300;
/** An order that shall go on is sent again when it has less than this left. */
const RENEW_S = 1650;
/** Downlinks that are remembered, to know them again in a report. */
const MOST_SENT = 16;
const MOST_SEQ = 0xffff_ffff;

/**
 * The orders of one device. A report tells the number of those that it took last; what it does not
 * have is sent again after the next report, and so it does not matter what is lost on the way. All
 * times are of this end.
 */
export class DeviceOrders {
  /** By number, the oldest first. */
  readonly #sent = new Map<number, readonly RadioOrder[]>();
  #lastSeq = 0;

  /**
   * What to send after a report; null when the device has what it should.
   *
   * @param ordersSeq the number of the orders that it took last; 0 for none since it started
   */
  next(wanted: readonly WantedOrder[], ordersSeq: number, nowS: number): RadioOrders | null {
    const coming = wanted.filter(({ untilS }) => untilS === null || untilS > nowS);
    const known = ordersSeq === 0 ? [] : this.#sent.get(ordersSeq);
    if (known !== undefined && isMet(coming, known, nowS)) return null;
    const orders = coming.map(({ index, permille, untilS }) => ({
      index,
      permille,
      expiresS: Math.floor(Math.min(untilS ?? Infinity, nowS + MOST_ORDER_S)),
    }));
    this.#lastSeq = Math.min(
      MOST_SEQ,
      Math.max(Math.floor(nowS), this.#lastSeq + 1, ordersSeq + 1),
    );
    this.#sent.set(this.#lastSeq, orders);
    const [oldest] = this.#sent.keys();
    if (this.#sent.size > MOST_SENT && oldest !== undefined) this.#sent.delete(oldest);
    return { seq: this.#lastSeq, orders };
  }
}

function isMet(
  wanted: readonly WantedOrder[],
  known: readonly RadioOrder[],
  nowS: number,
): boolean {
  const alive = known.filter(({ expiresS }) => expiresS > nowS);
  if (alive.length !== wanted.length) return false;
  return wanted.every(({ index, permille, untilS }) =>
    alive.some((order) => {
      const isSame = order.index === index && order.permille === permille;
      if (!isSame || (untilS !== null && order.expiresS > untilS)) return false;
      return order.expiresS === Math.floor(untilS ?? -1) || order.expiresS - nowS >= RENEW_S;
    })
  );
}
