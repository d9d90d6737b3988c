/**
 * `fanctl audit`: who has changed what.
 *
 * @module
 */
import { Request } from "../wire/request.ts";
import { isWireMap, type WireMap, type WireValue } from "../wire/value.ts";
import type { CommandOf } from "./command.ts";
import type { CommandContext } from "./context.ts";
import { formatDate } from "./date.ts";
import { allPages } from "./pages.ts";
import { ServerSession, unexpected } from "./session.ts";
import { tableLines } from "./table.ts";

const HEADINGS = ["WHEN", "WHO", "FROM", "WHAT", "CHANGE"];

/** Prints the last changes, the newest first. */
export async function audit(
  { count }: CommandOf<"audit">,
  context: CommandContext,
): Promise<void> {
  await using session = await ServerSession.open(context);
  const entries: WireMap[] = [];
  for await (const entry of allPages(session, Request.AUDIT, [])) {
    if (!isWireMap(entry)) throw unexpected(Request.AUDIT, [Request.AUDIT, [entry]]);
    entries.push(entry);
    if (entries.length === count) break;
  }
  const rows = entries.map((entry) => row(entry, context.io.localZone()));
  const text = rows.length === 0
    ? "nothing was changed"
    : tableLines([HEADINGS, ...rows]).join("\n");
  context.print({ entries }, text);
}

function row(entry: WireMap, localZone: string): string[] {
  const { at, who, client, from, what, about, before, after } = entry;
  return [
    at instanceof Date ? formatDate(at, localZone) : "-",
    // A name that was not proved is not shown as one.
    typeof who === "string" ? who : typeof client === "string" ? `(${client})` : "-",
    textOf(from),
    typeof about === "string" ? `${textOf(what)} ${about}` : textOf(what),
    before === null ? textOf(after) : `${textOf(before)} -> ${textOf(after)}`,
  ];
}

function textOf(value: WireValue | undefined): string {
  return typeof value === "string" ? value : "-";
}
