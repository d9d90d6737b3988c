/**
 * What the roll-ups count: temperatures by sensor; duty, speed and failsafe by shelf.
 *
 * @module
 */

/** What a series holds: °C; percent; rpm; or 1 while a failsafe or a critical limit decides. */
export type SeriesKind = "temp" | "duty" | "rpm" | "failsafe";

const KINDS: readonly SeriesKind[] = ["temp", "duty", "rpm", "failsafe"];

/** Numbers of one series over a stretch of time, in thousandths. */
export interface Tally {
  count: number;
  low: number;
  high: number;
  sum: number;
}

/** Counts all of `more` in. */
export function merge(tally: Tally, more: Readonly<Tally>): void {
  tally.count += more.count;
  tally.sum += more.sum;
  if (more.low < tally.low) tally.low = more.low;
  if (more.high > tally.high) tally.high = more.high;
}

/** Tallies by kind and name. */
export class TallyBook {
  readonly #books: Readonly<Record<SeriesKind, Map<string, Tally>>> = {
    temp: new Map(),
    duty: new Map(),
    rpm: new Map(),
    failsafe: new Map(),
  };

  /** Counts one number in. */
  count(kind: SeriesKind, name: string, thousandths: number): void {
    const tally = this.of(kind, name);
    tally.count++;
    tally.sum += thousandths;
    if (thousandths < tally.low) tally.low = thousandths;
    if (thousandths > tally.high) tally.high = thousandths;
  }

  /** The tally of one series, empty at first. */
  of(kind: SeriesKind, name: string): Tally {
    const book = this.#books[kind];
    const known = book.get(name);
    if (known !== undefined) return known;
    const tally = { count: 0, low: Infinity, high: -Infinity, sum: 0 };
    book.set(name, tally);
    return tally;
  }

  /** Every tally, by kind. */
  *entries(): Generator<[kind: SeriesKind, name: string, tally: Tally]> {
    for (const kind of KINDS) {
      for (const [name, tally] of this.#books[kind]) yield [kind, name, tally];
    }
  }
}
