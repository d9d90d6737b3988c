/**
 * The tables of a journal's file. All numbers of the roll-ups are thousandths, all times whole
 * milliseconds since the Unix epoch unless the name says otherwise.
 *
 * @module
 */

import type { DatabaseSync } from "node:sqlite";
import { StoreError } from "../errors.ts";

/** Marks the file as a journal, so that no other database is taken for one: "fand". */
export const APPLICATION_ID = 0x66616e64;

/** The version of the tables. */
export const TABLES_VERSION = 1;

/** Columns of a roll-up; ordered by time, so that writing appends and trimming cuts off. */
const ROLL_UP = `(
    at     INTEGER NOT NULL, -- minutes or hours since the Unix epoch
    series INTEGER NOT NULL,
    count  INTEGER NOT NULL,
    low    INTEGER NOT NULL,
    high   INTEGER NOT NULL,
    sum    INTEGER NOT NULL,
    PRIMARY KEY (at, series)
  ) WITHOUT ROWID, STRICT`;

/** Makes the tables in an empty file. */
export const TABLES = `
  CREATE TABLE configs (    -- what the engines ran on
    id     INTEGER PRIMARY KEY,
    hash   TEXT NOT NULL UNIQUE,
    source TEXT NOT NULL,   -- the file that it came from
    version TEXT NOT NULL,  -- of fand
    config BLOB NOT NULL    -- deflated JSON
  ) STRICT;
  CREATE TABLE segments (   -- an engine from a known state on; ends where the next one begins
    id      INTEGER PRIMARY KEY,
    config  INTEGER NOT NULL REFERENCES configs,
    wall_ms INTEGER NOT NULL,
    follows INTEGER NOT NULL, -- 1: nothing is missing between the segment before and this one
    chunk   INTEGER NOT NULL, -- the first one that may belong to it
    state   BLOB NOT NULL   -- deflated JSON: a snapshot of the engine
  ) STRICT;
  CREATE TABLE chunks (     -- entries, as src/control/replay writes them
    id      INTEGER PRIMARY KEY,
    segment INTEGER NOT NULL REFERENCES segments,
    from_ms INTEGER NOT NULL,
    to_ms   INTEGER NOT NULL,
    entries BLOB NOT NULL
  ) STRICT;
  CREATE TABLE series (
    id   INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,     -- temp, duty, rpm or failsafe
    name TEXT NOT NULL,     -- of the sensor or the shelf
    UNIQUE (kind, name)
  ) STRICT;
  CREATE TABLE minutes ${ROLL_UP};
  CREATE TABLE hours ${ROLL_UP};
  PRAGMA application_id = ${APPLICATION_ID};
  PRAGMA user_version = ${TABLES_VERSION};`;

/** A number that a pragma gives. */
export function pragma(database: DatabaseSync, name: string): number {
  return Number(Object.values(database.prepare(`PRAGMA ${name}`).get() ?? {})[0]);
}

/**
 * Whether the file has the tables; an empty one has none.
 *
 * @throws {StoreError} When it is something else, or of a later version.
 */
export function hasTables(database: DatabaseSync, path: string): boolean {
  const version = pragma(database, "user_version");
  const application = pragma(database, "application_id");
  const objects = database.prepare("SELECT count(*) AS count FROM sqlite_schema").get();
  if (Number(objects?.["count"]) === 0) return false;
  if (application !== APPLICATION_ID) {
    throw new StoreError(
      `Cannot use "${path}" as a journal: it is a database of something else; name another file`,
    );
  }
  if (version === TABLES_VERSION) return true;
  throw new StoreError(
    `Cannot use the journal "${path}": it has version ${version} and this is fand for ` +
      `${TABLES_VERSION}; use the fand that wrote it, or name another file`,
  );
}
