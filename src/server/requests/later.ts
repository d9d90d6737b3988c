/**
 * Replies that take a while: the requests behind them are met meanwhile.
 *
 * @module
 */

import { FandError } from "../../errors.ts";
import { Request } from "../../wire/request.ts";
import type { WireValue } from "../../wire/value.ts";

/** A client that is waiting. */
export interface Asker {
  /** Sends it a message; nothing happens when it is gone. */
  tell(request: string, args: readonly WireValue[], id?: number): void;
}

/** Sends the reply when it is there, or why there is none; never throws. */
export function replyLater(
  asker: Asker,
  id: number | undefined,
  request: string,
  reply: Promise<readonly WireValue[]>,
): void {
  reply.then(
    (args) => asker.tell(request, args, id),
    (error) => asker.tell(Request.ERROR, reasonOf(request, error), id),
  ).catch((error) => asker.tell(Request.ERROR, reasonOf(request, error), id));
}

function reasonOf(request: string, error: unknown): WireValue[] {
  if (error instanceof FandError) return [error.code, error.message];
  const found = error instanceof Error ? error.message : String(error);
  return ["internal", `Cannot do "${request}": ${found}; report this if it happens again`];
}
