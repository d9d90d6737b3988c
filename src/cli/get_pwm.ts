/**
 * `fanctl get-pwm`: the duty of a shelf.
 *
 * @module
 */
import { Request } from "../wire/request.ts";
import type { CommandOf } from "./command.ts";
import type { CommandContext } from "./context.ts";
import { formatNumber } from "./percent.ts";
import { ServerSession, unexpected } from "./session.ts";

/** Prints the percentage with at most one decimal, which is all that a board can apply. */
export async function getPwm(
  { shelf }: CommandOf<"get-pwm">,
  context: CommandContext,
): Promise<void> {
  await using session = await ServerSession.open(context);
  const reply = await session.ask(Request.GET_PWM, Request.SET_PWM, shelf);
  const percent = reply[1];
  if (reply[0] !== shelf || typeof percent !== "number") {
    throw unexpected(Request.GET_PWM, [Request.SET_PWM, reply]);
  }
  context.print({ shelf, percent }, formatNumber(percent));
}
