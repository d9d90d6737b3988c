/**
 * A store in one SQLite file. Every call is a few microseconds of work on a handful of rows, so
 * it runs where it is called; nothing here waits for a disk but the rare checkpoint.
 *
 * @module
 */

import { DatabaseSync, type StatementSync } from "node:sqlite";
import type { Clock } from "../../clock.ts";
import type { Override } from "../../control/engine/override.ts";
import { StoreError } from "../../errors.ts";
import { migrate } from "./schema.ts";
import type { Store, StoredOverride, StoredProfile } from "./record.ts";

/** How long a start waits for a server that is still letting go of the file. */
const LOCK_TIMEOUT_MS = 500;

/** Keeps overrides in the file at one path, which it holds alone while it is open. */
export class SqliteStore implements Store {
  readonly epoch: number;
  readonly #path: string;
  readonly #clock: Clock;
  readonly #database: DatabaseSync;
  readonly #load: StatementSync;
  readonly #save: StatementSync;
  readonly #forget: StatementSync;
  #closed = false;

  /** Opens or creates the file; SQLite's own errors come through as they are. */
  constructor(path: string, clock: Clock) {
    this.#path = path;
    this.#clock = clock;
    this.#database = new DatabaseSync(path, { timeout: LOCK_TIMEOUT_MS });
    try {
      this.epoch = prepareFile(this.#database, path, clock);
      this.#load = this.#database.prepare(
        "SELECT shelf, percent, expires, forced, set_by, set_at, reason FROM overrides " +
          "ORDER BY shelf",
      );
      this.#save = this.#database.prepare(
        "INSERT OR REPLACE INTO overrides VALUES (?, ?, ?, ?, ?, ?, ?)",
      );
      this.#forget = this.#database.prepare("DELETE FROM overrides WHERE shelf = ?");
    } catch (error) {
      this.#database.close();
      throw error;
    }
  }

  loadOverrides(): StoredOverride[] {
    return this.#load.all().map((row) => ({
      shelf: String(row["shelf"]),
      percent: Number(row["percent"]),
      expiresAt: row["expires"] === null ? null : Number(row["expires"]),
      forced: row["forced"] === 1,
      owner: String(row["set_by"]),
      reason: row["reason"] === null ? null : String(row["reason"]),
      setAt: Number(row["set_at"]),
    }));
  }

  saveOverride(shelf: string, override: Override | null): void {
    try {
      if (override === null) {
        this.#forget.run(shelf);
        return;
      }
      const { percent, expiresAt, forced, owner, reason } = override;
      const setAt = this.#clock.wallMs();
      this.#save.run(shelf, percent, expiresAt, forced ? 1 : 0, owner, setAt, reason);
    } catch (error) {
      const found = error instanceof Error ? error.message : String(error);
      throw new StoreError(
        `Cannot keep the override of shelf "${shelf}" in "${this.#path}": ${found}; ` +
          "make room or repair the file",
        { cause: error },
      );
    }
  }

  loadProfile(): StoredProfile | null {
    const row = this.#database.prepare("SELECT name, owner, reason, expires FROM profile").get();
    return row === undefined ? null : {
      name: String(row["name"]),
      owner: String(row["owner"]),
      reason: row["reason"] === null ? null : String(row["reason"]),
      expiresAt: Number(row["expires"]),
    };
  }

  saveProfile(profile: StoredProfile | null): void {
    try {
      if (profile === null) {
        this.#database.exec("DELETE FROM profile");
        return;
      }
      const { name, owner, reason, expiresAt } = profile;
      this.#database.prepare("INSERT OR REPLACE INTO profile VALUES (1, ?, ?, ?, ?)")
        .run(name, owner, reason, expiresAt);
    } catch (error) {
      const found = error instanceof Error ? error.message : String(error);
      throw new StoreError(
        `Cannot keep the profile in "${this.#path}": ${found}; make room or repair the file`,
        { cause: error },
      );
    }
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#database.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

/**
 * Takes the file for this process alone, checks it, brings its tables up to date and counts the
 * start. An exclusive lock keeps a second server from writing over this one's overrides, and
 * spares the shared-memory file that SQLite would need beside the log.
 */
function prepareFile(database: DatabaseSync, path: string, clock: Clock): number {
  database.exec(
    "PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;",
  );
  const check = database.prepare("PRAGMA quick_check(1)").get();
  const verdict = String(check?.["quick_check"]);
  if (verdict !== "ok") throw new Error(`database disk image is malformed: ${verdict}`);
  migrate(database, path);
  // Never below the time, so that a file that was lost or put aside does not turn the epoch back.
  const row = database.prepare("UPDATE server SET epoch = max(epoch + 1, ?) RETURNING epoch")
    .get(Math.max(1, Math.trunc(clock.wallMs())));
  return Number(row?.["epoch"]);
}
