/**
 * `fanctl status`: what the shelves do, and why.
 *
 * @module
 */
import { Request } from "../wire/request.ts";
import type { CommandOf } from "./command.ts";
import type { CommandContext } from "./context.ts";
import { allPages } from "./pages.ts";
import { ServerSession } from "./session.ts";
import { type ShelfEntry, shelfEntry } from "./shelf_entry.ts";
import { statusBlock, statusTable } from "./status_view.ts";

/** Prints a table of all shelves, or a block about one. */
export async function status(
  { shelf }: CommandOf<"status">,
  context: CommandContext,
): Promise<void> {
  await using session = await ServerSession.open(context);
  const entries: ShelfEntry[] = [];
  for await (const entry of allPages(session, Request.STATUS, [shelf])) {
    entries.push(shelfEntry(entry));
  }
  const { io } = context;
  const reader = { wallMs: io.clock.wallMs(), localZone: io.localZone() };
  const statuses = entries.map(({ status }) => status);
  const lines = shelf === null
    ? statusTable(statuses, reader)
    : statuses.flatMap((each) => statusBlock(each, reader));
  context.print({ shelves: entries.map(({ raw }) => raw) }, lines.join("\n"));
}
