/**
 * The start of one calibrated fan from standstill. It is keyed on whether the fan turns, not on
 * what it was driven with before: a fan that stopped by itself is started just the same. Pure.
 *
 * @module
 */
import type { FanStart, FanState } from "../../engine/event.ts";
import { FULL_PERCENT } from "../../percent.ts";
import type { FanMap } from "./fan_map.ts";

/** A standing fan is given so long before it gets more; as long as the calibration gives it. */
const STEP_MS = 2500;
/** So much more it gets then. */
const STEP_PERCENT = 4;

/** Follows one fan and says what it needs to start. */
export class FanStarter {
  readonly #map: FanMap;
  #stands = false;
  /** When this start began; null while none is under way. */
  #startedMs: number | null = null;
  #count = 0;
  #last: { percent: number; ms: number } | null = null;

  constructor(map: FanMap) {
    this.#map = map;
  }

  /**
   * Takes how the fan stands, `unknown` while a hand drives it, and the duty that its board
   * applies, 0 to 100 percent.
   */
  take(state: FanState, appliedPercent: number, nowMs: number): void {
    this.#stands = state === "stopped" || state === "starting" || state === "stalled";
    // A hand may have done the rest.
    if (state === "unknown") this.#startedMs = null;
    if (this.#startedMs === null || state !== "spinning") return;
    this.#last = { percent: appliedPercent, ms: nowMs - this.#startedMs };
    this.#count++;
    this.#startedMs = null;
  }

  /** What the fan gets that shall be driven with `percent`: more, while it stands. */
  drive(percent: number, nowMs: number): number {
    if (!(percent > 0) || !this.#stands) {
      if (!(percent > 0)) this.#startedMs = null;
      return percent;
    }
    this.#startedMs ??= nowMs;
    const steps = Math.floor((nowMs - this.#startedMs) / STEP_MS);
    const starting = Math.min(FULL_PERCENT, this.#map.startPercent + steps * STEP_PERCENT);
    return Math.max(percent, starting);
  }

  /** The last start beside what the calibration says of it; undefined before the first. */
  get last(): FanStart | undefined {
    if (this.#last === null) return undefined;
    const { startPercent, startMs } = this.#map;
    return {
      count: this.#count,
      ...this.#last,
      expectedPercent: startPercent,
      expectedMs: startMs,
    };
  }
}
