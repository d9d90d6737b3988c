/**
 * The fans as a rig is told of them.
 *
 * @module
 */

import type { Controller } from "../shelves/controller.ts";
import type { ServedShelf } from "../shelves/served_shelf.ts";

/** Bytes that the shelves of one answer have: the rest of it must fit into a datagram too. */
export const MAX_REPORT_BYTES = 49_152;

/** The sensors of one shelf that are told, the hottest first. */
const MOST_SENSORS = 16;

/** A shelf as a rig sees it. */
interface ShelfReport {
  /** The hottest temperature in °C; null while none is known. */
  temp_c: number | null;
  duty_percent: number;
  rpm: number | null;
  /** Why, in words. */
  why?: string;
  /** Temperatures in °C by their sensors. */
  sensors?: Record<string, number | null>;
}

/** The shelves of one answer, and how many did not fit. */
export interface FanReport {
  shelves: Record<string, ShelfReport>;
  left_out: number;
}

/** What the fans do at this moment; `isLong` tells why, and every sensor. */
export function fanReport(controller: Controller, nowMs: number, isLong: boolean): FanReport {
  const shelves: [string, ShelfReport][] = [];
  let leftBytes = MAX_REPORT_BYTES;
  for (const name of controller.names) {
    const report = reportOf(controller, controller.shelf(name), nowMs, isLong);
    // Beyond ASCII a character takes six bytes at most.
    leftBytes -= 6 * (name.length + JSON.stringify(report).length);
    if (leftBytes < 0) break;
    shelves.push([name, report]);
  }
  const leftOut = controller.names.length - shelves.length;
  return { shelves: Object.fromEntries(shelves), left_out: leftOut };
}

function reportOf(
  controller: Controller,
  shelf: ServedShelf,
  nowMs: number,
  isLong: boolean,
): ShelfReport {
  const duty = shelf.duty(nowMs);
  const sensors = controller.judgements(shelf)
    .toSorted((a, b) => (b.tempC ?? -Infinity) - (a.tempC ?? -Infinity))
    .map(({ name, tempC }): [string, number | null] => [name, rounded(tempC)]);
  const report: ShelfReport = {
    temp_c: sensors[0]?.[1] ?? null,
    duty_percent: rounded(duty.percent) ?? 0,
    rpm: rounded(shelf.rpm.rpm(nowMs)),
  };
  if (!isLong) return report;
  return {
    ...report,
    why: duty.fault ?? shelf.decision.causes[0]?.text ?? "",
    sensors: Object.fromEntries(sensors.slice(0, MOST_SENSORS)),
  };
}

function rounded(value: number | null): number | null {
  return value === null ? null : Math.round(value * 10) / 10;
}
