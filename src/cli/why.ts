/**
 * `fanctl why`: the reasons for a shelf's duty.
 *
 * @module
 */
import { Request } from "../wire/request.ts";
import { isWireMap } from "../wire/value.ts";
import type { CommandOf } from "./command.ts";
import type { CommandContext } from "./context.ts";
import { momentMs } from "./moment.ts";
import { readPage } from "./pages.ts";
import { ServerSession, unexpected } from "./session.ts";
import { whyLines } from "./why_view.ts";

/** Prints how the duty came about, step by step. */
export async function why({ shelf, at }: CommandOf<"why">, context: CommandContext): Promise<void> {
  const when = at === null ? [] : [null, null, new Date(momentMs(at, context.io.clock.wallMs()))];
  await using session = await ServerSession.open(context);
  const reply = await session.ask(Request.WHY, Request.WHY, shelf, ...when);
  const [explanation] = readPage(Request.WHY, reply).entries;
  if (!isWireMap(explanation)) throw unexpected(Request.WHY, [Request.WHY, reply]);
  context.print(explanation, whyLines(explanation, context.io.localZone()).join("\n"));
}
