/**
 * `fanctl status`: what the shelves do, and why.
 *
 * @module
 */
import { Request } from "../wire/request.ts";
import type { WireValue } from "../wire/value.ts";
import type { CommandOf } from "./command.ts";
import type { CommandContext } from "./context.ts";
import { allPages } from "./pages.ts";
import { ServerSession, unexpected } from "./session.ts";
import { readShelfStatus, type ShelfStatus } from "./shelf_status.ts";
import { statusBlock, statusTable } from "./status_view.ts";

/** Prints a table of all shelves, or a block about one. */
export async function status(
  { shelf }: CommandOf<"status">,
  context: CommandContext,
): Promise<void> {
  await using session = await ServerSession.open(context);
  const entries: WireValue[] = [];
  for await (const entry of allPages(session, Request.STATUS, [shelf])) entries.push(entry);
  const { io } = context;
  const reader = { wallMs: io.clock.wallMs(), localZone: io.localZone() };
  const statuses = entries.map(shelfStatusOf);
  const lines = shelf === null
    ? statusTable(statuses, reader)
    : statuses.flatMap((each) => statusBlock(each, reader));
  context.print({ shelves: entries }, lines.join("\n"));
}

/**
 * An entry of a `status` reply.
 *
 * @throws {CorruptedDataError} When it is none.
 */
export function shelfStatusOf(entry: WireValue): ShelfStatus {
  const read = readShelfStatus(entry);
  if (read === null) throw unexpected(Request.STATUS, [Request.STATUS, [entry]]);
  return read;
}
