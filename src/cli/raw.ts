/**
 * `fanctl raw`: any request, and whatever the server answers.
 *
 * @module
 */
import { FandConnectionResetError } from "../errors.ts";
import { Request } from "../wire/request.ts";
import type { WireValue } from "../wire/value.ts";
import type { CommandOf } from "./command.ts";
import type { CommandContext } from "./context.ts";
import { parseDate } from "./date.ts";
import { ServerSession } from "./session.ts";
import { toJson } from "./text.ts";

/**
 * Prints the first message that comes back, as `REQUEST ARGS` with the arguments in JSON.
 *
 * @returns The exit status: 1 when the answer is an `error`.
 */
export async function raw(
  { request, args }: CommandOf<"raw">,
  context: CommandContext,
): Promise<number> {
  const values = args.map((text) => rawValue(text, context.io.localZone));
  await using session = await ServerSession.open(context);
  await session.send(request, ...values);
  // The one request that no server answers: the end of the connection is its success.
  if (request === Request.DISCONNECT) return await untilClosed(session);
  const [name, reply] = await session.receive();
  context.print({ request: name, args: reply }, `${name} ${toJson(reply)}`);
  return name === Request.ERROR ? 1 : 0;
}

async function untilClosed(session: ServerSession): Promise<number> {
  try {
    for (;;) await session.receive();
  } catch (error) {
    if (error instanceof FandConnectionResetError) return 0;
    throw error;
  }
}

/**
 * What an argument stands for: JSON when it parses as that, a date after `@`, else text.
 *
 * @throws {UsageError} For an `@` without a date.
 */
export function rawValue(text: string, localZone: () => string): WireValue {
  if (text.startsWith("@")) return parseDate(text.slice(1), localZone());
  try {
    return JSON.parse(text) as WireValue;
  } catch (error) {
    if (error instanceof SyntaxError) return text;
    throw error;
  }
}
