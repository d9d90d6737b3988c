/**
 * Who has changed what: a table of its own in a journal's file, with a limit of its own, which the
 * readings of sensors cannot push out.
 *
 * @module
 */

import type { DatabaseSync, StatementSync } from "node:sqlite";

/** One change. */
export interface AuditEntry {
  /** Milliseconds since the Unix epoch. */
  readonly atMs: number;
  /** The name that was proved; null when none was. */
  readonly who: string | null;
  /** What the client calls itself, which proves nothing. */
  readonly client: string | null;
  /** The way that it came, and its address: `tcp 127.0.0.1:50112`. */
  readonly from: string;
  /** The request, or what else made the change. */
  readonly what: string;
  /** The shelf, the board, the alert or the file; null for the server. */
  readonly about: string | null;
  /** How it stood, in words; null where the server does not know. */
  readonly before: string | null;
  /** How it stands, in words. */
  readonly after: string | null;
}

/** A change with its number, which only ever grows. */
export type NumberedEntry = AuditEntry & { readonly id: number };

/** A part of the audit, the newest first. */
export interface AuditPage {
  readonly entries: readonly NumberedEntry[];
  /** The number to go on below; null at the end. */
  readonly next: number | null;
}

/** At most this share of a journal is audit. */
const SHARE = 1 / 8;

const TABLE = `CREATE TABLE IF NOT EXISTS audit ( -- what was changed, and by whom
    id    INTEGER PRIMARY KEY AUTOINCREMENT,
    entry TEXT NOT NULL -- JSON
  ) STRICT`;

interface OpenTable {
  readonly add: StatementSync;
  readonly dropOldest: StatementSync;
  count: number;
  bytes: number;
}

/** The audit of one file. Writing runs within a transaction. */
export class AuditTable {
  readonly #sql: DatabaseSync;
  readonly #most: { readonly entries: number; readonly bytes: number };
  #open: OpenTable | null = null;

  constructor(sql: DatabaseSync, limits: { auditEntries: number; maxBytes: number }) {
    this.#sql = sql;
    this.#most = { entries: limits.auditEntries, bytes: Math.floor(limits.maxBytes * SHARE) };
  }

  /** Appends changes, and drops the oldest beyond the limits. */
  add(entries: readonly AuditEntry[]): void {
    const open = this.#ready();
    for (const entry of entries) {
      const text = JSON.stringify(entry);
      open.add.run(text);
      open.count++;
      open.bytes += text.length;
    }
    while (open.count > this.#most.entries || open.bytes > this.#most.bytes) {
      const dropped = open.dropOldest.get();
      if (dropped === undefined) return;
      open.count--;
      open.bytes -= Number(dropped["length"]);
    }
  }

  /** What a transaction has done was undone. */
  forget(): void {
    this.#open = null;
  }

  /** The newest changes below a number. */
  page({ below, most }: { below: number | null; most: number }): AuditPage {
    const exists = this.#sql.prepare(
      "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'audit'",
    ).get();
    if (exists === undefined) return { entries: [], next: null };
    const rows = this.#sql.prepare(
      "SELECT id, entry FROM audit WHERE id < ? ORDER BY id DESC LIMIT ?",
    ).all(below ?? Number.MAX_SAFE_INTEGER, most + 1);
    const entries = rows.slice(0, most).map((row) => ({
      ...JSON.parse(String(row["entry"])) as AuditEntry,
      id: Number(row["id"]),
    }));
    return { entries, next: rows.length > most ? entries.at(-1)?.id ?? null : null };
  }

  /** Made with the first change: a journal of an earlier version has none. */
  #ready(): OpenTable {
    if (this.#open !== null) return this.#open;
    this.#sql.exec(TABLE);
    const row = this.#sql.prepare(
      "SELECT count(*) AS count, coalesce(sum(length(entry)), 0) AS bytes FROM audit",
    ).get();
    return this.#open = {
      add: this.#sql.prepare("INSERT INTO audit (entry) VALUES (?)"),
      dropOldest: this.#sql.prepare(
        "DELETE FROM audit WHERE id = (SELECT min(id) FROM audit) RETURNING length(entry) AS length",
      ),
      count: Number(row?.["count"]),
      bytes: Number(row?.["bytes"]),
    };
  }
}
