/**
 * `fanctl set-pwm-override`: a duty by hand, its end included, in one request.
 *
 * @module
 */
import { UsageError } from "../errors.ts";
import { Request } from "../wire/request.ts";
import type { WireValue } from "../wire/value.ts";
import type { CommandOf } from "./command.ts";
import type { CommandContext } from "./context.ts";
import { expiryDate } from "./expiry.ts";
import { limitOf, tellLimit } from "./limit.ts";
import { ServerSession } from "./session.ts";

/** Prints `ok`, and on standard error what keeps the override from being the result. */
export async function setPwmOverride(
  { shelf, percent, expiry, force, reason }: CommandOf<"set-pwm-override">,
  context: CommandContext,
): Promise<void> {
  if (percent === null && (expiry !== null || force || reason !== null)) {
    throw new UsageError(
      'Cannot end the override: "none" has no end, no force and no reason; leave --expire-in, ' +
        "--expire-on, --force and --reason out",
    );
  }
  const expires = expiryDate(expiry, context);
  // A server that knows only the seed's two arguments gets only these when nothing else is asked.
  const more: WireValue[] = [expires, force, reason];
  while (more.length > 0 && !more.at(-1)) more.pop();
  await using session = await ServerSession.open(context);
  const reply = await session.ask(
    Request.SET_PWM_OVERRIDE,
    Request.ACK,
    shelf,
    percent,
    ...more,
  );
  const limit = limitOf(reply);
  context.print({ ok: true, shelf, percent, expires, limit }, "ok");
  tellLimit(limit, context);
}
