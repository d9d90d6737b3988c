/**
 * Keeps a journal within its age and its size: what is oldest goes first, and raw entries before
 * roll-ups.
 *
 * @module
 */

import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { JournalDatabase } from "./database.ts";
import type { JournalConfig } from "../../config/journal_config.ts";
import { HOUR_MS, MINUTE_MS } from "./roll_ups.ts";

/** Above this share of its size the file is trimmed. */
const FULL = 0.9;
/** Down to this share. */
const TRIMMED = 0.8;
/** Of the minutes and the hours that there are, this share goes at a time. */
const SHARE = 1 / 16;

/** Trims one file. Everything runs within a transaction. */
export class Retention {
  readonly #database: JournalDatabase;
  readonly #config: JournalConfig;
  readonly #oldestSegment: StatementSync;
  readonly #dropChunks: StatementSync;
  readonly #dropSegment: StatementSync;
  readonly #dropConfigs: StatementSync;

  constructor(database: JournalDatabase, config: JournalConfig) {
    const { sql } = database;
    this.#database = database;
    this.#config = config;
    // The newest one is being written, and stays.
    this.#oldestSegment = sql.prepare(
      `SELECT id, lead(chunk) OVER (ORDER BY id) AS next, lead(wall_ms) OVER (ORDER BY id) AS ended
       FROM segments ORDER BY id LIMIT 1`,
    );
    this.#dropChunks = sql.prepare("DELETE FROM chunks WHERE id < ?");
    this.#dropSegment = sql.prepare("DELETE FROM segments WHERE id = ?");
    this.#dropConfigs = sql.prepare(
      "DELETE FROM configs WHERE id NOT IN (SELECT config FROM segments)",
    );
  }

  /** Drops what is too old, and what is too much. */
  trim(wallMs: number): void {
    const { rawMs, minutesMs, hoursMs } = this.#config;
    while (this.#dropOldest(wallMs - rawMs));
    const { sql } = this.#database;
    dropBefore(sql, "minutes", Math.floor((wallMs - minutesMs) / MINUTE_MS));
    dropBefore(sql, "hours", Math.floor((wallMs - hoursMs) / HOUR_MS));
    if (this.#database.fill > FULL) this.makeRoom();
  }

  /**
   * Drops the oldest until there is room again, or nothing is left to drop: some of it in any
   * case, because the disk may be full before the file is.
   */
  makeRoom(): void {
    const { sql } = this.#database;
    const most = Math.min(TRIMMED, this.#database.fill * TRIMMED);
    while (this.#database.fill > most) {
      if (this.#dropOldest(Infinity)) continue;
      if (!thin(sql, "minutes") && !thin(sql, "hours")) return;
    }
  }

  /** Drops the oldest segment if it ended before `wallMs`; false when it did not. */
  #dropOldest(wallMs: number): boolean {
    const row = this.#oldestSegment.get();
    const { id, next, ended } = row ?? {};
    if (typeof next !== "number" || !(Number(ended) < wallMs)) return false;
    this.#dropChunks.run(next);
    this.#dropSegment.run(Number(id));
    this.#dropConfigs.run();
    return true;
  }
}

function dropBefore(sql: DatabaseSync, table: "minutes" | "hours", at: number): void {
  sql.prepare(`DELETE FROM ${table} WHERE at < ?`).run(at);
}

/** Drops the oldest share of a roll-up; false when nothing is left of it. */
function thin(sql: DatabaseSync, table: "minutes" | "hours"): boolean {
  const row = sql.prepare(
    `SELECT (SELECT min(at) FROM ${table}) AS low, (SELECT max(at) FROM ${table}) AS high`,
  ).get();
  if (typeof row?.["low"] !== "number" || typeof row["high"] !== "number") return false;
  const share = Math.ceil((row["high"] - row["low"] + 1) * SHARE);
  dropBefore(sql, table, row["low"] + share);
  return true;
}
