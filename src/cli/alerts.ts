/**
 * `fanctl alert`: what has been told and is not over.
 *
 * @module
 */
import { Request } from "../wire/request.ts";
import { isWireMap, type WireMap } from "../wire/value.ts";
import type { CommandOf } from "./command.ts";
import type { CommandContext } from "./context.ts";
import { formatRoughly } from "./duration.ts";
import { allPages } from "./pages.ts";
import { ServerSession, unexpected } from "./session.ts";
import { tableLines } from "./table.ts";

/** Prints every alert that is active, a line each. */
export async function alertList(
  _command: CommandOf<"alert-list">,
  context: CommandContext,
): Promise<void> {
  await using session = await ServerSession.open(context);
  const alerts: WireMap[] = [];
  for await (const alert of allPages(session, Request.ALERTS, [])) {
    if (!isWireMap(alert)) throw unexpected(Request.ALERTS, [Request.ALERTS, [alert]]);
    alerts.push(alert);
  }
  const rows = alerts.map((alert) => [
    String(alert["severity"]),
    String(alert["rule"]),
    formatRoughly(Number(alert["lasted_ms"])),
    typeof alert["acknowledged_by"] === "string" ? `seen by ${alert["acknowledged_by"]}` : "",
    String(alert["text"]),
  ]);
  const text = rows.length === 0
    ? "no alert"
    : tableLines([["SEVERITY", "ALERT", "FOR", "SEEN", "WHAT"], ...rows]).join("\n");
  context.print({ alerts }, text);
}

/** Stops the repeating of an alert. */
export async function alertAcknowledge(
  { rule, subject }: CommandOf<"alert-acknowledge">,
  context: CommandContext,
): Promise<void> {
  await using session = await ServerSession.open(context);
  const reply = await session.ask(Request.ACKNOWLEDGE_ALERT, Request.ACK, rule, subject ?? null);
  const [count] = reply;
  if (typeof count !== "number") throw unexpected(Request.ACKNOWLEDGE_ALERT, [Request.ACK, reply]);
  context.print({ ok: true, acknowledged: count }, count === 1 ? "1 alert" : `${count} alerts`);
}
