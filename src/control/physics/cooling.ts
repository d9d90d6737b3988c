/**
 * How well air cools what one sensor measures: learned first, compared ever after. Pure.
 *
 * @module
 */
import { median, pairSlopes, quantile } from "../robust.ts";
import { LEVELS, type Swing } from "./transients.ts";

/** An exponential swing as it is kept. */
export type Sample = [airPercent: number, ratePerHour: number];

/** What can be said of what a sensor measures; null for what is not known. */
export interface CoolingVerdict {
  /** The rate now as a share of what was learned for the same air. */
  strength: number | null;
  /** How much faster things cool at full air than at a fifth of it; 0.5 is half as fast again. */
  effect: number | null;
  /** A typical rate now, per hour. */
  ratePerHour: number;
}

/** So many exponential swings are learned from. */
export const LEARN_COUNT = 48;
/** So many, the last ones, make a judgement of the strength, and of the effect. */
const STRENGTH_COUNT = 24;
const EFFECT_COUNT = 96;
/**
 * Of all swings at a level so many must be exponential. Where less are, the load changes faster
 * than the thing follows, and now and then a swing only looks exponential, at any rate. Simulated
 * things have 16 to 40 % where they follow their load, and at most 6 % where they do not.
 */
const LEAST_SHARE = 0.12;
/** How much of what is known of that share is kept with each swing. */
const KEPT = 0.99;
/** Between full air and none the effect is judged only where the air has varied by this much. */
const LEAST_AIR_SPREAD = 40;
/** What the effect is told between. */
const LITTLE_AIR = 20;
const MUCH_AIR = 100;

/** What is kept: JSON values only. */
export interface CoolingState {
  /** Swings and exponential swings of each level, the older the less. */
  swings: [all: number, exponential: number][];
  /** The first exponential swings of each level, until one of them has enough. */
  learning: Sample[][];
  /** What was learned, at the level where it was learned. */
  learned: { level: number; line: Line } | null;
  /** The last ones of that level. */
  recent: Sample[];
}

/** The rate over the air. */
interface Line {
  atRest: number;
  perPercent: number;
}

/** Follows what one sensor measures. */
export class Cooling {
  readonly #state: CoolingState;

  constructor(state?: CoolingState) {
    this.#state = state === undefined
      ? {
        swings: Array.from({ length: LEVELS }, () => [0, 0]),
        learning: Array.from({ length: LEVELS }, () => []),
        learned: null,
        recent: [],
      }
      : copyOf(state);
  }

  /** Takes a swing; true when there may be something new to say. */
  take({ level, airPercent, ratePerHour }: Swing): boolean {
    const { swings, learned, recent } = this.#state;
    const counts = swings[level] as [number, number];
    counts[0] = counts[0] * KEPT + 1;
    counts[1] = counts[1] * KEPT + (ratePerHour === null ? 0 : 1);
    if (ratePerHour === null) return false;
    const sample: Sample = [rounded(airPercent), rounded(ratePerHour)];
    if (learned === null) this.#learn(level, sample);
    if (learned?.level !== level || !this.#follows(level)) return false;
    recent.push(sample);
    if (recent.length > EFFECT_COUNT) recent.shift();
    return true;
  }

  /** What can be said; null while too little has been seen. */
  judge(): CoolingVerdict | null {
    const { learned, recent } = this.#state;
    if (learned === null || recent.length < STRENGTH_COUNT) return null;
    const last = recent.slice(-STRENGTH_COUNT);
    return {
      strength: median(sharesOf(last, learned.line)),
      effect: recent.length < EFFECT_COUNT ? null : effectOf(recent),
      ratePerHour: median(last.map(([, rate]) => rate)),
    };
  }

  /** Whatever was seen of late was seen of something that is no more as it was. */
  forget(): void {
    this.#state.recent.splice(0, this.#state.recent.length - STRENGTH_COUNT / 2);
  }

  /** What to go on with later. */
  state(): CoolingState {
    return copyOf(this.#state);
  }

  #learn(level: number, sample: Sample): void {
    const state = this.#state;
    const samples = state.learning[level] as Sample[];
    samples.push(sample);
    if (samples.length < LEARN_COUNT) return;
    if (this.#follows(level)) {
      state.learned = { level, line: lineThrough(samples) };
      state.learning = [];
    } else {
      samples.shift();
    }
  }

  /** Whether what happens at a level is of the thing itself. */
  #follows(level: number): boolean {
    const [all, exponential] = this.#state.swings[level] as [number, number];
    return exponential >= all * LEAST_SHARE;
  }
}

function sharesOf(samples: readonly Sample[], { atRest, perPercent }: Line): number[] {
  return samples.map(([air, rate]) => rate / (atRest + perPercent * air));
}

function effectOf(samples: readonly Sample[]): number | null {
  const airs = samples.map(([air]) => air);
  if (!(quantile(airs, 0.9) - quantile(airs, 0.1) >= LEAST_AIR_SPREAD)) return null;
  const slope = median(pairSlopes(samples));
  const little = median(samples.map(([air, rate]) => rate - slope * (air - LITTLE_AIR)));
  return little > 0 ? slope * (MUCH_AIR - LITTLE_AIR) / little : null;
}

/** More air never cools worse, so a line that falls is a level one. */
function lineThrough(samples: readonly Sample[]): Line {
  const perPercent = Math.max(0, median(pairSlopes(samples)) || 0);
  const atRest = median(samples.map(([air, rate]) => rate - perPercent * air));
  return { atRest: Math.max(atRest, 0), perPercent };
}

function copyOf({ swings, learning, learned, recent }: CoolingState): CoolingState {
  const copy = (samples: readonly Sample[]): Sample[] => samples.map(([air, rate]) => [air, rate]);
  return {
    swings: swings.map(([all, exponential]) => [all, exponential]),
    learning: learning.map(copy),
    learned: learned && { ...learned, line: { ...learned.line } },
    recent: copy(recent),
  };
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}
