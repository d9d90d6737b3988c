/**
 * What reaches the engine from outside: exactly this is what a journal keeps and a replay feeds.
 *
 * @module
 */
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
}

/**
 * Something that happened. Holds nothing but JSON values; times are monotonic milliseconds, and
 * never go back from one event to the next.
 */
export type EngineEvent =
  | { type: "reading"; sensor: string; tempC: number; atMs: number }
  | { type: "miss"; sensor: string; reason: string; fault: "missing" | "timeout"; atMs: number }
  | { type: "asleep"; sensor: string; atMs: number }
  | { type: "drive"; sensor: string; kind: DriveKind; atMs: number }
  | { type: "override"; shelf: string; override: Override | null; atMs: number }
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
