/**
 * What each channel of a board must do at a moment, from what the server last said. Pure: time is
 * passed in.
 *
 * @module
 */

import type { ChannelCommand } from "../board/board.ts";
import { CalibratedFans } from "./calibrated_fans.ts";
import { MOST_EPOCH } from "./duty/claim.ts";
import { type Drive, ManualHolds } from "./manual_holds.ts";

/** A shelf and the channels that its fans hang on. */
export interface Assignment {
  readonly shelf: string;
  /** From 0, as the board counts. */
  readonly channels: readonly number[];
}

/** A `duty` push as it arrived. */
export interface DutyPush {
  readonly shelf: string;
  readonly percent: number;
  readonly epoch: number;
  readonly seq: number;
  readonly ttlMs: number;
  /** What no hand may go below, 0 to `percent`. */
  readonly urgentPercent: number;
  /** When it was sent, by the server's monotonic clock; null when the server does not say. */
  readonly sentMs: number | null;
}

/** No duty is held for longer than this, whatever a server says of it. */
const MOST_HELD_MS = 60_000;

/** How a shelf stands with this agent. */
export type ShelfState = "waiting" | "held" | "failsafe";

interface Held {
  percent: number;
  urgentPercent: number;
  epoch: number;
  seq: number;
  /** Monotonic. */
  untilMs: number;
}

/**
 * Holds every shelf's duty for as long as it is good, and no longer. A channel whose shelf is
 * stale, or that has no shelf, gets the safe level while the others go on.
 */
export class ChannelPlan {
  /** What has been ordered by hand. It never gives a channel less than its shelf urgently needs. */
  readonly holds: ManualHolds = new ManualHolds();
  readonly #assignments: readonly Assignment[];
  readonly #safePermille: number;
  readonly #fans: CalibratedFans;
  readonly #held = new Map<string, Held>();
  readonly #expired = new Set<string>();

  /**
   * @param safePercent what a channel gets that nothing valid is known for: a duty.
   * @param fans turns the percentages of shelves into duties.
   */
  constructor(
    assignments: readonly Assignment[],
    safePercent: number,
    fans: CalibratedFans = new CalibratedFans(null, []),
  ) {
    this.#assignments = assignments;
    this.#safePermille = Math.round(safePercent * 10);
    this.#fans = fans;
  }

  /** The shelves of this agent. */
  get shelves(): string[] {
    return this.#assignments.map(({ shelf }) => shelf);
  }

  /** Whether a push is a duty, and of a shelf of this agent. */
  isDuty({ shelf, percent, ttlMs, epoch }: DutyPush): boolean {
    return percent >= 0 && percent <= 100 && ttlMs > 0 && epoch >= 0 && epoch <= MOST_EPOCH &&
      this.shelves.includes(shelf);
  }

  /** Whether there is a shelf whose duty is good now. */
  holdsAny(nowMs: number): boolean {
    return this.shelves.some((shelf) => this.state(shelf, nowMs) === "held");
  }

  /**
   * Takes a push; false when it is not newer than what was heard last, or not a duty at all. What a
   * server of a later epoch says is always newer.
   */
  take(push: DutyPush, nowMs: number): boolean {
    const before = this.#held.get(push.shelf);
    const isOlder = before !== undefined && (push.epoch < before.epoch ||
      (push.epoch === before.epoch && push.seq <= before.seq));
    if (isOlder || !this.isDuty(push)) return false;
    this.#held.set(push.shelf, {
      percent: push.percent,
      urgentPercent: push.urgentPercent,
      epoch: push.epoch,
      seq: push.seq,
      untilMs: nowMs + Math.min(push.ttlMs, MOST_HELD_MS),
    });
    this.#expired.delete(push.shelf);
    return true;
  }

  /** Nothing that was heard counts any more; what comes must be newer all the same. */
  forget(): void {
    for (const held of this.#held.values()) held.untilMs = -Infinity;
    this.#expired.clear();
  }

  /** How a shelf stands at `nowMs`. */
  state(shelf: string, nowMs: number): ShelfState {
    const held = this.#held.get(shelf);
    if (held === undefined) return "waiting";
    return nowMs < held.untilMs ? "held" : "failsafe";
  }

  /** The shelves whose time has run out since this was last asked. */
  newlyExpired(nowMs: number): string[] {
    const expired = this.shelves.filter((shelf) =>
      this.state(shelf, nowMs) === "failsafe" && !this.#expired.has(shelf)
    );
    for (const shelf of expired) this.#expired.add(shelf);
    return expired;
  }

  /** When the next shelf or hold runs out (monotonic), or null when there is none. */
  nextExpiryMs(nowMs: number): number | null {
    const coming = [...this.#held.values()].map(({ untilMs }) => untilMs)
      .filter((untilMs) => untilMs > nowMs);
    const byHandMs = this.holds.nextMs(nowMs);
    if (byHandMs !== null) coming.push(byHandMs);
    return coming.length === 0 ? null : Math.min(...coming);
  }

  /** One command for each channel of the board, none good for longer than its shelf's duty. */
  commands(channels: number, mostTtlMs: number, nowMs: number): ChannelCommand[] {
    const commands = this.safeCommands(channels, mostTtlMs);
    for (const { shelf, channels: owned } of this.#assignments) {
      const held = this.#held.get(shelf);
      if (held === undefined || nowMs >= held.untilMs) continue;
      const ttlMs = Math.max(1, Math.min(mostTtlMs, Math.floor(held.untilMs - nowMs)));
      for (const channel of owned) {
        if (channel >= channels) continue;
        commands[channel] = { permille: this.#fans.drive(channel, held.percent, nowMs), ttlMs };
      }
    }
    return commands.map((command, channel) =>
      this.holds.drive(channel, command, this.leastPermille(channel, nowMs), nowMs)
    );
  }

  /** The shelf that a channel is assigned to, or null. */
  shelfOf(channel: number): string | null {
    return this.#assignments.find(({ channels }) => channels.includes(channel))?.shelf ?? null;
  }

  /**
   * What no hand may take from a channel: what its shelf urgently needs, the safe level while that
   * is not known, and nothing for a channel without a shelf.
   */
  leastPermille(channel: number, nowMs: number): number {
    const shelf = this.shelfOf(channel);
    if (shelf === null) return 0;
    const held = this.#held.get(shelf);
    if (held === undefined || nowMs >= held.untilMs) return this.#safePermille;
    return held.urgentPercent > 0 ? this.#fans.permille(channel, held.urgentPercent) : 0;
  }

  /** What is assigned and not on a board of so many channels. */
  missing(channels: number): { shelf: string; channel: number }[] {
    return this.#assignments.flatMap(({ shelf, channels: owned }) =>
      owned.filter((channel) => channel >= channels).map((channel) => ({ shelf, channel }))
    );
  }

  /** The safe level on every channel: what the fans are left with at the end. */
  safeCommands(channels: number, ttlMs: number): Drive[] {
    return Array.from({ length: channels }, (_, channel) => ({
      permille: this.#safePermille,
      ttlMs,
      ...this.shelfOf(channel) === null && { unowned: true as const },
    }));
  }
}
