/**
 * What a shelf did over a stretch of time, in as many steps as are asked for: from raw entries
 * where steps are short, else from the roll-ups.
 *
 * @module
 */

import type { DatabaseSync } from "node:sqlite";
import { ChunkReader } from "../../control/replay/chunk_reader.ts";
import { Segments } from "../../replay/segments.ts";
import { HOUR_MS, MINUTE_MS, type RollUps } from "./roll_ups.ts";
import { Sampler } from "./samples.ts";
import type { Tally } from "./series.ts";
import { type Column, Grid } from "./history_grid.ts";
import type { HistoryPage, HistoryQuery } from "./history_query.ts";

/** Of raw entries, more than this is not looked through for one page; minutes must do. */
const MOST_RAW_BYTES = 33_554_432;

/** Reads from one open journal. */
export class HistoryReader {
  readonly #sql: DatabaseSync;
  readonly #rollUps: RollUps;

  constructor(sql: DatabaseSync, rollUps: RollUps) {
    this.#sql = sql;
    this.#rollUps = rollUps;
  }

  /** The steps from `fromMs` on. */
  page(query: HistoryQuery): HistoryPage {
    const { shelf, sensors, stepMs, toMs } = query;
    const columns: Column[] = [
      { kind: "duty", name: shelf },
      { kind: "rpm", name: shelf },
      { kind: "failsafe", name: shelf },
      ...sensors.map((name): Column => ({ kind: "temp", name })),
    ];
    // A minute that is not written yet is told as what began at its beginning.
    const knownMs = Math.floor(this.#firstMs() / MINUTE_MS) * MINUTE_MS;
    const firstMs = Math.max(knownMs, query.fromMs);
    const startMs = Math.floor(firstMs / stepMs) * stepMs;
    const endMs = Math.min(toMs, startMs + query.most * stepMs);
    const grid = new Grid(columns, startMs, endMs, stepMs);
    this.#fill(grid);
    return { steps: grid.steps(sensors), nextMs: endMs < toMs ? endMs : null };
  }

  /** When anything is known first. */
  #firstMs(): number {
    const row = this.#sql.prepare(
      `SELECT (SELECT min(at) FROM hours) AS hours, (SELECT min(at) FROM minutes) AS minutes,
         (SELECT min(wall_ms) FROM segments) AS raw`,
    ).get();
    const at = (name: string, unitMs: number) =>
      typeof row?.[name] === "number" ? row[name] * unitMs : Infinity;
    return Math.min(at("hours", HOUR_MS), at("minutes", MINUTE_MS), at("raw", 1));
  }

  #fill(grid: Grid): void {
    const { startMs, endMs, stepMs } = grid;
    const minutes = this.#table("minutes", MINUTE_MS, grid);
    const hours = this.#table("hours", HOUR_MS, grid);
    let fromMs = minutes.firstMs;
    if (stepMs >= HOUR_MS) {
      // The hour of now is not over, and what is written of it may be of an earlier run.
      const thisHourMs = Math.floor(this.#rollUps.doneMs / HOUR_MS) * HOUR_MS;
      fromMs = Math.max(fromMs, Math.min(hours.lastMs + HOUR_MS, thisHourMs));
    }
    hours.read(startMs, Math.min(endMs, fromMs));
    const rawMs = stepMs < MINUTE_MS ? this.#rawFrom(startMs, endMs, minutes.firstMs) : Infinity;
    minutes.read(
      Math.max(startMs, fromMs),
      Math.min(endMs, Math.floor(rawMs / MINUTE_MS) * MINUTE_MS),
    );
    if (rawMs < endMs) this.#readRaw(grid, Math.max(startMs, rawMs));
    else this.#readWaiting(grid);
  }

  #table(table: "minutes" | "hours", unitMs: number, grid: Grid): RollUpReader {
    return new RollUpReader(this.#sql, table, unitMs, grid);
  }

  /**
   * From when on there are raw entries, unless they are too many to look through: from a whole
   * minute on where the minutes before it are known.
   */
  #rawFrom(startMs: number, endMs: number, minutesFromMs: number): number {
    const row = this.#sql.prepare(
      `SELECT (SELECT min(wall_ms) FROM segments) AS first, sum(length(entries)) AS bytes
       FROM chunks WHERE to_ms >= ? AND from_ms < ?`,
    ).get(startMs, endMs);
    const isTooMuch = Number(row?.["bytes"] ?? 0) > MOST_RAW_BYTES;
    if (typeof row?.["first"] !== "number" || isTooMuch) return Infinity;
    const wholeMs = Math.ceil(row["first"] / MINUTE_MS) * MINUTE_MS;
    return minutesFromMs < wholeMs - MINUTE_MS ? wholeMs : row["first"];
  }

  #readRaw(grid: Grid, fromMs: number): void {
    const segments = new Segments(this.#sql);
    const sampler = new Sampler((kind, name, value, atMs) => {
      if (atMs >= fromMs) grid.count(kind, name, value, atMs);
    });
    const all = segments.list();
    for (const [index, segment] of all.entries()) {
      const endedMs = all[index + 1]?.wallMs ?? Infinity;
      if (segment.wallMs >= grid.endMs || Math.max(endedMs, segment.wallMs) < fromMs) continue;
      const { names } = segments.config(segment);
      for (const chunk of segments.chunks(segment)) {
        if (chunk.fromMs >= grid.endMs || chunk.toMs < fromMs) continue;
        const reader = new ChunkReader(chunk.bytes, names);
        for (let entry = reader.next(); entry !== null; entry = reader.next()) {
          sampler.follow(entry, reader.wallAheadMs);
        }
      }
    }
  }

  /** The minutes that are not in the file yet. */
  #readWaiting(grid: Grid): void {
    for (const [index, { kind, name }] of grid.columns.entries()) {
      for (const [atMs, tally] of this.#rollUps.waiting(kind, name)) grid.merge(index, atMs, tally);
    }
  }
}

/** One table of roll-ups. */
class RollUpReader {
  /** Of its oldest row; infinite when there is none. */
  readonly firstMs: number;
  /** Of its newest row. */
  readonly lastMs: number;
  readonly #sql: DatabaseSync;
  readonly #table: "minutes" | "hours";
  readonly #unitMs: number;
  readonly #grid: Grid;

  constructor(sql: DatabaseSync, table: "minutes" | "hours", unitMs: number, grid: Grid) {
    this.#sql = sql;
    this.#table = table;
    this.#unitMs = unitMs;
    this.#grid = grid;
    const row = sql.prepare(
      `SELECT (SELECT min(at) FROM ${table}) AS first, (SELECT max(at) FROM ${table}) AS last`,
    ).get();
    this.firstMs = typeof row?.["first"] === "number" ? row["first"] * unitMs : Infinity;
    this.lastMs = typeof row?.["last"] === "number" ? row["last"] * unitMs : -Infinity;
  }

  /**
   * Takes the rows from one moment up to another into the grid. Looks each of them up by its key:
   * the rows of ten thousand other shelves lie between them.
   */
  read(fromMs: number, toMs: number): void {
    const first = Math.floor(Math.max(fromMs, this.firstMs) / this.#unitMs);
    const end = Math.ceil(Math.min(toMs, this.lastMs + this.#unitMs) / this.#unitMs);
    if (!(first < end)) return;
    const index = this.#numbers();
    const rows = this.#sql.prepare(
      `WITH RECURSIVE times(at) AS (SELECT ? UNION ALL SELECT at + 1 FROM times WHERE at + 1 < ?)
       SELECT at, series, count, low, high, sum FROM times CROSS JOIN ${this.#table} USING (at)
       WHERE series IN (SELECT value FROM json_each(?))`,
    ).all(first, end, JSON.stringify([...index.keys()]));
    for (const row of rows) {
      const column = index.get(Number(row["series"])) ?? -1;
      this.#grid.merge(column, Number(row["at"]) * this.#unitMs, row as unknown as Tally);
    }
  }

  /** The columns by the numbers of their series. */
  #numbers(): Map<number, number> {
    const find = this.#sql.prepare("SELECT id FROM series WHERE kind = ? AND name = ?");
    const index = new Map<number, number>();
    for (const [column, { kind, name }] of this.#grid.columns.entries()) {
      const id = find.get(kind, name)?.["id"];
      if (typeof id === "number") index.set(id, column);
    }
    return index;
  }
}
