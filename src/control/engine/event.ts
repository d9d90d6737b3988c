/**
 * What reaches the engine from outside: exactly this is what a journal keeps and a replay feeds.
 *
 * @module
 */
import type { ProfileInForce } from "../profile/profile.ts";
import type { FaultKind } from "../sensing/sensor_policy.ts";
import type { Override } from "./override.ts";

/** What a drive turned out to be. */
export type DriveKind = "hdd" | "ssd";

/** How a fan stands, as the board behind it tells. */
export type FanState =
  | "spinning"
  | "stopped"
  | "starting"
  | "stalled"
  | "implausible"
  | "not_fitted"
  | "unknown";

/** One fan of a shelf, as its board reports it. */
export interface FanReport {
  /** On its board, from 0. */
  channel: number;
  /** Null when the tachometer says nothing that can be believed. */
  rpm: number | null;
  state: FanState;
  /** The duty that the board applies, 0 to 100; null when it did not say. */
  appliedPercent: number | null;
  /** A hand drives it now, so that it says nothing of what the shelf asks for. */
  byHand?: boolean;
  /** What its calibration says that it turns at with that duty. */
  expectedRpm?: number;
  /** Its last start from standstill. */
  start?: FanStart;
}

/** A start of a fan from standstill, beside what its calibration says of it. */
export interface FanStart {
  /** How many there have been since its agent began. */
  count: number;
  /** The duty that it turned at in the end. */
  percent: number;
  /** From the first drive to the first revolution. */
  ms: number;
  expectedPercent: number | null;
  expectedMs: number | null;
}

/** What is wrong with a reading that did not come, or that no number can tell. */
export type MissFault = Extract<FaultKind, "missing" | "timeout" | "range">;

/**
 * Something that happened. Holds nothing but JSON values; times are monotonic milliseconds, and
 * never go back from one event to the next.
 */
export type EngineEvent =
  | { type: "reading"; sensor: string; tempC: number; atMs: number }
  | { type: "miss"; sensor: string; reason: string; fault: MissFault; atMs: number }
  | { type: "asleep"; sensor: string; atMs: number }
  | { type: "drive"; sensor: string; kind: DriveKind; atMs: number }
  | { type: "override"; shelf: string; override: Override | null; atMs: number }
  | { type: "profile"; profile: ProfileInForce | null; atMs: number }
  /** `fans` is null when the reporter has gone. */
  | { type: "fans"; shelf: string; board: string; fans: FanReport[] | null; atMs: number };

/** What a sensor says of itself. */
export type SensorEvent = Extract<EngineEvent, { sensor: string }>;

/** One turn of the control loop. */
export interface TickTime {
  /** Monotonic. */
  atMs: number;
  /** Milliseconds since the Unix epoch; only schedules and texts use it. */
  wallMs: number;
  /** By how much the tick began after its time. */
  lateMs: number;
}
