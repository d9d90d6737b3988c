/**
 * What a fan does, as far as its duty and its tachometer tell. Pure: time is passed in.
 *
 * @module
 */
import type { FanState } from "../protocol/types.ts";
import { FULL_VALUE, type Speed } from "./output.ts";

/** A fan that was told to turn has started, or come to a stop, within this. */
const START_MS = 3000;

/** The memory of one fan. */
export class FanWatch {
  #value = 0;
  /** Since when it stands although its duty is not 0; null while it does not. */
  #standsSinceMs: number | null = null;
  #fullSinceMs: number | null = null;
  #loweredMs = -Infinity;
  /** The least duty that it went on turning at; null before it was seen turning. */
  #leastTurning: number | null = null;
  /** At full duty, for long enough, it stood. */
  #isAbsent = false;
  #hasStalled = false;

  /** Whether it was found stalled since the last {@link clear}. */
  get hasStalled(): boolean {
    return this.#hasStalled;
  }

  /** Forgets that it has stalled. */
  clear(): void {
    this.#hasStalled = false;
  }

  /** What it does, by its speed and its duty of now. @param value 0..255 */
  judge(speed: Speed, value: number, nowMs: number): FanState {
    if (value < this.#value) this.#loweredMs = nowMs;
    this.#value = value;
    this.#fullSinceMs = value === FULL_VALUE ? this.#fullSinceMs ?? nowMs : null;
    this.#standsSinceMs = speed === 0 && value > 0 ? this.#standsSinceMs ?? nowMs : null;
    if (speed === null) return "unknown";
    if (speed === "implausible") return "implausible";
    if (speed > 0) return this.#turning(value, nowMs);
    const state = this.#standing(value, nowMs);
    if (state === "stalled") this.#hasStalled = true;
    return state;
  }

  #turning(value: number, nowMs: number): FanState {
    this.#isAbsent = false;
    const isSteady = nowMs - this.#loweredMs >= START_MS;
    if (isSteady) this.#leastTurning = Math.min(value, this.#leastTurning ?? FULL_VALUE);
    return "spinning";
  }

  #standing(value: number, nowMs: number): FanState {
    const isLong = (sinceMs: number | null): boolean =>
      sinceMs !== null && nowMs - sinceMs >= START_MS;
    if (value === 0) return "stopped";
    if (this.#leastTurning === null && isLong(this.#standsSinceMs) && isLong(this.#fullSinceMs)) {
      this.#isAbsent = true;
    }
    if (this.#isAbsent) return "not fitted";
    if (!isLong(this.#standsSinceMs)) return "starting";
    if (this.#leastTurning === null) return "unknown";
    return value < this.#leastTurning ? "stopped" : "stalled";
  }
}
