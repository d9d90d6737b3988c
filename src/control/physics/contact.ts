/**
 * Whether a sensor still measures the thing that it is meant to. What runs is warmer than its room,
 * and the more air the less so: a sensor that reads colder than that thing ever was, or stays where
 * it is while the air about it comes and goes, has come off, or the thing is switched off. Pure.
 *
 * @module
 */

/** What is kept: JSON values only. */
export interface ContactState {
  /** How long it has been watched, in milliseconds. */
  watchedMs: number;
  lastMs: number;
  /** The temperatures that count as usual; null before the first reading. */
  leastC: number | null;
  mostC: number;
  /** Since when it has been colder than that; monotonic. */
  coldSinceMs: number | null;
  /** The hour under way. */
  hour: Hour;
  /** Hours in a row in which it did not answer to the air. */
  deafHours: number;
}

/** What was seen in an hour. */
interface Hour {
  beganMs: number;
  leastC: number;
  mostC: number;
  leastAir: number;
  mostAir: number;
}

/** Why a sensor is not believed to be where it should be. */
export type Detachment = "cold" | "deaf";

/** What is usual is learned for a day. */
const LEARN_MS = 86_400_000;
/** A colder season or night is learned at this pace. */
const DRIFT_K_PER_MS = 1 / 3_600_000;
/** It must have been so cold for this long. */
const HOLD_MS = 1_800_000;
const MOST_GAP_MS = 60_000;
const HOUR_MS = 3_600_000;
/** What usually moves by less than this need not answer to the air. */
const LEAST_RANGE_K = 8;
/** Air that moved by so many points moves whatever makes heat by more than this. */
const LEAST_AIR_CHANGE = 40;
const DEAF_K = 1.5;
const DEAF_HOURS = 2;

/** Follows one sensor. */
export class Contact {
  readonly #state: ContactState;

  constructor(state?: ContactState) {
    this.#state = state === undefined
      ? {
        watchedMs: 0,
        lastMs: 0,
        leastC: null,
        mostC: 0,
        coldSinceMs: null,
        hour: newHour(0),
        deafHours: 0,
      }
      : { ...state, hour: { ...state.hour } };
  }

  /** The coldest that has been usual so far, in °C; null before the first reading. */
  get leastC(): number | null {
    return this.#state.leastC;
  }

  /**
   * Takes the mean of some seconds.
   *
   * @param colderK how much colder than usual is too cold.
   * @returns why the sensor seems to be off; null while it does not.
   */
  take(tempC: number, airPercent: number, colderK: number, nowMs: number): Detachment | null {
    const state = this.#state;
    const elapsedMs = Math.min(MOST_GAP_MS, Math.max(0, nowMs - state.lastMs));
    state.lastMs = nowMs;
    state.watchedMs += elapsedMs;
    if (state.watchedMs < LEARN_MS || state.leastC === null) {
      state.mostC = Math.max(state.leastC === null ? tempC : state.mostC, tempC);
      state.leastC = Math.min(state.leastC ?? tempC, tempC);
      return null;
    }
    const isDeaf = this.#listen(tempC, airPercent, nowMs);
    const isCold = this.#isCold(state.leastC, tempC, colderK, elapsedMs, nowMs);
    return isCold ? "cold" : isDeaf ? "deaf" : null;
  }

  /** What to go on with later. */
  state(): ContactState {
    return { ...this.#state, hour: { ...this.#state.hour } };
  }

  #isCold(
    leastC: number,
    tempC: number,
    colderK: number,
    elapsedMs: number,
    nowMs: number,
  ): boolean {
    const state = this.#state;
    if (tempC > leastC - colderK) {
      state.coldSinceMs = null;
      if (tempC < leastC) state.leastC = Math.max(tempC, leastC - elapsedMs * DRIFT_K_PER_MS);
      return false;
    }
    if (state.coldSinceMs === null || state.coldSinceMs > nowMs) state.coldSinceMs = nowMs;
    return nowMs - state.coldSinceMs >= HOLD_MS;
  }

  /** Whether it has not answered to the air for hours. */
  #listen(tempC: number, airPercent: number, nowMs: number): boolean {
    const state = this.#state;
    if (!(nowMs - state.hour.beganMs < HOUR_MS && nowMs >= state.hour.beganMs)) {
      const { leastC, mostC, leastAir, mostAir } = state.hour;
      // An hour of steady air says nothing either way.
      if (mostC - leastC > DEAF_K) state.deafHours = 0;
      else if (mostAir - leastAir >= LEAST_AIR_CHANGE) state.deafHours++;
      state.hour = newHour(nowMs);
    }
    const { hour } = state;
    hour.leastC = Math.min(hour.leastC, tempC);
    hour.mostC = Math.max(hour.mostC, tempC);
    hour.leastAir = Math.min(hour.leastAir, airPercent);
    hour.mostAir = Math.max(hour.mostAir, airPercent);
    if (hour.mostC - hour.leastC > DEAF_K) state.deafHours = 0;
    return state.deafHours >= DEAF_HOURS && state.mostC - (state.leastC ?? 0) >= LEAST_RANGE_K;
  }
}

/** Its bounds are finite, so that they are JSON. */
function newHour(beganMs: number): Hour {
  return { beganMs, leastC: 1000, mostC: -1000, leastAir: 100, mostAir: 0 };
}
