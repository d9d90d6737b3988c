/**
 * A step-response test: two duties in turn, each until the temperature has come to rest, so that
 * the difference shows what the fans do. Pure: it says what to hold, whoever runs it holds it.
 *
 * @module
 */
import type { ThermalSample } from "./thermal_model.ts";

/** What a test does at most. */
export interface StepTestPlan {
  lowPercent: number;
  highPercent: number;
  /** One duty is held for no longer than this, in milliseconds. */
  phaseMs: number;
}

/** What to do until the next sample. */
export interface StepTestState {
  /** The duty to hold; null when the test is over. */
  percent: number | null;
  /** Which duty of how many it is, from 1. */
  phase: number;
  phases: number;
}

/** Every duty is held for at least this long, in milliseconds. */
export const LEAST_PHASE_MS = 60_000;
/** At rest is what moves by less than this part of its way in a quarter of the time… */
const REST_SHARE = 0.05;
/** …or by less than this, in °C: a mean of noise. */
const REST_C = 0.1;
/** After another duty nothing rests before it has answered by this, in °C: it may be slow. */
const ANSWER_C = 1;

/** Leads through one test; time (monotonic) is passed in. */
export class StepTest {
  /** Everything that was measured. */
  readonly samples: ThermalSample[] = [];
  readonly #plan: StepTestPlan;
  readonly #duties: readonly number[];
  #phase = 0;
  #phaseFrom = 0;

  constructor(plan: StepTestPlan) {
    this.#plan = plan;
    // Back to the first, so that a load that creeps away shows as a bad fit.
    this.#duties = [plan.lowPercent, plan.highPercent, plan.lowPercent];
  }

  get state(): StepTestState {
    const percent = this.#duties[this.#phase] ?? null;
    const phases = this.#duties.length;
    return { percent, phase: Math.min(this.#phase + 1, phases), phases };
  }

  /** Takes a measurement that was made under the duty of the state. */
  take(tempC: number, atMs: number): StepTestState {
    const { percent } = this.state;
    if (percent === null) return this.state;
    this.samples.push({ atMs, tempC, percent });
    if (this.#isAtRest(atMs)) {
      this.#phase++;
      this.#phaseFrom = this.samples.length - 1;
      // From this very moment on another duty is in force.
      const next = this.state.percent;
      const last = this.samples.at(-1);
      if (last && next !== null) last.percent = next;
    }
    return this.state;
  }

  #isAtRest(nowMs: number): boolean {
    const own = this.samples.slice(this.#phaseFrom);
    const fromMs = own[0]?.atMs ?? nowMs;
    const lastedMs = nowMs - fromMs;
    if (lastedMs >= this.#plan.phaseMs) return true;
    if (lastedMs < LEAST_PHASE_MS) return false;
    const quarterC = (quarter: number): number => {
      const begin = fromMs + lastedMs * quarter / 4;
      return meanC(own.filter(({ atMs }) => atMs >= begin && atMs <= begin + lastedMs / 4));
    };
    const wayC = Math.abs(quarterC(3) - (own[0]?.tempC ?? 0));
    if (this.#phase > 0 && wayC < ANSWER_C) return false;
    return Math.abs(quarterC(3) - quarterC(2)) <= Math.max(REST_C, REST_SHARE * wayC);
  }
}

function meanC(samples: readonly ThermalSample[]): number {
  return samples.reduce((sum, { tempC }) => sum + tempC, 0) / samples.length;
}
