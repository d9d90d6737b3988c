/**
 * `fanctl overrides`: every duty that is set by hand.
 *
 * @module
 */
import { Request } from "../wire/request.ts";
import { isWireMap, type WireMap } from "../wire/value.ts";
import type { CommandOf } from "./command.ts";
import type { CommandContext } from "./context.ts";
import { formatDate } from "./date.ts";
import { allPages } from "./pages.ts";
import { formatNumber } from "./percent.ts";
import { ServerSession, unexpected } from "./session.ts";
import { tableLines } from "./table.ts";

const HEADINGS = ["SHELF", "SET TO", "GETS", "UNTIL", "BY", "WHY", "LIMITED BY"];

/** Prints a table, or that there is none. */
export async function overrides(
  _command: CommandOf<"overrides">,
  context: CommandContext,
): Promise<void> {
  await using session = await ServerSession.open(context);
  const entries: WireMap[] = [];
  for await (const entry of allPages(session, Request.OVERRIDES, [])) {
    if (!isWireMap(entry)) throw unexpected(Request.OVERRIDES, [Request.OVERRIDES, [entry]]);
    entries.push(entry);
  }
  const rows = entries.map((entry) => row(entry, context.io.localZone()));
  const lines = rows.length === 0 ? ["no override is in force"] : tableLines([HEADINGS, ...rows]);
  context.print({ overrides: entries }, lines.join("\n"));
}

function row(entry: WireMap, localZone: string): string[] {
  const { shelf, percent, effective_percent: gets, expires, owner, reason, forced, limit } = entry;
  const number = (value: unknown) => typeof value === "number" ? `${formatNumber(value)} %` : "-";
  return [
    String(shelf),
    `${number(percent)}${forced === true ? " forced" : ""}`,
    number(gets),
    expires instanceof Date ? formatDate(expires, localZone) : "no end",
    typeof owner === "string" ? owner : "-",
    typeof reason === "string" ? reason : "-",
    typeof limit === "string" ? limit : "-",
  ];
}
