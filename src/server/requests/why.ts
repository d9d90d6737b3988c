/**
 * The request that asks for reasons.
 *
 * @module
 */

import type { Explanation, ExplanationStep } from "../../control/engine/explanation.ts";
import { Request } from "../../wire/request.ts";
import type { WireValue } from "../../wire/value.ts";
import type { Reply } from "../sessions/session.ts";
import type { Journal } from "../journal/journal.ts";
import { checkCount, dateOrNullAt, optionalTextAt, textAt } from "./arguments.ts";
import { type HandlerContext, pageLimits } from "./handlers.ts";
import { journalOf } from "./history.ts";
import { type Asker, replyLater } from "./later.ts";
import { page } from "./page.ts";
import { shorten } from "./shorten.ts";
import { causeEntries, findingEntries, findingEntry, MOST_LISTED, MOST_TEXT } from "./status.ts";

/** `why`: of one shelf or of all, page by page, how each decision came about. */
export function why(
  context: HandlerContext,
  args: readonly WireValue[],
  asker: Asker,
  id: number | undefined,
): Reply | null {
  const request = Request.WHY;
  checkCount(request, args, 0, 4);
  const at = dateOrNullAt(request, args, 3);
  if (at !== null) {
    replyLater(asker, id, request, whyThen(context.journal, textAt(request, args, 0), at));
    return null;
  }
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

/** Of one shelf, at a time that is over: the journal runs the engine once more up to there. */
async function whyThen(journal: Journal | null, shelf: string, at: Date): Promise<WireValue[]> {
  const atMs = at.getTime();
  const told = await journalOf(journal).ask({ about: "explanation", shelf, atMs });
  const { explanation, decidedAtMs, findings } = told;
  return [[{
    ...explanationEntry(explanation),
    fault: null,
    findings: findings.slice(0, MOST_LISTED)
      .map(({ finding, lastedMs }) => findingEntry(finding, lastedMs)),
    decided_age_ms: atMs - decidedAtMs,
    decided_at: new Date(decidedAtMs),
  }], null];
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

function stepEntry({ what, text, reason, value, unit, until }: ExplanationStep): WireValue {
  return {
    what,
    text: shorten(text, MOST_TEXT),
    ...reason !== undefined && { reason: shorten(reason, MOST_TEXT) },
    ...value !== undefined && { value },
    ...unit !== undefined && { unit },
    ...until !== undefined && { until: new Date(until) },
  };
}
