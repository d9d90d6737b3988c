/**
 * The request that asks for reasons.
 *
 * @module
 */

import type { Explanation, ExplanationStep } from "../../control/engine/explanation.ts";
import { Request } from "../../wire/request.ts";
import type { WireValue } from "../../wire/value.ts";
import type { Reply } from "../sessions/session.ts";
import { checkCount, optionalTextAt } from "./arguments.ts";
import { type HandlerContext, pageLimits } from "./handlers.ts";
import { page } from "./page.ts";
import { shorten } from "./shorten.ts";
import { causeEntries, findingEntries, MOST_LISTED, MOST_TEXT } from "./status.ts";

/** `why`: of one shelf or of all, page by page, how each decision came about. */
export function why(context: HandlerContext, args: readonly WireValue[]): Reply {
  const request = Request.WHY;
  checkCount(request, args, 0, 3);
  const { controller } = context;
  const name = optionalTextAt(request, args, 0);
  const cursor = optionalTextAt(request, args, 1);
  const limits = pageLimits(context, request, args, 2);
  const names = name === null ? controller.names : [controller.shelf(name).name];
  return [
    request,
    page(names, cursor, limits, (each) => {
      const shelf = controller.shelf(each);
      const duty = shelf.duty(context.clock.monotonicMs());
      const entry = explanationEntry(controller.engine.explain(each));
      return {
        ...entry,
        percent: duty.percent,
        fault: duty.fault,
        findings: findingEntries(context, shelf),
        decided_age_ms: Math.round(duty.ageMs),
      };
    }),
  ];
}

/** An explanation as the wire shows it. */
export function explanationEntry(explanation: Explanation): Record<string, WireValue> {
  const { shelf, percent, winner, steps, causes, changes } = explanation;
  return {
    shelf,
    percent,
    because: shorten(winner, MOST_TEXT),
    steps: steps.slice(0, MOST_LISTED).map(stepEntry),
    causes: causeEntries(causes),
    changes: changes.slice(0, MOST_LISTED).map((change) => shorten(change, MOST_TEXT)),
    ...steps.length > MOST_LISTED && { omitted: { steps: steps.length - MOST_LISTED } },
  };
}

function stepEntry({ what, text, value, unit, until }: ExplanationStep): WireValue {
  return {
    what,
    text: shorten(text, MOST_TEXT),
    ...value !== undefined && { value },
    ...unit !== undefined && { unit },
    ...until !== undefined && { until: new Date(until) },
  };
}
