/**
 * The uplink: what a device's shelves are like.
 *
 * @module
 */
import { UnencodableError } from "../../errors.ts";
import type { WireValue } from "../value.ts";
import { MOST_RADIO_SHELVES } from "./limits.ts";
import { corruptedPayload, decodePayload, encodePayload, isCount, PayloadKind } from "./payload.ts";

/** How a shelf stands with its device, in the order of their numbers. */
export const RADIO_STATES = ["safe", "ordered", "no board"] as const;

/** Nothing in force, so that it is at its safe level; an order is; or its board is gone. */
export type RadioState = typeof RADIO_STATES[number];

/** A shelf at a moment. */
export interface RadioShelf {
  /** Which of the device's shelves, from 0. */
  readonly index: number;
  readonly state: RadioState;
  /** What its fans do, in whole percent; null when nobody knows. */
  readonly percent: number | null;
  /** Of the slowest fan; null when nobody knows. */
  readonly rpm: number | null;
  /** In °C, to a tenth; null for one that is lost. */
  readonly tempsC: readonly (number | null)[];
}

/** What a device tells. */
export interface RadioReport {
  /** Its clock, in whole seconds since the Unix epoch. */
  readonly timeS: number;
  /** The number of the orders that it took last; 0 for none since it started. */
  readonly ordersSeq: number;
  /** Some of its shelves. */
  readonly shelves: readonly RadioShelf[];
}

/** Temperatures of one shelf. */
export const MOST_RADIO_TEMPS = 8;
const MOST_SECONDS = 0xffff_ffff;
const MOST_RPM = 100_000;
const MOST_TENTHS = 32_767;

/**
 * A report as payloads of at most `mostBytes`: one if all shelves fit, else one after the other.
 *
 * @throws {UnencodableError} If not even one shelf fits.
 */
export function encodeReport(report: RadioReport, mostBytes: number): Uint8Array[] {
  const payloads: Uint8Array[] = [];
  let shelves: WireValue[] = [];
  let last: Uint8Array | null = null;
  for (const shelf of report.shelves) {
    const items = shelfItems(shelf);
    let payload = encodePart(report, [...shelves, items]);
    if (payload.length > mostBytes && last !== null) {
      payloads.push(last);
      shelves = [];
      payload = encodePart(report, [items]);
    }
    if (payload.length > mostBytes) {
      const found = `shelf ${shelf.index} needs ${payload.length} bytes of ${mostBytes}`;
      throw new UnencodableError(`Cannot report: ${found}; send fewer temperatures, or faster`);
    }
    shelves.push(items);
    last = payload;
  }
  return last === null ? payloads : [...payloads, last];
}

/** @throws {CorruptedDataError} If this is no report. */
export function decodeReport(bytes: Uint8Array): RadioReport {
  const [timeS, ordersSeq, ...shelves] = decodePayload(bytes, PayloadKind.REPORT, "report");
  if (!isCount(timeS, MOST_SECONDS) || !isCount(ordersSeq, MOST_SECONDS)) {
    throw corruptedPayload("report", "its time is none");
  }
  if (shelves.length === 0 || shelves.length > MOST_RADIO_SHELVES) {
    throw corruptedPayload("report", `it has ${shelves.length} shelves`);
  }
  return { timeS, ordersSeq, shelves: shelves.map(readShelf) };
}

function encodePart({ timeS, ordersSeq }: RadioReport, shelves: WireValue[]): Uint8Array {
  return encodePayload([PayloadKind.REPORT, Math.floor(timeS), ordersSeq, ...shelves]);
}

function shelfItems({ index, state, percent, rpm, tempsC }: RadioShelf): WireValue[] {
  const temps = tempsC.slice(0, MOST_RADIO_TEMPS).map((tempC) =>
    tempC === null ? null : Math.max(-MOST_TENTHS, Math.min(MOST_TENTHS, Math.round(tempC * 10)))
  );
  return [
    index,
    RADIO_STATES.indexOf(state),
    percent === null ? null : Math.round(percent),
    rpm === null ? null : Math.min(MOST_RPM, Math.round(rpm)),
    ...temps,
  ];
}

function readShelf(value: WireValue): RadioShelf {
  if (!Array.isArray(value)) throw corruptedPayload("report", "a shelf is no array");
  const [index, stateNumber, percent = null, rpm = null, ...temps] = value;
  const state = isCount(stateNumber, RADIO_STATES.length - 1) ? RADIO_STATES[stateNumber] : null;
  const isWhole = value.length >= 4 && isCount(index, MOST_RADIO_SHELVES - 1) &&
    state !== null && state !== undefined && (percent === null || isCount(percent, 100)) &&
    (rpm === null || isCount(rpm, MOST_RPM)) && temps.length <= MOST_RADIO_TEMPS &&
    temps.every(isTenths);
  if (!isWhole) throw corruptedPayload("report", "a shelf is not as it should be");
  return { index, state, percent, rpm, tempsC: temps.filter(isTenths).map(celsius) };
}

function isTenths(value: WireValue): value is number | null {
  return value === null ||
    typeof value === "number" && Number.isInteger(value) && Math.abs(value) <= MOST_TENTHS;
}

function celsius(tenths: number | null): number | null {
  return tenths === null ? null : tenths / 10;
}
