/**
 * Long answers, page after page.
 *
 * @module
 */
import { CorruptedDataError } from "../errors.ts";
import type { WireValue } from "../wire/value.ts";
import { type ServerSession, unexpected } from "./session.ts";

/**
 * Every entry of a paged answer.
 *
 * @param request `list` or `status`; the reply has the same name.
 * @param args What stands before the cursor.
 * @throws {CorruptedDataError} When the server gives the same cursor again.
 */
export async function* allPages(
  session: ServerSession,
  request: string,
  args: readonly WireValue[],
): AsyncGenerator<WireValue> {
  let cursor: string | null = null;
  for (;;) {
    const position: WireValue[] = cursor === null ? [] : [cursor];
    const reply = await session.ask(request, request, ...args, ...position);
    const [entries, next = null]: (WireValue | undefined)[] = reply;
    if (!Array.isArray(entries) || !(next === null || typeof next === "string")) {
      throw unexpected(request, [request, reply]);
    }
    yield* entries;
    if (next === null) return;
    if (next === cursor) {
      throw new CorruptedDataError(
        `Cannot read all of "${request}": the server gave the cursor "${cursor}" twice; ` +
          "check that this is a fand server of the same protocol",
      );
    }
    cursor = next;
  }
}
