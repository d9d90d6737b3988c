/**
 * An entry of a `status` reply: as the server sent it, for programs, and as people see it.
 *
 * @module
 */
import { Request } from "../wire/request.ts";
import { isWireMap, type WireMap, type WireValue } from "../wire/value.ts";
import { unexpected } from "./session.ts";
import { readShelfStatus, type ShelfStatus } from "../client/shelf_status.ts";
import { printableValue } from "./text.ts";

/** One shelf. */
export interface ShelfEntry {
  /** Its name on the wire, which may hold what no terminal should see. */
  name: string;
  raw: WireMap;
  /** Every text in it is safe to print. */
  status: ShelfStatus;
}

/**
 * Reads an entry.
 *
 * @throws {CorruptedDataError} When it is no shelf.
 */
export function shelfEntry(value: WireValue): ShelfEntry {
  const status = readShelfStatus(printableValue(value));
  if (status === null || !isWireMap(value)) {
    throw unexpected(Request.STATUS, [Request.STATUS, [value]]);
  }
  return { name: String(value.shelf), raw: value, status };
}
