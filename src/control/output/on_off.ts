/**
 * Whether the fans of a shelf turn at all.
 *
 * @module
 */
import type { OutputPolicy } from "./output_policy.ts";

/** A fan that was off gets its start duty for this long. The board pushes by rpm besides. */
export const START_MS = 3000;

/** A demand so many times what switches fans on ends the least time that they are off. */
export const URGENT_TIMES = 2;

/** What is remembered of it. */
export interface OnOffState {
  on: boolean;
  /** When that last changed; null: longer ago than any time limit. */
  sinceMs: number | null;
}

/** Switches fans off below a demand and on again above it; time (monotonic) is passed in. */
export class OnOff {
  readonly #policy: OutputPolicy;
  #state: OnOffState;

  constructor(policy: OutputPolicy, state: OnOffState | null = null) {
    this.#policy = policy;
    this.#state = state ? { ...state } : { on: true, sinceMs: null };
  }

  /** Whether the fans turn at this demand. */
  step(percent: number, nowMs: number): boolean {
    const { on } = this.#state;
    const offBelow = this.#policy.offBelowPercent ?? 0;
    const wanted = !this.#mayBeOff() || percent >= offBelow;
    // Rest is for quiet; it must not wait out a shelf that gets hot.
    const isUrgent = wanted && percent >= URGENT_TIMES * offBelow;
    if (wanted !== on && (isUrgent || this.leftMs(nowMs) === 0)) {
      this.#state = { on: wanted, sinceMs: nowMs };
    }
    return this.#state.on;
  }

  /** The fans turn, or do not, because something else has decided so. */
  force(on: boolean, nowMs: number): void {
    if (on !== this.#state.on) this.#state = { on, sinceMs: nowMs };
  }

  /** For how long the fans must stay as they are, in milliseconds. */
  leftMs(nowMs: number): number {
    const { on, sinceMs } = this.#state;
    if (sinceMs === null) return 0;
    const leastMs = on ? this.#policy.minOnMs : this.#policy.minOffMs;
    return Math.min(leastMs, Math.max(0, sinceMs + leastMs - nowMs));
  }

  /** Whether they have just been switched on. */
  isStarting(nowMs: number): boolean {
    const { on, sinceMs } = this.#state;
    return on && sinceMs !== null && nowMs - sinceMs < START_MS;
  }

  state(): OnOffState {
    return { ...this.#state };
  }

  #mayBeOff(): boolean {
    return this.#policy.offBelowPercent !== null;
  }
}
