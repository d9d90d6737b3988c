/**
 * What a subscription tells of a shelf.
 *
 * @module
 */
import { CorruptedDataError } from "../errors.ts";
import type { WireValue } from "../wire/value.ts";

/** A shelf as of now. */
export interface ShelfChange {
  /** Its name. */
  readonly shelf: string;
  /**
   * `duty`: the server has decided. `pending`: it has just started and waits for its first
   * readings. `lost`: what was known last is not good any more, and nothing newer has come.
   */
  readonly state: "duty" | "pending" | "lost";
  /** 0 to 100 %; null unless the server has decided. */
  readonly percent: number | null;
  /** The part of it that critical temperatures and failsafes ask for, 0 to 100 %. */
  readonly urgentPercent: number;
}

/** A `duty` as it was pushed. */
export interface PushedDuty {
  readonly change: ShelfChange;
  readonly epoch: number;
  readonly seq: number;
  /** How long it is good for. */
  readonly ttlMs: number;
}

/**
 * Reads the arguments of a `duty`.
 *
 * @throws {CorruptedDataError} when they are none.
 */
export function readDuty(args: readonly WireValue[]): PushedDuty {
  const [shelf, percent, epoch, seq, , ttlMs, urgent] = args;
  if (
    typeof shelf === "string" && typeof percent === "number" && typeof epoch === "number" &&
    typeof seq === "number" && typeof ttlMs === "number"
  ) {
    // A server that does not tell what is urgent may mean all of it.
    const urgentPercent = typeof urgent === "number" ? urgent : percent;
    return { change: { shelf, state: "duty", percent, urgentPercent }, epoch, seq, ttlMs };
  }
  throw new CorruptedDataError(
    `Cannot take a duty: ${JSON.stringify(args)} found; the server must send ` +
      "[shelf, percent, epoch, seq, ageMs, ttlMs]",
  );
}

/** A shelf of which nothing is known but that its server waits, or is not heard. */
export function unknownShelf(shelf: string, state: "pending" | "lost"): ShelfChange {
  return { shelf, state, percent: null, urgentPercent: 0 };
}

/** Whether somebody who watches sees no difference. */
export function isSameChange(one: ShelfChange, other: ShelfChange): boolean {
  return one.state === other.state && one.percent === other.percent &&
    one.urgentPercent === other.urgentPercent;
}
