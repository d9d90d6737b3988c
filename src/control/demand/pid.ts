/**
 * A temperature held by feedback: proportional, integral and derivative.
 *
 * The integral cannot wind up: while the result is at a limit (or held back by its slew) nothing
 * is added that would push it further there. The derivative is taken of the temperature and not
 * of the error, and smoothed, so that a new target makes no kick. After a gap, and with new
 * parameters, it goes on from the duty that it last asked for.
 *
 * @module
 */

/** A PID law as it is configured. More temperature asks for more duty. */
export interface PidLaw {
  shape: "pid";
  /** What is to be held, in °C. */
  targetC: number;
  /** Duty for each degree above the target, in %/°C. */
  kp: number;
  /** Duty that each degree above the target adds every second, in %/(°C·s). */
  ki: number;
  /** Duty for each degree per second of warming, in %·s/°C. */
  kd: number;
  /** The range of its result, in percent. */
  minPercent: number;
  maxPercent: number;
  /** By how much its result moves in a second at most; null: as fast as it likes. */
  slewPercentPerS: number | null;
}

/** What the algorithm works with; a law comes down to it. */
export interface PidTerms extends Omit<PidLaw, "shape" | "targetC"> {
  /** By how much a temperature is off, in °C or in what is weighed like them. */
  error(tempC: number): number;
}

/** What a PID remembers. */
export interface PidState {
  /** What it last asked for. */
  percent: number;
  integralPercent: number;
  /** Smoothed, in °C/s. */
  slope: number;
  tempC: number;
  atMs: number;
  /** Whether the integral belongs to these terms and to an unbroken run. */
  seated: boolean;
}

/** The parts of a result, to explain it. */
export interface PidParts {
  errorC: number;
  proportional: number;
  integral: number;
  derivative: number;
  /** What keeps the sum from being the result. */
  limit: "minimum" | "maximum" | "slew" | null;
}

/** After a longer silence the past tells nothing about slopes. Ticks are at most 60 s apart. */
const MAX_GAP_MS = 150_000;
/** The derivative is smoothed over this part of kd/kp, or {@link MIN_SMOOTHING_S} if longer. */
const SMOOTHING_SHARE = 1 / 5;
const MIN_SMOOTHING_S = 2;

/** The terms of a {@link PidLaw}. */
export function pidTerms(law: PidLaw): PidTerms {
  return { ...law, error: (tempC) => tempC - law.targetC };
}

/** One loop; time (monotonic) is passed in. */
export class Pid {
  readonly #terms: PidTerms;
  #state: PidState | null;
  #parts: PidParts | null = null;

  /**
   * @param state what an earlier one remembered
   * @param changed the state is of other terms: it goes on from that duty, without a jump
   */
  constructor(terms: PidTerms, state: PidState | null = null, changed = false) {
    this.#terms = terms;
    this.#state = state && { ...state, seated: state.seated && !changed };
  }

  /** The duty for `tempC`. */
  step(tempC: number, nowMs: number): number {
    const { kp, minPercent, maxPercent } = this.#terms;
    const before = this.#state;
    const error = this.#terms.error(tempC);
    const proportional = kp * error;
    const dtMs = before ? nowMs - before.atMs : 0;
    if (!before?.seated || dtMs < 0 || dtMs > MAX_GAP_MS) {
      // Without a past, half of the range is what it takes the target to need.
      const percent = before
        ? clamp(before.percent, minPercent, maxPercent)
        : clamp((minPercent + maxPercent) / 2 + proportional, minPercent, maxPercent);
      const integral = before ? percent - proportional : (minPercent + maxPercent) / 2;
      this.#remember(percent, integral, 0, tempC, nowMs);
      this.#parts = { errorC: error, proportional, integral, derivative: 0, limit: null };
      return percent;
    }
    // A second look at the same moment is no step.
    if (dtMs === 0) return before.percent;
    return this.#move(before, tempC, error, nowMs);
  }

  /** Its sensors cannot be used: it will go on from where it is. */
  pause(): void {
    if (this.#state) this.#state.seated = false;
  }

  /** What it follows sleeps: it asks for its least, and begins anew when it wakes. */
  rest(): number {
    this.#state = null;
    this.#parts = null;
    return this.#terms.minPercent;
  }

  /** What the last result was made of; null before the first, and while at rest. */
  get parts(): PidParts | null {
    return this.#parts;
  }

  state(): PidState | null {
    return this.#state && { ...this.#state };
  }

  #move(before: PidState, tempC: number, error: number, nowMs: number): number {
    const { kp, ki, kd, minPercent, maxPercent, slewPercentPerS } = this.#terms;
    const seconds = (nowMs - before.atMs) / 1000;
    const slope = this.#slope(before, tempC, seconds);
    const proportional = kp * error;
    const derivative = kd * slope;
    const step = ki * error * seconds;
    const wanted = proportional + before.integralPercent + step + derivative;
    const reach = slewPercentPerS === null ? Infinity : slewPercentPerS * seconds;
    const lowest = Math.max(minPercent, before.percent - reach);
    const highest = Math.min(maxPercent, before.percent + reach);
    const percent = clamp(wanted, Math.min(lowest, highest), highest);
    const pushes = (wanted > highest && step > 0) || (wanted < lowest && step < 0);
    const integral = before.integralPercent + (pushes ? 0 : step);
    this.#remember(percent, integral, slope, tempC, nowMs);
    const limit = wanted > highest
      ? (highest < maxPercent ? "slew" : "maximum")
      : wanted < lowest
      ? (lowest > minPercent ? "slew" : "minimum")
      : null;
    this.#parts = { errorC: error, proportional, integral, derivative, limit };
    return percent;
  }

  #slope(before: PidState, tempC: number, seconds: number): number {
    const { kp, kd } = this.#terms;
    if (kd === 0) return 0;
    const smoothingS = Math.max(MIN_SMOOTHING_S, kp > 0 ? kd / kp * SMOOTHING_SHARE : 0);
    const raw = (tempC - before.tempC) / seconds;
    return before.slope + (raw - before.slope) * seconds / (smoothingS + seconds);
  }

  #remember(
    percent: number,
    integralPercent: number,
    slope: number,
    tempC: number,
    atMs: number,
  ): void {
    this.#state = { percent, integralPercent, slope, tempC, atMs, seated: true };
  }
}

function clamp(value: number, min: number, max: number): number {
  return Math.min(Math.max(value, min), max);
}
