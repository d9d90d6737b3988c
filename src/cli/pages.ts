/**
 * Long answers, page after page.
 *
 * @module
 */
import { CorruptedDataError } from "../errors.ts";
import type { WireValue } from "../wire/value.ts";
import { type ServerSession, unexpected } from "./session.ts";

/** The most pages that are asked for: an answer that never ends is a fault of the server. */
const MAX_PAGES = 100_000;

/**
 * Every entry of a paged answer.
 *
 * @param request `list` or `status`; the reply has the same name.
 * @param args What stands before the cursor.
 * @throws {CorruptedDataError} When a page is none, or the pages do not end.
 */
export async function* allPages(
  session: ServerSession,
  request: string,
  args: readonly WireValue[],
): AsyncGenerator<WireValue> {
  let cursor: string | null = null;
  for (let pages = 0; pages < MAX_PAGES; pages++) {
    const position: WireValue[] = cursor === null ? [] : [cursor];
    const { entries, next } = readPage(
      request,
      await session.ask(request, request, ...args, ...position),
    );
    yield* entries;
    if (next === null) return;
    if (next === cursor) break;
    cursor = next;
  }
  throw new CorruptedDataError(
    `Cannot read all of "${request}": its pages do not end; ` +
      "check that this is a fand server of the same protocol",
  );
}

/** One page: its entries, and the cursor of the next page or null at the end. */
export function readPage(
  request: string,
  reply: WireValue[],
): { entries: WireValue[]; next: string | null } {
  const [entries, next = null]: (WireValue | undefined)[] = reply;
  if (Array.isArray(entries) && (next === null || typeof next === "string")) {
    return { entries, next };
  }
  throw unexpected(request, [request, reply]);
}
