/**
 * A sensor as it is to be taken at one moment.
 *
 * @module
 */
import { FULL_PERCENT } from "../percent.ts";
import type { FaultKind } from "./sensor_policy.ts";

/** How a sensor stands. */
export type SensorState = "waiting" | "ok" | "missed" | "failed" | "asleep";

/**
 * What is known about a sensor, measured or derived. Whoever judges hands out the same object
 * each time and changes it at the next judgement only.
 */
export interface SensorJudgement {
  name: string;
  kind: string;
  state: SensorState;
  /**
   * The last good temperature, while it may still be used. A failed sensor may have one, too: it
   * is in doubt, or back but not yet trusted. Then it may raise a duty and never lower one.
   */
  tempC: number | null;
  /** The age of what was last reported. */
  ageMs: number | null;
  /** How long this stays usable; 0 when failed or waiting. */
  validForMs: number;
  /** Why it is not simply `ok`. */
  reason: string | null;
  /** The fault that asks for most while it has failed, else null. */
  fault: FaultKind | null;
  /** What a shelf gets at least while it has failed, 0 to 100; 0 while it has not. */
  failsafePercent: number;
  /** Since when it is in this state, monotonic. */
  sinceMs: number;
}

/** A sensor that somebody names and nobody measures has failed; it is not absent. */
export function unknownSensor(name: string): SensorJudgement {
  return {
    name,
    kind: "unknown",
    state: "failed",
    tempC: null,
    ageMs: null,
    validForMs: 0,
    reason: "no such sensor",
    fault: "missing",
    failsafePercent: FULL_PERCENT,
    sinceMs: 0,
  };
}
