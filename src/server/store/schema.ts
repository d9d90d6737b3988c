/**
 * The tables of the store, version by version.
 *
 * @module
 */

import type { DatabaseSync } from "node:sqlite";
import { StoreError } from "../../errors.ts";

/** Entry N brings a file from version N to N + 1. Entries are added, never changed. */
const MIGRATIONS: readonly string[] = [
  `CREATE TABLE overrides (
     shelf   TEXT PRIMARY KEY,
     percent REAL NOT NULL,
     expires REAL,              -- milliseconds since the Unix epoch; NULL: no end
     forced  INTEGER NOT NULL,  -- 1: below active failsafes
     set_by  TEXT NOT NULL,
     set_at  REAL NOT NULL      -- milliseconds since the Unix epoch
   ) STRICT;
   CREATE TABLE server (
     id    INTEGER PRIMARY KEY CHECK (id = 1),
     epoch INTEGER NOT NULL
   ) STRICT;
   INSERT INTO server VALUES (1, 0);`,
  `CREATE TABLE profile (       -- the one that was ordered by hand
     id      INTEGER PRIMARY KEY CHECK (id = 1),
     name    TEXT NOT NULL,
     owner   TEXT NOT NULL,
     reason  TEXT,
     expires REAL NOT NULL      -- milliseconds since the Unix epoch
   ) STRICT;`,
  `ALTER TABLE overrides ADD COLUMN reason TEXT;`,
];

/**
 * Brings the tables up to this version, all steps or none.
 *
 * @throws {StoreError} When a later version has written the file.
 */
export function migrate(database: DatabaseSync, path: string): void {
  const row = database.prepare("PRAGMA user_version").get();
  const version = Number(row?.["user_version"]);
  if (version > MIGRATIONS.length) {
    throw new StoreError(
      `Cannot open the store "${path}": it has version ${version} and this server knows ` +
        `${MIGRATIONS.length}; start the newer server or name another file`,
    );
  }
  if (version === MIGRATIONS.length) return;
  const steps = MIGRATIONS.slice(version).join("\n");
  database.exec(`BEGIN IMMEDIATE; ${steps} PRAGMA user_version = ${MIGRATIONS.length}; COMMIT;`);
}
