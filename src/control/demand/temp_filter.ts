/**
 * What keeps a fan from following every whim of a temperature: the law sees a temperature that is
 * held until it is left by more than its hysteresis for longer than its response time, either
 * way by rules of its own. What is held although it is not true is let go after a time.
 *
 * @module
 */

/** The rules of one filter. */
export interface TempFilterPolicy {
  /** A rise of no more than this is held back, in °C. */
  riseHysteresisC: number;
  /** A fall of no more than this is held back, in °C. */
  fallHysteresisC: number;
  /** How long a rise beyond that must last before it is followed, in milliseconds. */
  riseResponseMs: number;
  /** How long a fall beyond that must last before it is followed, in milliseconds. */
  fallResponseMs: number;
  /** What has been held for this long is followed although it is within its hysteresis, in
   * milliseconds. */
  reapplyMs: number;
}

/** What a filter remembers. */
export interface TempFilterState {
  /** What the law sees. */
  heldC: number;
  /** When that last changed. */
  changedMs: number;
  /** Which side the temperature has been on beyond its hysteresis, and since when. */
  beyond: { rises: boolean; sinceMs: number } | null;
}

/** What a filter is doing. */
export interface TempFilterView {
  heldC: number;
  tempC: number;
  /** Why the law does not see the temperature itself. */
  why: "hysteresis" | "response";
  /** When it will at the latest, if the temperature stays, monotonic. */
  untilMs: number;
}

/** One filter; time (monotonic) is passed in. */
export class TempFilter {
  readonly #policy: TempFilterPolicy;
  #state: TempFilterState | null;
  #tempC = NaN;

  /**
   * @param state what an earlier one remembered
   * @param changed the state is of another policy: what is held stays, the times begin anew
   */
  constructor(policy: TempFilterPolicy, state: TempFilterState | null = null, changed = false) {
    this.#policy = policy;
    this.#state = state && { ...state, beyond: changed ? null : state.beyond };
  }

  /** The temperature that the law is to see. */
  step(tempC: number, nowMs: number): number {
    this.#tempC = tempC;
    const state = this.#state;
    if (!state || nowMs < state.changedMs) return this.#follow(tempC, nowMs);
    const { heldC } = state;
    if (tempC === heldC) {
      state.beyond = null;
      state.changedMs = nowMs;
      return heldC;
    }
    const rises = tempC > heldC;
    const responseMs = rises ? this.#policy.riseResponseMs : this.#policy.fallResponseMs;
    if (!this.#isBeyond(heldC, tempC, rises)) {
      state.beyond = null;
      const heldMs = nowMs - state.changedMs;
      if (heldMs < Math.max(this.#policy.reapplyMs, responseMs)) return heldC;
      return this.#follow(tempC, nowMs);
    }
    if (state.beyond?.rises !== rises) state.beyond = { rises, sinceMs: nowMs };
    return nowMs - state.beyond.sinceMs < responseMs ? heldC : this.#follow(tempC, nowMs);
  }

  /** There is no temperature: no time counts that began before. */
  pause(): void {
    if (this.#state) this.#state.beyond = null;
  }

  /** What it holds back; null when the law sees the temperature itself. */
  view(): TempFilterView | null {
    const state = this.#state;
    const tempC = this.#tempC;
    if (!state || Number.isNaN(tempC) || tempC === state.heldC) return null;
    const { heldC } = state;
    const rises = tempC > heldC;
    const responseMs = rises ? this.#policy.riseResponseMs : this.#policy.fallResponseMs;
    if (state.beyond) {
      return { heldC, tempC, why: "response", untilMs: state.beyond.sinceMs + responseMs };
    }
    const untilMs = state.changedMs + Math.max(this.#policy.reapplyMs, responseMs);
    return { heldC, tempC, why: "hysteresis", untilMs };
  }

  state(): TempFilterState | null {
    return this.#state && { ...this.#state };
  }

  #isBeyond(heldC: number, tempC: number, rises: boolean): boolean {
    return rises
      ? tempC - heldC > this.#policy.riseHysteresisC
      : heldC - tempC > this.#policy.fallHysteresisC;
  }

  #follow(tempC: number, nowMs: number): number {
    this.#state = { heldC: tempC, changedMs: nowMs, beyond: null };
    return tempC;
  }
}
