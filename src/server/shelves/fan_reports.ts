/**
 * What an agent reports of single fans, read from the details of `set_rpm`.
 *
 * @module
 */

import type { FanReport, FanStart, FanState } from "../../control/engine/event.ts";
import { MOST_FANS } from "../../control/fans/fan_watch.ts";
import { BadArgumentsError } from "../../errors.ts";
import { isWireMap, type WireMap, type WireValue } from "../../wire/value.ts";
import type { BoardReport, RpmDetails } from "./rpm_report.ts";

const STATES: ReadonlySet<string> = new Set<FanState>([
  "spinning",
  "stopped",
  "starting",
  "stalled",
  "implausible",
  "not_fitted",
  "unknown",
]);

/**
 * The fans that a report tells of; null when it says that it has lost its board, undefined when it
 * tells of no single fan.
 *
 * @throws {BadArgumentsError} when `fans` is there and is something else.
 */
export function fanReports(details: RpmDetails | null): FanReport[] | null | undefined {
  const { fans, state } = details ?? {};
  if (fans === undefined) return oldReports(details ?? {});
  if (fans === null) return state === "no board" ? null : undefined;
  if (Array.isArray(fans) && fans.length <= MOST_FANS && fans.every(isFan)) {
    return fans.map(readFan);
  }
  throw new BadArgumentsError(
    `Cannot do "set_rpm": "fans" in its details is no array of at most ${MOST_FANS} maps with ` +
      "channel, rpm, state and applied; send one, or leave it out",
  );
}

/** The fans of all boards of a shelf, as `status` tells them. */
export function fanEntries(reports: readonly BoardReport[]): WireMap[] {
  return reports.flatMap(({ board, details }) =>
    (fanReports(details) ?? []).map(({ channel, rpm, state, appliedPercent }) => ({
      board,
      channel,
      rpm,
      state,
      applied: appliedPercent,
    }))
  );
}

interface FanMap extends WireMap {
  channel: number;
  rpm: number | null;
  state: string;
}

function isFan(value: WireValue): value is FanMap {
  if (!isWireMap(value)) return false;
  const { channel, rpm, state, applied = null } = value;
  return typeof channel === "number" && Number.isInteger(channel) && channel >= 0 &&
    isSpeed(rpm) && typeof state === "string" &&
    (applied === null || isWithin(applied, 0, 100));
}

function readFan(map: FanMap): FanReport {
  const { channel, rpm, state, applied, by_hand: byHand, expected_rpm: expectedRpm } = map;
  const start = readStart(map.start);
  return {
    channel,
    rpm,
    // A word that this version does not know is no good word.
    state: STATES.has(state) ? state as FanState : "unknown",
    appliedPercent: typeof applied === "number" ? applied : null,
    ...byHand === true && { byHand },
    ...isWithin(expectedRpm, 0, 100_000) && { expectedRpm },
    ...start !== null && { start },
  };
}

function readStart(value: WireValue | undefined): FanStart | null {
  if (!isWireMap(value)) return null;
  const { count, percent, ms, expected_percent: expectedPercent, expected_ms: expectedMs } = value;
  if (!isWithin(count, 0, 1e12) || !isWithin(percent, 0, 100) || !isWithin(ms, 0, 1e9)) return null;
  return {
    count,
    percent,
    ms,
    expectedPercent: isWithin(expectedPercent, 0, 100) ? expectedPercent : null,
    expectedMs: isWithin(expectedMs, 0, 1e9) ? expectedMs : null,
  };
}

/** Agents of version 1.1 told speeds and duties side by side, and no states. */
function oldReports({ rpms, applied }: RpmDetails): FanReport[] | undefined {
  if (!Array.isArray(rpms) || !Array.isArray(applied)) return undefined;
  return rpms.slice(0, MOST_FANS).map((rpm, channel) => {
    const duty = applied[channel];
    const known = typeof rpm === "number" ? rpm : null;
    return {
      channel,
      rpm: known,
      state: known === null ? "not_fitted" : known > 0 ? "spinning" : "stopped",
      appliedPercent: isWithin(duty, 0, 100) ? duty : null,
    };
  });
}

function isSpeed(value: WireValue | undefined): value is number | null {
  return value === null || isWithin(value, 0, 100_000);
}

function isWithin(value: WireValue | undefined, least: number, most: number): value is number {
  return typeof value === "number" && value >= least && value <= most;
}
