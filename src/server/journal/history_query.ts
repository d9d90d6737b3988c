/**
 * A question about what a shelf did, and its answer.
 *
 * @module
 */

import { HOUR_MS, MINUTE_MS } from "./roll_ups.ts";

/** What is asked of one shelf. Times are in milliseconds since the Unix epoch. */
export interface HistoryQuery {
  readonly shelf: string;
  /** The sensors that it follows. */
  readonly sensors: readonly string[];
  readonly fromMs: number;
  readonly toMs: number;
  /** The length of a step: whole seconds, minutes or hours. */
  readonly stepMs: number;
  /** Steps that are answered at most; the rest is another page. */
  readonly most: number;
}

/** Lowest, mean and highest of a step. */
export type Span = [low: number, mean: number, high: number];

/** A step in which something is known. */
export interface HistoryStep {
  /** When it begins, in ms since the Unix epoch. */
  readonly atMs: number;
  /** °C by sensor. */
  readonly temps: Record<string, Span>;
  /** Percent. */
  readonly duty: Span | null;
  /** Of the slowest fan. */
  readonly rpm: Span | null;
  /** The share of the step in which a failsafe or a critical limit decided: 0 to 1. */
  readonly failsafe: number | null;
}

/** Some steps, and where the next page begins; null at the end. */
export interface HistoryPage {
  readonly steps: readonly HistoryStep[];
  readonly nextMs: number | null;
}

const SECOND_MS = 1000;

/** A length of steps that fits the roll-ups, at least `wantedMs`. */
export function stepFor(wantedMs: number): number {
  const unitMs = wantedMs > HOUR_MS ? HOUR_MS : wantedMs > MINUTE_MS ? MINUTE_MS : SECOND_MS;
  return Math.max(1, Math.ceil(wantedMs / unitMs)) * unitMs;
}
