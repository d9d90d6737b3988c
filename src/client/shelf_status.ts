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
  /** `critical`, `failsafe`, `floor`, `override`, `profile` or `curve`. */
  kind: string;
  /** What the configuration calls it. */
  name: string;
  /** What it asks for, 0 to 100 %. */
  percent: number | null;
  /** The same in words, with the readings behind it. */
  text: string;
}

/** One sensor behind a duty. */
export interface SensorStatus {
  /** What the configuration calls it. */
  name: string;
  /** What it measures: `cpu`, `hdd`, `ssd`… */
  kind: string;
  /** `ok`, `waiting`, `missed`, `failed` or `asleep`. */
  state: string;
  /** The kind of its fault; empty when it has none. */
  fault: string;
  /** The last reading, in °C. */
  tempC: number | null;
  /** How old that is. */
  ageMs: number | null;
  /** Why it is not `ok`; empty when it is. */
  reason: string;
}

/** A duty by hand. */
export interface OverrideStatus {
  /** What was ordered, 0 to 100 %. */
  percent: number | null;
  /** When it ends by itself; null: it stays. */
  expires: Date | null;
  /** Also below an active failsafe. */
  forced: boolean;
  /** Empty when it is not known. */
  owner: string;
  /** Empty without one. */
  reason: string;
  /** What keeps the shelf from getting it now; empty when nothing does. */
  limit: string;
}

/** Something worth being told. */
export interface FindingStatus {
  /** `info`, `warning` or `critical`. */
  severity: string;
  /** What it is, in words. */
  text: string;
}

/** What an agent said about the fans and its board. */
export interface FanDetails {
  /** What the board does with the shelf's channels: `held`, `safe`… */
  state: string;
  /** Revolutions a minute, a channel each; null: unknown. */
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
  /** The board that drives it. */
  board: string;
  /** Of the board, from 0. */
  channel: number | null;
  /** Revolutions a minute; null: unknown. */
  rpm: number | null;
  /** `spinning`, `stopped`, `starting`, `stalled`, `implausible`… */
  state: string;
  /** Percent. */
  applied: number | null;
}

/** One shelf. */
export interface ShelfStatus {
  /** Its name. */
  shelf: string;
  /** The duty that is announced, 0 to 100 %. */
  percent: number | null;
  /** The server still waits for its first readings. */
  pending: boolean;
  /** Why the duty is not the decision itself; empty when it is. */
  fault: string;
  /** Of the slowest fan, revolutions a minute; null: nobody knows. */
  rpm: number | null;
  /** How old that report is. */
  rpmAgeMs: number | null;
  /** The one that decides first. */
  causes: CauseStatus[];
  /** Those that it follows. */
  sensors: SensorStatus[];
  /** A duty by hand, in force or limited; null without one. */
  override: OverrideStatus | null;
  /** What is worth being told of the shelf and its sensors. */
  findings: FindingStatus[];
  /** How old the decision is. */
  decidedAgeMs: number | null;
  /** For how long it may still be held. */
  ttlMs: number | null;
  /** Of several boards the first by name; null when nobody has reported. */
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
