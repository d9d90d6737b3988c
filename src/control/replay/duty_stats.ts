/**
 * What a shelf's fans did over a run, in a few numbers.
 *
 * @module
 */
import type { Outcome } from "./entry.ts";

/** Numbers of one shelf over a run. Means are weighted by time. */
export interface DutyNumbers {
  /** Time that is counted, in ms. */
  timeMs: number;
  meanPercent: number;
  maxPercent: number;
  /** Mean power of the fans, 0 to 1 of that at full speed: it grows with the cube of the speed. */
  fanPower: number;
  /** How often the speed moved by more than {@link AUDIBLE} of full speed within 5 s. */
  audibleChanges: number;
  /** Time in which a failsafe or a critical limit decided, in ms. */
  failsafeMs: number;
}

/** A change of speed that is heard, as a share of full speed. */
export const AUDIBLE = 0.03;
/** Within this time. */
const AUDIBLE_MS = 5000;
/** From one tick to the next it is never longer, but where entries are missing. */
const MOST_GAP_MS = 60_000;

/** The share of full speed at a duty in percent. */
export type SpeedOf = (percent: number) => number;

/** Collects the numbers, tick by tick. */
export class DutyStats {
  readonly #speedOf: SpeedOf;
  #atMs: number | null = null;
  #outcome: Outcome | null = null;
  #timeMs = 0;
  #percentMs = 0;
  #powerMs = 0;
  #max = 0;
  #failsafeMs = 0;
  #audible = 0;
  /** Speeds of the last seconds, as they began. */
  #recent: { atMs: number; speed: number }[] = [];

  constructor(speedOf: SpeedOf) {
    this.#speedOf = speedOf;
  }

  /** From `atMs` (monotonic) on the shelf does this. */
  at(atMs: number, outcome: Outcome): void {
    this.#pass(atMs);
    if (outcome.percent !== this.#outcome?.percent) this.#listen(atMs, outcome.percent);
    this.#outcome = outcome;
    this.#max = Math.max(this.#max, outcome.percent);
  }

  /** What follows is of another run: no time passes in between. */
  interrupt(): void {
    this.#atMs = null;
    this.#outcome = null;
    this.#recent = [];
  }

  /** What has been collected. */
  numbers(): DutyNumbers {
    const timeMs = this.#timeMs;
    const mean = (sumMs: number) => timeMs > 0 ? sumMs / timeMs : 0;
    return {
      timeMs,
      meanPercent: mean(this.#percentMs),
      maxPercent: this.#max,
      fanPower: mean(this.#powerMs),
      audibleChanges: this.#audible,
      failsafeMs: this.#failsafeMs,
    };
  }

  #pass(atMs: number): void {
    const elapsedMs = atMs - (this.#atMs ?? atMs);
    this.#atMs = atMs;
    if (this.#outcome === null || elapsedMs > MOST_GAP_MS) return;
    const { percent, kind } = this.#outcome;
    this.#timeMs += elapsedMs;
    this.#percentMs += percent * elapsedMs;
    this.#powerMs += this.#speedOf(percent) ** 3 * elapsedMs;
    if (kind === "failsafe" || kind === "critical") this.#failsafeMs += elapsedMs;
  }

  /** One change is heard once, however many ticks it takes. */
  #listen(atMs: number, percent: number): void {
    const speed = this.#speedOf(percent);
    // What was in force when these seconds began, and what came since.
    const first = this.#recent.findLastIndex((each) => each.atMs <= atMs - AUDIBLE_MS);
    this.#recent = this.#recent.slice(Math.max(0, first));
    const isHeard = this.#recent.some((each) => Math.abs(each.speed - speed) > AUDIBLE);
    if (isHeard) {
      this.#audible++;
      this.#recent = [];
    }
    this.#recent.push({ atMs, speed });
  }
}
