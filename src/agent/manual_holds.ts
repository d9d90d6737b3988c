/**
 * What channels have been told by hand, and for how long. Pure: time is passed in.
 *
 * @module
 */

import type { ChannelCommand } from "../board/board.ts";

/** A duty and how long the board may hold it. */
export interface Drive {
  readonly permille: number;
  readonly ttlMs: number;
  /** No shelf and no hand has the channel. */
  readonly unowned?: true;
}

/** A duty by hand, or a speed that the board holds by itself. */
export interface Hold {
  readonly permille: number;
  /** In the place of the duty, in revolutions a minute. */
  readonly rpm?: number;
  /** Monotonic. */
  readonly untilMs: number;
  /** It only raises what the shelf asks for. */
  readonly raises: boolean;
}

/** A time limit that is let run out on purpose. */
export interface Lapse {
  readonly channel: number;
  readonly ttlMs: number;
  /** When the board's limit is over, monotonic. */
  readonly endsMs: number;
}

/** No hand holds a channel for longer than this without saying so again. */
export const MOST_HOLD_MS = 600_000;
/** The shelf takes over this much before the board's own limit would end the hold. */
const MARGIN_MS = 50;
/** A lapse is looked at this much before its end: a timer may be early, and a `set` is not. */
const EARLY_MS = 20;

/** Duties by hand, one a channel, each with its end; at most one lapse on the whole board. */
export class ManualHolds {
  readonly #holds = new Map<number, Hold>();
  #lapse: Lapse | null = null;

  /** The time limit that is about to be over, or is; null while there is none or time left. */
  dueLapse(nowMs: number): Lapse | null {
    return this.#lapse !== null && nowMs >= this.#lapse.endsMs - EARLY_MS ? this.#lapse : null;
  }

  /** The hold of a channel that is in force, or null. */
  at(channel: number, nowMs: number): Hold | null {
    const hold = this.#holds.get(channel);
    return hold !== undefined && nowMs < hold.untilMs - MARGIN_MS ? hold : null;
  }

  /** Holds a channel, in the place of an earlier hold. */
  set(channel: number, hold: Hold): void {
    this.#holds.set(channel, hold);
  }

  /** Gives a channel back. */
  end(channel: number): void {
    this.#holds.delete(channel);
  }

  /** Lets a channel's time limit run out once, from now on. */
  beginLapse(channel: number, ttlMs: number, nowMs: number): Lapse {
    this.#lapse = { channel, ttlMs, endsMs: nowMs + ttlMs };
    return this.#lapse;
  }

  /** The lapse is over, seen or not. */
  endLapse(): void {
    this.#lapse = null;
  }

  /** When a hold or the lapse ends next (monotonic), or null. */
  nextMs(nowMs: number): number | null {
    const coming = [...this.#holds.values()].map(({ untilMs }) => untilMs - MARGIN_MS)
      .filter((endMs) => endMs > nowMs);
    if (this.#lapse !== null) coming.push(Math.max(nowMs, this.#lapse.endsMs - EARLY_MS));
    return coming.length === 0 ? null : Math.min(...coming);
  }

  /**
   * What a channel is driven with in the place of `base`.
   *
   * @param leastPermille what no hand may go below.
   */
  drive(channel: number, base: Drive, leastPermille: number, nowMs: number): ChannelCommand {
    const hold = this.at(channel, nowMs);
    const held = hold === null ? base : heldDrive(hold, base, leastPermille, nowMs);
    if (this.#lapse?.channel !== channel) return held;
    return { ...held, ttlMs: Math.min(held.ttlMs, left(this.#lapse.endsMs, nowMs)) };
  }
}

function heldDrive(hold: Hold, base: Drive, leastPermille: number, nowMs: number): ChannelCommand {
  const ttlMs = Math.min(base.ttlMs, left(hold.untilMs, nowMs));
  if (hold.rpm === undefined) {
    const raised = hold.raises ? base.permille : 0;
    return { permille: Math.max(hold.permille, leastPermille, raised), ttlMs };
  }
  // Nobody knows the duty of a speed: while something is urgent, the shelf's own has to do.
  return leastPermille > 0 ? { permille: base.permille, ttlMs } : { rpm: hold.rpm, ttlMs };
}

function left(endMs: number, nowMs: number): number {
  return Math.max(1, Math.floor(endMs - nowMs));
}
