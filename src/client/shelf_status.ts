/**
 * What the server tells about a shelf, read from the wire. Fields that a server leaves out are
 * unknown, not an error.
 *
 * @module
 */
import { isWireMap, type WireMap, type WireValue } from "../wire/value.ts";
import { listOf, mapsOf, numberOf, numbersOf, textOf } from "./fields.ts";

/** One reason for a duty. */
export interface CauseStatus {
  kind: string;
  name: string;
  percent: number | null;
  text: string;
}

/** One sensor behind a duty. */
export interface SensorStatus {
  name: string;
  kind: string;
  state: string;
  /** The kind of its fault; empty when it has none. */
  fault: string;
  tempC: number | null;
  ageMs: number | null;
  reason: string;
}

/** A duty by hand. */
export interface OverrideStatus {
  percent: number | null;
  expires: Date | null;
  forced: boolean;
  /** Empty when it is not known. */
  owner: string;
  reason: string;
  limit: string;
}

/** Something worth being told. */
export interface FindingStatus {
  severity: string;
  text: string;
}

/** What an agent said about the fans and its board. */
export interface FanDetails {
  state: string;
  rpms: (number | null)[];
  /** Percent, a channel each. */
  applied: number[];
  /** The compare registers of the channels. */
  compare: number[];
  /** The compare value of 100 percent, a channel each. */
  steps: number[];
}

/** One fan. */
export interface FanStatus {
  board: string;
  channel: number | null;
  rpm: number | null;
  state: string;
  /** Percent. */
  applied: number | null;
}

/** One shelf. */
export interface ShelfStatus {
  shelf: string;
  percent: number | null;
  /** The server still waits for its first readings. */
  pending: boolean;
  /** Why the duty is not the decision itself; empty when it is. */
  fault: string;
  rpm: number | null;
  rpmAgeMs: number | null;
  /** The one that decides first. */
  causes: CauseStatus[];
  sensors: SensorStatus[];
  override: OverrideStatus | null;
  findings: FindingStatus[];
  decidedAgeMs: number | null;
  ttlMs: number | null;
  details: FanDetails | null;
  /** Of all boards; empty when nobody tells of single fans. */
  fans: FanStatus[];
}

/** Reads one entry of a `status` reply; null when it is no shelf at all. */
export function readShelfStatus(value: WireValue): ShelfStatus | null {
  if (!isWireMap(value) || typeof value.shelf !== "string") return null;
  return {
    shelf: value.shelf,
    percent: numberOf(value.percent),
    pending: value.pending === true,
    fault: textOf(value.fault),
    rpm: numberOf(value.rpm),
    rpmAgeMs: numberOf(value.rpm_age_ms),
    causes: mapsOf(value.causes).map((cause) => ({
      kind: textOf(cause.kind),
      name: textOf(cause.name),
      percent: numberOf(cause.percent),
      text: textOf(cause.text),
    })),
    sensors: mapsOf(value.sensors).map((sensor) => ({
      name: textOf(sensor.name),
      kind: textOf(sensor.kind),
      state: textOf(sensor.state),
      fault: textOf(sensor.fault),
      tempC: numberOf(sensor.temp_c),
      ageMs: numberOf(sensor.age_ms),
      reason: textOf(sensor.reason),
    })),
    override: isWireMap(value.override) ? readOverride(value.override) : null,
    findings: mapsOf(value.findings).map(({ severity, text }) => ({
      severity: textOf(severity),
      text: textOf(text),
    })),
    decidedAgeMs: numberOf(value.decided_age_ms),
    ttlMs: numberOf(value.ttl_ms),
    details: isWireMap(value.details) ? readDetails(value.details) : null,
    fans: mapsOf(value.fans).map((fan) => ({
      board: textOf(fan.board),
      channel: numberOf(fan.channel),
      rpm: numberOf(fan.rpm),
      state: textOf(fan.state),
      applied: numberOf(fan.applied),
    })),
  };
}

function readOverride(map: WireMap): OverrideStatus {
  return {
    percent: numberOf(map.percent),
    expires: map.expires instanceof Date ? map.expires : null,
    forced: map.forced === true,
    owner: textOf(map.owner),
    reason: textOf(map.reason),
    limit: textOf(map.limit),
  };
}

function readDetails(map: WireMap): FanDetails {
  return {
    state: textOf(map.state),
    rpms: listOf(map.rpms).map(numberOf),
    applied: numbersOf(map.applied),
    compare: numbersOf(map.compare),
    steps: numbersOf(map.steps),
  };
}
