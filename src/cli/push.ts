/**
 * `fanctl push`: the reading of a sensor that clients push.
 *
 * @module
 */
import { Request } from "../wire/request.ts";
import type { CommandOf } from "./command.ts";
import type { CommandContext } from "./context.ts";
import { ServerSession } from "./session.ts";

/** Sends one reading. */
export async function push(
  { sensor, tempC, ttlMs }: CommandOf<"push">,
  context: CommandContext,
): Promise<void> {
  await using session = await ServerSession.open(context);
  await session.ask(Request.PUSH_READING, Request.ACK, sensor, tempC, ttlMs);
  context.print({ ok: true, sensor, temp_c: tempC, ttl_ms: ttlMs }, "ok");
}
