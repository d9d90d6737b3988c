/**
 * `fanctl set-pwm-expire-in` and `fanctl set-pwm-expire-on`: when the override of a shelf ends.
 *
 * @module
 */
import { Request } from "../wire/request.ts";
import type { CommandOf } from "./command.ts";
import type { CommandContext } from "./context.ts";
import { limitOf, tellLimit } from "./limit.ts";
import { ServerSession } from "./session.ts";

/** Lets the override end after a time; this machine's clock counts. */
export async function setPwmExpireIn(
  { shelf, durationMs }: CommandOf<"set-pwm-expire-in">,
  context: CommandContext,
): Promise<void> {
  await setExpiry(shelf, new Date(context.io.clock.wallMs() + durationMs), context);
}

/** Lets the override end at a date, or stay when the date is null. */
export async function setPwmExpireOn(
  { shelf, date }: CommandOf<"set-pwm-expire-on">,
  context: CommandContext,
): Promise<void> {
  await setExpiry(shelf, date, context);
}

async function setExpiry(
  shelf: string,
  expires: Date | null,
  context: CommandContext,
): Promise<void> {
  await using session = await ServerSession.open(context);
  const reply = await session.ask(Request.SET_PWM_EXPIRE, Request.ACK, shelf, expires);
  const limit = limitOf(reply);
  context.print({ ok: true, shelf, expires, limit }, "ok");
  tellLimit(limit, context);
}
