/**
 * What is left of the readings when they are gone: their count, lowest, highest and sum by the
 * minute, and of those by the hour.
 *
 * @module
 */

import type { DatabaseSync, StatementSync } from "node:sqlite";
import { type SeriesKind, type Tally, TallyBook } from "./series.ts";

/** Milliseconds. */
export const MINUTE_MS = 60_000;
/** Milliseconds. */
export const HOUR_MS = 3_600_000;
const MINUTES = HOUR_MS / MINUTE_MS;

/** Minutes that wait for a file that cannot be written; the oldest of more are lost. */
const MOST_WAITING = 120;

/** The roll-ups of one journal while it is being written. */
export class RollUps {
  /** Those that are not written yet, by minutes since the Unix epoch. */
  readonly #waiting = new Map<number, TallyBook>();
  /** The minute of the newest sample. */
  #minute = 0;
  #book = new TallyBook();
  #tables: RollUpTables | null = null;

  /** Minutes before this one, in ms since the Unix epoch, are in the file. */
  get doneMs(): number {
    return Math.min(this.#minute, ...this.#waiting.keys()) * MINUTE_MS;
  }

  /** What is not written yet of one series, by the minute. */
  *waiting(kind: SeriesKind, name: string): Generator<[atMs: number, tally: Tally]> {
    for (const [minute, book] of this.#waiting) yield [minute * MINUTE_MS, book.of(kind, name)];
  }

  /** Writes to this file from now on. */
  useFile(sql: DatabaseSync): void {
    this.#tables = new RollUpTables(sql);
  }

  /** Counts a sample in. */
  take(kind: SeriesKind, name: string, thousandths: number, wallMs: number): void {
    const minute = Math.floor(wallMs / MINUTE_MS);
    if (minute !== this.#minute || this.#waiting.size === 0) this.#turnTo(minute);
    this.#book.count(kind, name, thousandths);
  }

  /**
   * Writes the minutes that are over, and with `all` also the one that is not: more may come for
   * it. Within a transaction; {@link RollUps.written} follows when that has come to its end.
   */
  write(all = false): void {
    const tables = this.#tables;
    tables?.begin();
    for (const [minute, book] of this.#waiting) {
      if (minute === this.#minute && !all) continue;
      tables?.addMinute(minute, book);
      const hour = Math.floor(minute / MINUTES);
      if (hour !== Math.floor(this.#minute / MINUTES)) tables?.addHour(hour);
    }
  }

  /** What {@link RollUps.write} wrote is in the file. */
  written(all = false): void {
    for (const minute of [...this.#waiting.keys()]) {
      if (all || minute !== this.#minute) this.#waiting.delete(minute);
    }
    this.#tables?.confirm();
  }

  #turnTo(minute: number): void {
    this.#minute = minute;
    const known = this.#waiting.get(minute);
    this.#book = known ?? new TallyBook();
    if (known !== undefined) return;
    this.#waiting.set(minute, this.#book);
    const [oldest] = this.#waiting.keys();
    if (this.#waiting.size > MOST_WAITING && oldest !== undefined) this.#waiting.delete(oldest);
  }
}

/** The tables of the roll-ups in one file. */
class RollUpTables {
  readonly #series: ReadonlyMap<SeriesKind, Map<string, number>> = new Map(
    (["temp", "duty", "rpm", "failsafe"] as const).map((kind) => [kind, new Map()]),
  );
  #isConfirmed = true;
  readonly #newSeries: StatementSync;
  readonly #findSeries: StatementSync;
  readonly #minute: StatementSync;
  readonly #hour: StatementSync;

  constructor(sql: DatabaseSync) {
    this.#newSeries = sql.prepare("INSERT OR IGNORE INTO series (kind, name) VALUES (?, ?)");
    this.#findSeries = sql.prepare("SELECT id FROM series WHERE kind = ? AND name = ?");
    this.#minute = sql.prepare(
      `INSERT INTO minutes (at, series, count, low, high, sum) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET count = count + excluded.count, low = min(low, excluded.low),
         high = max(high, excluded.high), sum = sum + excluded.sum`,
    );
    this.#hour = sql.prepare(
      `INSERT OR REPLACE INTO hours (at, series, count, low, high, sum)
       SELECT at / ${MINUTES}, series, sum(count), min(low), max(high), sum(sum)
       FROM minutes WHERE at >= ? AND at < ? GROUP BY series`,
    );
    const last = sql.prepare("SELECT max(at) AS at FROM minutes").get()?.["at"];
    // The run before this one may have ended before its last hour did.
    if (typeof last === "number") this.addHour(Math.floor(last / MINUTES));
  }

  /** A transaction that failed took with it the numbers that were new in it. */
  begin(): void {
    if (!this.#isConfirmed) {
      for (const names of this.#series.values()) names.clear();
    }
    this.#isConfirmed = false;
  }

  addMinute(minute: number, book: TallyBook): void {
    for (const [kind, name, { count, low, high, sum }] of book.entries()) {
      this.#minute.run(minute, this.#number(kind, name), count, low, high, sum);
    }
  }

  addHour(hour: number): void {
    this.#hour.run(hour * MINUTES, (hour + 1) * MINUTES);
  }

  confirm(): void {
    this.#isConfirmed = true;
  }

  #number(kind: SeriesKind, name: string): number {
    const names = this.#series.get(kind);
    const known = names?.get(name);
    if (known !== undefined) return known;
    this.#newSeries.run(kind, name);
    const id = Number(this.#findSeries.get(kind, name)?.["id"]);
    names?.set(name, id);
    return id;
  }
}
