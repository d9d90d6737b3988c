/**
 * `history`: what a shelf did over a stretch of time, page by page, from the journal.
 *
 * @module
 */

import { BadArgumentsError, StoreError } from "../../errors.ts";
import { DEFAULT_WIRE_LIMITS } from "../../wire/limits.ts";
import { Request } from "../../wire/request.ts";
import type { WireValue } from "../../wire/value.ts";
import { type HistoryQuery, type HistoryStep, stepFor } from "../journal/history_query.ts";
import type { Journal } from "../journal/journal.ts";
import type { HandlerContext } from "./handlers.ts";
import { checkCount, dateOrNullAt, numberOrNullAt, optionalTextAt, textAt } from "./arguments.ts";

/** How many steps an answer has unless more or less are asked for. */
const USUAL_POINTS = 120;
/** The most steps of one answer, all pages together. */
const MOST_POINTS = 10_000;
/** Of more sensors than this, the first are told. */
const MOST_SENSORS = 64;
/** At most so long, in milliseconds since the Unix epoch: what a date can hold. */
const LAST_MS = 8.64e15;

/**
 * The question that the arguments of a request are.
 *
 * @throws {BadArgumentsError}
 * @throws {ShelfNotFoundError}
 */
export function historyQuery(
  { controller, clock }: HandlerContext,
  args: readonly WireValue[],
): HistoryQuery {
  const request = Request.HISTORY;
  checkCount(request, args, 2, 5);
  const shelf = controller.shelf(textAt(request, args, 0));
  const fromMs = dateOrNullAt(request, args, 1)?.getTime();
  const toMs = dateOrNullAt(request, args, 2)?.getTime() ?? clock.wallMs();
  if (fromMs === undefined || !(fromMs < toMs)) {
    throw wrong("the first date is not before the second; send two dates in their order");
  }
  const points = numberOrNullAt(request, args, 3) ?? USUAL_POINTS;
  if (!(Number.isInteger(points) && points >= 1 && points <= MOST_POINTS)) {
    throw wrong(`argument 4 is ${points}; send a whole number from 1 to ${MOST_POINTS}`);
  }
  const sensors = shelf.sensors.slice(0, MOST_SENSORS);
  const most = entriesOfPage(sensors);
  const cursor = optionalTextAt(request, args, 4);
  if (cursor !== null) return { shelf: shelf.name, sensors, most, ...readCursor(cursor) };
  const stepMs = stepFor((toMs - fromMs) / points);
  return { shelf: shelf.name, sensors, most, fromMs, toMs, stepMs };
}

/**
 * Asks the journal.
 *
 * @throws {StoreError} When none is kept, or it cannot answer.
 */
export async function historyReply(
  journal: Journal | null,
  query: HistoryQuery,
): Promise<WireValue[]> {
  const { steps, nextMs } = await journalOf(journal).ask({ about: "history", query });
  const next = nextMs === null ? null : `${nextMs} ${query.toMs} ${query.stepMs}`;
  return [steps.map(entryOf), next, { step_ms: query.stepMs }];
}

/**
 * The journal, if one is kept.
 *
 * @throws {StoreError}
 */
export function journalOf(journal: Journal | null): Journal {
  if (journal !== null) return journal;
  throw new StoreError(
    "Cannot tell what was: this server keeps no journal; see [journal] in docs/config.md and " +
      "the server's log",
  );
}

function entryOf({ atMs, temps, duty, rpm, failsafe }: HistoryStep): WireValue {
  return { at: new Date(atMs), temps, duty, rpm, failsafe };
}

/** How many steps fit into a message, whatever their numbers are. */
function entriesOfPage(sensors: readonly string[]): number {
  const { maxFrameBytes, maxItems } = DEFAULT_WIRE_LIMITS;
  const bytes = sensors.reduce((sum, name) => sum + 3 * name.length + 40, 160);
  const items = 24 + 5 * sensors.length;
  return Math.max(1, Math.floor(Math.min(maxFrameBytes / bytes, maxItems / items)) - 1);
}

function readCursor(cursor: string): Pick<HistoryQuery, "fromMs" | "toMs" | "stepMs"> {
  const [fromMs = NaN, toMs = NaN, stepMs = NaN] = cursor.split(" ").map(Number);
  const isGood = fromMs >= 0 && toMs > fromMs && toMs <= LAST_MS && Number.isInteger(stepMs) &&
    stepMs > 0 && (toMs - fromMs) / stepMs <= 2 * MOST_POINTS;
  if (isGood) return { fromMs, toMs, stepMs };
  throw wrong("argument 5 is no cursor; send the one of the page before, or null");
}

function wrong(found: string): BadArgumentsError {
  return new BadArgumentsError(`Cannot do "${Request.HISTORY}": ${found}`);
}
