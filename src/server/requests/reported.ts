/**
 * Readings that come over the wire: pushed by a client, or sent along with the speeds of a board.
 *
 * @module
 */

import { BadArgumentsError, SensorNotFoundError } from "../../errors.ts";
import { boardInputKey, type Reported } from "../../sensors/reported/reported_readings.ts";
import { Request } from "../../wire/request.ts";
import { isWireMap, type WireMap, type WireValue } from "../../wire/value.ts";
import type { Session } from "../sessions/session.ts";
import { checkCount, numberAt, numberOrNullAt, textAt } from "./arguments.ts";
import type { HandlerContext } from "./handlers.ts";
import { feedsOwn } from "./roles.ts";
import { shorten } from "./shorten.ts";

/** The shortest and the longest time for which a pushed reading may be good. */
const LEAST_PUSH_TTL_MS = 100;
/** As long as any reading may be used. */
export const MOST_PUSH_TTL_MS = 3_600_000;

/**
 * `push_reading`.
 *
 * @throws {SensorNotFoundError} For anything but a sensor that is configured to be pushed.
 * @throws {BadArgumentsError} For a time beyond the limits.
 * @throws {ShelfNotOwnerError} When another client pushes to the sensor.
 */
export function takePushed(
  { reports, clock }: HandlerContext,
  args: readonly WireValue[],
  session: Session,
): void {
  const request = Request.PUSH_READING;
  checkCount(request, args, 3);
  const name = textAt(request, args, 0);
  const tempC = numberOrNullAt(request, args, 1);
  const ttlMs = numberAt(request, args, 2);
  if (!Number.isInteger(ttlMs) || ttlMs < LEAST_PUSH_TTL_MS || ttlMs > MOST_PUSH_TTL_MS) {
    throw new BadArgumentsError(
      `Cannot do "${request}": argument 3 is ${ttlMs}; send how many milliseconds the reading is ` +
        `good for, a whole number from ${LEAST_PUSH_TTL_MS} to ${MOST_PUSH_TTL_MS}`,
    );
  }
  if (!reports.pushed.expects(name)) {
    throw new SensorNotFoundError(
      `Cannot take a reading of "${shorten(name)}": this server has no sensor of that name with ` +
        'type "pushed"; configure it',
    );
  }
  const reported: Reported = tempC === null ? { reason: "its sender has no reading" } : { tempC };
  reports.pushed.take(name, reported, ttlMs, session, clock.monotonicMs());
}

/** `inputs` of what an agent says beside the speed: the thermistors of the board it announced. */
export function takeBoardInputs(
  { reports, boards, config, clock, sensorShelves }: HandlerContext,
  session: Session,
  details: WireMap | null,
): void {
  const inputs = details?.["inputs"];
  const board = boards.nameOf(session);
  if (board === undefined || !Array.isArray(inputs)) return;
  // A reload may have given the board's readings to shelves that are not the agent's.
  if (!feedsOwn(board, session.grant, sensorShelves)) return;
  for (const [input, told] of inputs.entries()) {
    if (!isWireMap(told)) continue;
    const key = boardInputKey(board, input);
    reports.boards.take(key, reportedBy(told), config.rpmTtlMs, session, clock.monotonicMs());
  }
}

function reportedBy({ temp_c: tempC, state }: WireMap): Reported {
  if (typeof tempC === "number") return { tempC };
  return { reason: `its thermistor is ${typeof state === "string" ? shorten(state) : "unknown"}` };
}
