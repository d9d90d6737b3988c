/**
 * How a measure drifts over weeks of operation: medians of six hours, and the slope between them.
 * Pure, bounded, and independent of any calendar.
 *
 * @module
 */
import { median, pairSlopes, quantile } from "../../robust.ts";

/** What is kept of a measure: JSON values only. */
export interface TrendState {
  /** The samples of the hours that are not over. */
  open: number[];
  /** When those hours began, in milliseconds of operation. */
  openedMs: number;
  /** A median for each stretch of hours, the oldest first: milliseconds of operation, value. */
  points: [atMs: number, value: number][];
}

/** How a measure stands. */
export interface Drift {
  /** What it is now. */
  level: number;
  /** Its change in a week of operation; null while that is not certain. */
  perWeek: number | null;
}

const STRETCH_MS = 6 * 3_600_000;
const WEEK_MS = 7 * 86_400_000;
/** Of samples in a stretch; what comes on top is left out. */
const MOST_SAMPLES = 80;
/** So many samples make a median that counts. */
const LEAST_SAMPLES = 3;
/** Thirty days of operation. */
const MOST_POINTS = 120;
/** A slope needs a week. */
const SLOPE_POINTS = 28;
/** The level is the median of the last day. */
const LEVEL_POINTS = 4;
/** A slope is certain when so large a share of all pairs agree on its sign. */
const AGREE = 0.8;

/** Follows one measure. */
export class Trend {
  readonly #state: TrendState;

  constructor(state?: TrendState) {
    this.#state = state === undefined
      ? { open: [], openedMs: 0, points: [] }
      : { ...state, open: [...state.open], points: state.points.map(([at, value]) => [at, value]) };
  }

  /** Takes a sample; true when a stretch of hours has ended with it. */
  take(value: number, operatedMs: number): boolean {
    const state = this.#state;
    const isOver = operatedMs - state.openedMs >= STRETCH_MS;
    if (isOver) this.#close(operatedMs);
    if (state.open.length < MOST_SAMPLES) state.open.push(value);
    return isOver;
  }

  /** How the measure stands, or null while nothing certain is known. */
  drift(): Drift | null {
    const { points } = this.#state;
    if (points.length === 0) return null;
    const level = median(points.slice(-LEVEL_POINTS).map(([, value]) => value));
    return { level, perWeek: points.length < SLOPE_POINTS ? null : this.#perWeek() };
  }

  /** What to go on with later. */
  state(): TrendState {
    const { open, openedMs, points } = this.#state;
    return { open: [...open], openedMs, points: points.map(([at, value]) => [at, value]) };
  }

  #close(operatedMs: number): void {
    const state = this.#state;
    if (state.open.length >= LEAST_SAMPLES) {
      state.points.push([state.openedMs, median(state.open)]);
      if (state.points.length > MOST_POINTS) state.points.shift();
      state.open = [];
    }
    state.openedMs = operatedMs;
  }

  #perWeek(): number | null {
    const slopes = pairSlopes(this.#state.points);
    const isCertain = quantile(slopes, 1 - AGREE) > 0 || quantile(slopes, AGREE) < 0;
    return isCertain ? median(slopes) * WEEK_MS : null;
  }
}
