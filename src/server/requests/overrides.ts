/**
 * The request for everything that is ordered by hand.
 *
 * @module
 */

import { overrideInForce } from "../../control/engine/override.ts";
import { Request } from "../../wire/request.ts";
import type { WireValue } from "../../wire/value.ts";
import type { Reply } from "../sessions/session.ts";
import { checkCount, optionalTextAt } from "./arguments.ts";
import { type HandlerContext, pageLimits } from "./handlers.ts";
import { page } from "./page.ts";
import { overrideEntry } from "./status.ts";

/** `overrides`: those in force, page by page. */
export function listOverrides(context: HandlerContext, args: readonly WireValue[]): Reply {
  const request = Request.OVERRIDES;
  checkCount(request, args, 0, 2);
  const cursor = optionalTextAt(request, args, 0);
  const limits = pageLimits(context, request, args, 1);
  const { controller } = context;
  const nowMs = context.clock.monotonicMs();
  const names = controller.names.filter((name) =>
    overrideInForce(controller.shelf(name).override, nowMs)
  );
  return [
    request,
    page(names, cursor, limits, (name) => {
      const shelf = controller.shelf(name);
      const entry = overrideEntry(shelf, nowMs) as Record<string, WireValue>;
      return { shelf: name, effective_percent: shelf.duty(nowMs).percent, ...entry };
    }),
  ];
}
