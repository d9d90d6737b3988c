/**
 * Opening the store, whatever state its file is in.
 *
 * @module
 */

import { type Clock, systemClock } from "../../clock.ts";
import { StoreError } from "../../errors.ts";
import { type Log, silentLog } from "../../log.ts";
import { MemoryStore } from "./memory_store.ts";
import { SqliteStore } from "./sqlite_store.ts";
import type { Store } from "./record.ts";

export type { Store, StoredOverride } from "./record.ts";

/** SQLite's words for a file that it cannot read as its own; node:sqlite gives no code for them. */
const CORRUPT = /file is not a database|disk image is malformed|malformed database schema/;
const LOCKED = /database is locked/;

/** How many damaged files are kept side by side. */
const MAX_PUT_ASIDE = 99;

/** What a store needs from around it. */
export interface StoreOptions {
  readonly clock?: Clock;
  readonly log?: Log;
}

/**
 * Opens the store at `path`, creating the file when there is none; null keeps everything in
 * memory. A damaged file is put aside under a new name, never deleted, and the log says so.
 *
 * @throws {StoreError} When the file is in use, belongs to a later version, or cannot be had.
 */
export function openStore(path: string | null, options: StoreOptions = {}): Store {
  const { clock = systemClock, log = silentLog } = options;
  if (path === null) return new MemoryStore(clock);
  try {
    return new SqliteStore(path, clock);
  } catch (error) {
    if (!isCorrupt(error)) throw storeError(path, error);
    const aside = putAside(path, error);
    log.error(
      `The store "${path}" was damaged and is now "${aside}"; its overrides are not in force`,
    );
  }
  try {
    return new SqliteStore(path, clock);
  } catch (error) {
    throw storeError(path, error);
  }
}

function isCorrupt(error: unknown): boolean {
  return error instanceof Error && CORRUPT.test(error.message);
}

function storeError(path: string, error: unknown): Error {
  if (error instanceof StoreError) return error;
  const found = error instanceof Error ? error.message : String(error);
  const wanted = `Cannot open the store "${path}"`;
  if (error instanceof Deno.errors.NotCapable) {
    return new StoreError(
      `${wanted}: reading or writing it is not permitted; ` +
        `add --allow-read=${path} --allow-write=${path}, or set store = "none"`,
      { cause: error },
    );
  }
  const advice = LOCKED.test(found)
    ? "another process uses it; stop that one or name another file"
    : "see that its folder exists and can be written, or name another file";
  return new StoreError(`${wanted}: ${found}; ${advice}`, { cause: error });
}

/** Renames a damaged file; its log went into it, or away, when SQLite closed it. */
function putAside(path: string, damage: unknown): string {
  try {
    const aside = freeName(`${path}.corrupt`);
    Deno.renameSync(path, aside);
    return aside;
  } catch (error) {
    const found = error instanceof Error ? error.message : String(error);
    throw new StoreError(
      `Cannot open the store "${path}": it is damaged and cannot be put aside (${found}); ` +
        "move it away by hand",
      { cause: damage },
    );
  }
}

function freeName(wanted: string): string {
  for (let number = 1; number <= MAX_PUT_ASIDE; number++) {
    const name = number === 1 ? wanted : `${wanted}.${number}`;
    if (!exists(name)) return name;
  }
  throw new Error(`${MAX_PUT_ASIDE} damaged files are there already`);
}

function exists(path: string): boolean {
  try {
    Deno.lstatSync(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
