/**
 * `audit`: who has changed what, page by page, the newest first.
 *
 * @module
 */

import { BadArgumentsError } from "../../errors.ts";
import { Request } from "../../wire/request.ts";
import type { WireValue } from "../../wire/value.ts";
import type { NumberedEntry } from "../journal/audit_table.ts";
import type { HandlerContext } from "./handlers.ts";
import { checkCount, optionalTextAt, pageSizeAt } from "./arguments.ts";
import { journalOf } from "./history.ts";
import { type Asker, replyLater } from "./later.ts";

/** Two texts of a thousand characters each may be eight thousand bytes. */
const MOST_ENTRIES = 8;

/** Answers when the journal has. */
export function listAudit(
  { audit, journal, config }: HandlerContext,
  args: readonly WireValue[],
  asker: Asker,
  id: number | undefined,
): void {
  const request = Request.AUDIT;
  checkCount(request, args, 0, 2);
  const below = cursorOf(optionalTextAt(request, args, 0));
  const most = pageSizeAt(request, args, 1, Math.min(MOST_ENTRIES, config.limits.page));
  const reply = async (): Promise<WireValue[]> => {
    audit.flush();
    const { entries, next } = await journalOf(journal).ask({ about: "audit", below, most });
    return [entries.map(entryOf), next === null ? null : `${next}`];
  };
  replyLater(asker, id, request, reply());
}

function cursorOf(cursor: string | null): number | null {
  if (cursor === null) return null;
  const number = /^\d{1,15}$/.test(cursor) ? Number(cursor) : NaN;
  if (number >= 1) return number;
  throw new BadArgumentsError(
    `Cannot do "${Request.AUDIT}": argument 1 is no cursor; send the one of the page before, or null`,
  );
}

function entryOf({ atMs, ...entry }: NumberedEntry): WireValue {
  return { ...entry, at: new Date(atMs) };
}
