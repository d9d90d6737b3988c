/**
 * A journal opened to be read: a copy of one, or one that a server is writing.
 *
 * @module
 */

import { DatabaseSync } from "node:sqlite";
import { StoreError } from "../errors.ts";
import { hasTables } from "./tables.ts";

/** How long a read waits for a server that writes. */
const LOCK_MS = 2000;

/**
 * Opens the journal at `path`; nothing is written.
 *
 * @throws {StoreError} When there is none, or it cannot be read.
 */
export function openJournal(path: string): DatabaseSync {
  let sql: DatabaseSync | null = null;
  try {
    // Else SQLite says no more than that it cannot open it.
    Deno.statSync(path);
    sql = new DatabaseSync(path, { readOnly: true, timeout: LOCK_MS });
    if (hasTables(sql, path)) return sql;
    throw new StoreError(`Cannot read the journal "${path}": it is empty; name another file`);
  } catch (error) {
    sql?.close();
    if (error instanceof StoreError) throw error;
    const found = error instanceof Deno.errors.NotFound
      ? "there is no such file"
      : error instanceof Error
      ? error.message
      : String(error);
    throw new StoreError(
      `Cannot read the journal "${path}": ${found}; ` +
        "name the file of [journal] path, or a copy of it, and allow reading it",
      { cause: error },
    );
  }
}
