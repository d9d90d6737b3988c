/**
 * A duty that somebody ordered by hand, with its end: one thing, so that neither outlives the
 * other.
 *
 * @module
 */
import {
  ShelfNoOverrideError,
  ShelfPwmBadValueError,
  ShelfPwmExpireBadValueError,
} from "../../errors.ts";

/** The longest that an override may go below an active failsafe: one hour. */
export const MAX_FORCED_MS = 3_600_000;

/** An order in force until it is taken back or its time is up. */
export interface Override {
  /** 0 to 100. */
  percent: number;
  /** When it ends on the monotonic clock; null: when it is taken back. */
  expiresMs: number | null;
  /** The same moment as it was given, in ms since the Unix epoch, to show and to store. */
  expiresAt: number | null;
  /** Whether it goes below an active failsafe. */
  forced: boolean;
  /** Who ordered it, in words. */
  owner: string;
  /** Why, in words; null when nobody said. */
  reason: string | null;
}

/** One moment on both clocks. */
export interface Now {
  /** Milliseconds on the clock that never steps. */
  monotonicMs: number;
  /** Milliseconds since the Unix epoch. */
  wallMs: number;
}

/** An override as it is asked for. */
export interface OverrideOrder {
  /** 0 to 100. */
  percent: number;
  /** Milliseconds since the Unix epoch; null: no end. */
  expiresAt: number | null;
  /** Whether it shall go below an active failsafe; needs an end within {@link MAX_FORCED_MS}. */
  forced: boolean;
  owner: string;
  reason: string | null;
}

/** Whether `override` exists and its time is not up. */
export function overrideInForce(override: Override | null, nowMs: number): override is Override {
  if (override === null) return false;
  return override.expiresMs === null || nowMs < override.expiresMs;
}

/**
 * The override that `order` asks for. Its end is a date, but from here on counts on the monotonic
 * clock, so that stepping the wall clock neither prolongs nor cuts it.
 *
 * @throws {ShelfPwmBadValueError} when the percentage is not a number from 0 to 100
 * @throws {ShelfPwmExpireBadValueError} when the end is not in the future, or a forced override
 * has none within {@link MAX_FORCED_MS}
 */
export function createOverride(order: OverrideOrder, now: Now): Override {
  const { percent, expiresAt, forced, owner, reason } = order;
  if (!(percent >= 0 && percent <= 100)) {
    throw new ShelfPwmBadValueError(
      `Cannot set an override: ${percent} is not a percentage; give a number from 0 to 100`,
    );
  }
  return { percent, forced, expiresAt, expiresMs: anchor(expiresAt, forced, now), owner, reason };
}

/**
 * `override` with another end; null takes the end away.
 *
 * @throws {ShelfNoOverrideError} when no override is in force
 * @throws {ShelfPwmExpireBadValueError} as {@link createOverride}
 */
export function changeExpiry(
  override: Override | null,
  expiresAt: number | null,
  now: Now,
): Override {
  if (!overrideInForce(override, now.monotonicMs)) {
    throw new ShelfNoOverrideError(
      "Cannot set an expiry: no override is in force; set the override first",
    );
  }
  return { ...override, expiresAt, expiresMs: anchor(expiresAt, override.forced, now) };
}

/**
 * An override that was stored by an earlier run, or null when its time is up or it could not be
 * ordered. A wall clock that was set back meanwhile gives a forced override no more than its hour.
 */
export function restoreOverride(stored: OverrideOrder, now: Now): Override | null {
  const { percent, expiresAt, forced, owner, reason } = stored;
  if (!(percent >= 0 && percent <= 100)) return null;
  if (expiresAt === null) {
    return forced ? null : { percent, expiresAt, forced, expiresMs: null, owner, reason };
  }
  const leftMs = Math.min(expiresAt - now.wallMs, forced ? MAX_FORCED_MS : Infinity);
  if (!(leftMs > 0)) return null;
  return { percent, expiresAt, forced, expiresMs: now.monotonicMs + leftMs, owner, reason };
}

function anchor(expiresAt: number | null, forced: boolean, now: Now): number | null {
  if (expiresAt === null) {
    if (!forced) return null;
    throw new ShelfPwmExpireBadValueError(
      "Cannot force an override: it has no expiry; give one within an hour",
    );
  }
  const leftMs = expiresAt - now.wallMs;
  if (!Number.isFinite(leftMs)) {
    throw new ShelfPwmExpireBadValueError(
      "Cannot set the expiry: it is not a date; give one in the future",
    );
  }
  if (leftMs <= 0) {
    throw new ShelfPwmExpireBadValueError(
      `Cannot set the expiry: it is ${Math.ceil(-leftMs / 1000)} s in the past; ` +
        "give a date in the future",
    );
  }
  if (forced && leftMs > MAX_FORCED_MS) {
    throw new ShelfPwmExpireBadValueError(
      `Cannot force an override: its expiry is ${Math.ceil(leftMs / 1000)} s away; ` +
        `give one within ${MAX_FORCED_MS / 1000} s`,
    );
  }
  return now.monotonicMs + leftMs;
}
