/**
 * `fanctl get-rpm`: the speed of a shelf's slowest fan.
 *
 * @module
 */
import { Request } from "../wire/request.ts";
import type { CommandOf } from "./command.ts";
import type { CommandContext } from "./context.ts";
import { formatNumber } from "./percent.ts";
import { ServerSession, unexpected } from "./session.ts";

/** Prints revolutions per minute, or `unknown` when nobody has reported them lately. */
export async function getRpm(
  { shelf }: CommandOf<"get-rpm">,
  context: CommandContext,
): Promise<void> {
  await using session = await ServerSession.open(context);
  const reply = await session.ask(Request.GET_RPM, Request.SET_RPM, shelf);
  const rpm = reply[1];
  if (reply[0] !== shelf || !(rpm === null || typeof rpm === "number")) {
    throw unexpected(Request.GET_RPM, [Request.SET_RPM, reply]);
  }
  context.print({ shelf, rpm }, rpm === null ? "unknown" : formatNumber(rpm));
}
