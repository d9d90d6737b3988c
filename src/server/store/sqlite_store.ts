/**
 * A store in one SQLite file. Every call is a few microseconds of work on a handful of rows, so
 * it runs where it is called; nothing here waits for a disk but the rare checkpoint.
 *
 * @module
 */

import { DatabaseSync } from "node:sqlite";
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
  #database: DatabaseSync;
  /** Which file that is, whatever it is called. */
  #file: string;
  /** What is to be kept once there is a file again. */
  #homeless: { overrides: StoredOverride[]; profile: StoredProfile | null } | null = null;
  #closed = false;

  /** Opens or creates the file; SQLite's own errors come through as they are. */
  constructor(path: string, clock: Clock) {
    this.#path = path;
    this.#clock = clock;
    [this.#database, this.epoch] = openFile(path, clock.wallMs());
    this.#file = identity(path) ?? "";
  }

  loadOverrides(): StoredOverride[] {
    if (this.#homeless !== null) return this.#homeless.overrides;
    const rows = this.#database.prepare(
      "SELECT shelf, percent, expires, forced, set_by, set_at, reason FROM overrides ORDER BY shelf",
    ).all();
    return rows.map((row) => ({
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
      this.#findFile();
      if (override === null) {
        this.#database.prepare("DELETE FROM overrides WHERE shelf = ?").run(shelf);
      } else this.#insert({ ...override, shelf, setAt: this.#clock.wallMs() });
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
    if (this.#homeless !== null) return this.#homeless.profile;
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
      this.#findFile();
      this.#setProfile(profile);
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
    try {
      this.#findFile();
    } catch (error) {
      const found = error instanceof Error ? error.message : String(error);
      throw new StoreError(
        `Cannot keep the overrides in "${this.#path}", which has been deleted: ${found}; ` +
          "see that its folder exists, and order them again",
        { cause: error },
      );
    } finally {
      if (this.#database.isOpen) this.#database.close();
    }
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #insert({ shelf, percent, expiresAt, forced, owner, setAt, reason }: StoredOverride): void {
    this.#database.prepare("INSERT OR REPLACE INTO overrides VALUES (?, ?, ?, ?, ?, ?, ?)")
      .run(shelf, percent, expiresAt, forced ? 1 : 0, owner, setAt, reason);
  }

  #setProfile(profile: StoredProfile | null): void {
    this.#database.exec("DELETE FROM profile");
    if (profile === null) return;
    const { name, owner, reason, expiresAt } = profile;
    this.#database.prepare("INSERT INTO profile VALUES (1, ?, ?, ?, ?)")
      .run(name, owner, reason, expiresAt);
  }

  /** A file that somebody has deleted keeps nothing for the next start: it is written anew. */
  #findFile(): void {
    if (this.#homeless === null) {
      if (identity(this.#path) === this.#file || !this.#database.isOpen) return;
      this.#homeless = { overrides: this.loadOverrides(), profile: this.loadProfile() };
      // Takes the log away, too, which would be the new file's.
      this.#database.close();
    }
    [this.#database] = openFile(this.#path, this.epoch);
    for (const override of this.#homeless.overrides) this.#insert(override);
    this.#setProfile(this.#homeless.profile);
    this.#file = identity(this.#path) ?? "";
    this.#homeless = null;
  }
}

function openFile(path: string, leastEpoch: number): [database: DatabaseSync, epoch: number] {
  const database = new DatabaseSync(path, { timeout: LOCK_TIMEOUT_MS });
  try {
    return [database, prepareFile(database, path, leastEpoch)];
  } catch (error) {
    database.close();
    throw error;
  }
}

/** What the file system knows a file by; null when there is none. */
function identity(path: string): string | null {
  try {
    const { dev, ino } = Deno.statSync(path);
    return `${dev} ${ino}`;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

/**
 * Takes the file for this process alone, checks it, brings its tables up to date and counts the
 * start. An exclusive lock keeps a second server from writing over this one's overrides, and
 * spares the shared-memory file that SQLite would need beside the log.
 */
function prepareFile(database: DatabaseSync, path: string, leastEpoch: number): number {
  database.exec(
    "PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;",
  );
  const check = database.prepare("PRAGMA quick_check(1)").get();
  const verdict = String(check?.["quick_check"]);
  if (verdict !== "ok") throw new Error(`database disk image is malformed: ${verdict}`);
  migrate(database, path);
  // Never below the time, so that a file that was lost or put aside does not turn the epoch back.
  const row = database.prepare("UPDATE server SET epoch = max(epoch + 1, ?) RETURNING epoch")
    .get(Math.max(1, Math.trunc(leastEpoch)));
  return Number(row?.["epoch"]);
}
