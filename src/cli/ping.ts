/**
 * `fanctl ping`: does the server answer?
 *
 * @module
 */
import { Request } from "../wire/request.ts";
import type { CommandOf } from "./command.ts";
import type { CommandContext } from "./context.ts";
import { ServerSession } from "./session.ts";

/** Prints `ok` when the server answers. */
export async function ping(_command: CommandOf<"ping">, context: CommandContext): Promise<void> {
  await using session = await ServerSession.open(context);
  await session.ask(Request.PING, Request.ACK);
  context.print({ ok: true }, "ok");
}
