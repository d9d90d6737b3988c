/**
 * Steps of time by series, filled from wherever something is known.
 *
 * @module
 */

import type { HistoryStep, Span } from "./history_query.ts";
import { merge, type SeriesKind, type Tally } from "./series.ts";

const SCALE = 1000;

/** One thing that is asked for. */
export interface Column {
  readonly kind: SeriesKind;
  readonly name: string;
}

/** Steps by columns, being filled. */
export class Grid {
  readonly columns: readonly Column[];
  readonly startMs: number;
  readonly endMs: number;
  readonly stepMs: number;
  readonly #index: ReadonlyMap<string, number>;
  /** By step and column. */
  readonly #rows = new Map<number, Tally[]>();

  constructor(columns: readonly Column[], startMs: number, endMs: number, stepMs: number) {
    this.columns = columns;
    this.startMs = startMs;
    this.endMs = endMs;
    this.stepMs = stepMs;
    this.#index = new Map(columns.map(({ kind, name }, index) => [`${kind} ${name}`, index]));
  }

  /** Counts one sample in, if it belongs here. */
  count(kind: SeriesKind, name: string, value: number, atMs: number): void {
    const index = this.#index.get(`${kind} ${name}`);
    if (index !== undefined) {
      this.merge(index, atMs, { count: 1, low: value, high: value, sum: value });
    }
  }

  /** Counts a tally in, if it belongs here. */
  merge(index: number, atMs: number, tally: Readonly<Tally>): void {
    if (!(atMs >= this.startMs && atMs < this.endMs)) return;
    const step = Math.floor((atMs - this.startMs) / this.stepMs);
    let row = this.#rows.get(step);
    if (row === undefined) this.#rows.set(step, row = this.columns.map(emptyTally));
    const known = row[index];
    if (known !== undefined) merge(known, tally);
  }

  /** What is known, step by step. */
  steps(sensors: readonly string[]): HistoryStep[] {
    return [...this.#rows].sort(([a], [b]) => a - b).map(([step, row]) => {
      const [duty = null, rpm = null, failsafe = null, ...temps] = row.map(spanOf);
      return {
        atMs: this.startMs + step * this.stepMs,
        temps: Object.fromEntries(
          sensors.map((name, index) => [name, temps[index] ?? null] as const)
            .filter((entry): entry is [string, Span] => entry[1] !== null),
        ),
        duty,
        rpm,
        failsafe: failsafe === null ? null : failsafe[1],
      };
    });
  }
}

function emptyTally(): Tally {
  return { count: 0, low: Infinity, high: -Infinity, sum: 0 };
}

function spanOf({ count, low, high, sum }: Tally): Span | null {
  return count === 0 ? null : [low / SCALE, Math.round(sum / count) / SCALE, high / SCALE];
}
