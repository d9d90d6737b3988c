/**
 * The file of a journal: opened, bounded, put aside when it is damaged, missed when it is deleted.
 *
 * @module
 */

import { DatabaseSync } from "node:sqlite";
import { StoreError } from "../../errors.ts";
import { hasTables, pragma, TABLES } from "../../replay/tables.ts";

/** How long a write waits for another process that holds the file. */
const LOCK_MS = 100;
const PAGE_BYTES = 4096;
/** Pages of the log that are carried into the file at a time. */
const LOG_PAGES = 256;
/** Of the limit, this share at most is the log beside the file. */
const LOG_SHARE = 1 / 8;
/** How many damaged files are kept side by side. */
const MAX_PUT_ASIDE = 99;

/** What has gone wrong with a journal's file; node:sqlite gives no code for it. */
export type Trouble = "locked" | "full" | "damaged" | "other";

const WORDS: readonly [Trouble, RegExp][] = [
  ["locked", /database (table )?is locked/],
  ["full", /database or disk is full/],
  [
    "damaged",
    /file is not a database|image is malformed|malformed database schema|no such (table|column)/,
  ],
];

/** Which trouble an error of SQLite is about. */
export function troubleOf(error: unknown): Trouble {
  const text = error instanceof Error ? error.message : String(error);
  return WORDS.find(([, words]) => words.test(text))?.[0] ?? "other";
}

/** An open journal. */
export class JournalDatabase implements Disposable {
  readonly sql: DatabaseSync;
  readonly #path: string;
  /** Identity of the file; null in memory. */
  readonly #inode: number | null;
  readonly #pages: number;

  private constructor(path: string, maxBytes: number) {
    this.#path = path;
    this.sql = new DatabaseSync(isInMemory(path) ? ":memory:" : path, { timeout: LOCK_MS });
    try {
      const logBytes = isInMemory(path) ? 0 : Math.floor(maxBytes * LOG_SHARE);
      this.#pages = Math.floor((maxBytes - logBytes) / PAGE_BYTES);
      this.#prepare(logBytes);
      this.#inode = isInMemory(path) ? null : Deno.statSync(path).ino;
    } catch (error) {
      this.sql.close();
      throw error;
    }
  }

  /**
   * Opens or makes the journal at `path`; a damaged file is put aside first.
   *
   * @param aside is told the new name of a damaged file.
   * @throws {StoreError} When it is not a journal; SQLite's own errors come through.
   */
  static open(path: string, maxBytes: number, aside: (name: string) => void): JournalDatabase {
    try {
      return new JournalDatabase(path, maxBytes);
    } catch (error) {
      if (error instanceof StoreError || troubleOf(error) !== "damaged") throw error;
      aside(putAside(path));
      return new JournalDatabase(path, maxBytes);
    }
  }

  /** Bytes in use, of the most that may be: 0 to 1. */
  get fill(): number {
    const free = pragma(this.sql, "freelist_count");
    return (pragma(this.sql, "page_count") - free) / this.#pages;
  }

  /** Whether the file is no longer where it was opened. */
  get isGone(): boolean {
    if (this.#inode === null) return false;
    try {
      return Deno.statSync(this.#path).ino !== this.#inode;
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return true;
      throw error;
    }
  }

  /** Runs `work` as one transaction: all of it or nothing. */
  transaction(work: () => void): void {
    this.sql.exec("BEGIN IMMEDIATE");
    try {
      work();
      this.sql.exec("COMMIT");
    } catch (error) {
      if (this.sql.isTransaction) this.sql.exec("ROLLBACK");
      throw error;
    }
  }

  /** Gives pages beyond the limit back to the file system: the limit may have been lowered. */
  shrink(): void {
    const over = pragma(this.sql, "page_count") - this.#pages;
    if (over > 0) this.sql.exec(`PRAGMA incremental_vacuum(${over})`);
    this.sql.exec(`PRAGMA max_page_count = ${this.#pages}`);
  }

  [Symbol.dispose](): void {
    this.sql.close();
  }

  #prepare(logBytes: number): void {
    const { sql } = this;
    sql.exec("PRAGMA auto_vacuum = INCREMENTAL");
    if (!isInMemory(this.#path)) {
      const pages = Math.max(1, Math.min(LOG_PAGES, Math.floor(logBytes / PAGE_BYTES / 2)));
      sql.exec(
        `PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;
         PRAGMA wal_autocheckpoint = ${pages}; PRAGMA journal_size_limit = ${logBytes};`,
      );
      const verdict = Object.values(sql.prepare("PRAGMA quick_check(1)").get() ?? {})[0];
      if (verdict !== "ok") throw new Error(`database disk image is malformed: ${verdict}`);
    }
    sql.exec(`PRAGMA max_page_count = ${this.#pages}`);
    if (!hasTables(sql, this.#path)) this.transaction(() => sql.exec(TABLES));
  }
}

/** Whether `path` stands for a journal that forgets with the process. */
export function isInMemory(path: string): boolean {
  return path === "memory";
}

/** Moves a damaged journal to a name of its own. */
export function putAside(path: string): string {
  const aside = freeName(`${path}.corrupt`);
  try {
    Deno.renameSync(path, aside);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotCapable)) throw error;
    throw new StoreError(
      `Cannot put the damaged journal "${path}" aside: that is not permitted; allow reading and ` +
        "writing its folder, or move it away by hand, and start again",
      { cause: error },
    );
  }
  // What belongs to the damaged file would be taken for the new one's.
  for (const suffix of ["-wal", "-shm"]) {
    try {
      Deno.removeSync(`${path}${suffix}`);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
  return aside;
}

function freeName(wanted: string): string {
  for (let number = 1; number <= MAX_PUT_ASIDE; number++) {
    const name = number === 1 ? wanted : `${wanted}.${number}`;
    try {
      Deno.lstatSync(name);
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return name;
      throw error;
    }
  }
  throw new StoreError(
    `Cannot put the damaged journal aside: ${MAX_PUT_ASIDE} damaged files are there already; ` +
      "move them away",
  );
}
