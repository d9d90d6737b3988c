/**
 * What is asked of a sensor, and what follows when it does not deliver.
 *
 * @module
 */

/** Everything that can be wrong with a sensor. Being asleep is none of it. */
export const FAULT_KINDS = ["missing", "timeout", "range", "slope", "stuck", "disagree"] as const;

/**
 * What is wrong with a sensor.
 *
 * - `missing`: it cannot be read.
 * - `timeout`: a reading takes too long, or none came for longer than one may be used.
 * - `range`: what it reads is no temperature, out of range, or a known sign of a broken sensor.
 * - `slope`: its temperature changed faster than anything can.
 * - `stuck`: bit for bit the same while those around it have long moved.
 * - `disagree`: too far from the median of its siblings, for too long.
 */
export type FaultKind = typeof FAULT_KINDS[number];

/** A sensor is stuck when its value stays the same although others have moved for a while. */
export interface StuckPolicy {
  /** How long, in sum, the others must have been away from where they were. */
  ms: number;
  /** How far away counts, in °C. */
  movedC: number;
  /** Sensors that move when this one should; without them, those of its group and kind. */
  with?: readonly string[];
}

/** How far a sensor may be from the median of its siblings. */
export interface SiblingPolicy {
  maxC: number;
  /** How long it must be farther away than that. */
  ms: number;
  /** Without names, the sensors of its group and kind. */
  names?: readonly string[];
}

/** What a failsafe asks for, and when it ends. */
export interface FailsafePolicy {
  /** The duty that a shelf gets at least while this sensor is lost, 0 to 100. */
  failsafePercent: number;
  /** The same for single kinds of fault, where it is another. */
  failsafe?: Readonly<Partial<Record<FaultKind, number>>>;
  /** How long a failsafe lasts at least, from the last moment of its fault; 0 without it. */
  holdMs?: number;
  /** So many good readings in a row end a failsafe, after its hold; 1 without it. */
  recoverReadings?: number;
}

/** What is asked of one sensor. What is optional is not looked at when it is left out. */
export interface SensorPolicy extends FailsafePolicy {
  /** Unique among the sensors of a server. */
  name: string;
  /** What it measures: `hdd`, `ssd`, `cpu` or any other word; decides the default limits. */
  kind: string;
  /** Time between two readings. */
  intervalMs: number;
  /** How long one reading may take. */
  timeoutMs: number;
  /** How many misses in a row are tolerated. */
  misses: number;
  /** The lowest plausible temperature. */
  minC: number;
  /** The highest plausible temperature. */
  maxC: number;
  /** From here on the shelf runs at 100 %, whatever else was ordered. */
  criticalC: number;
  /** Whether a shelf stays in its birth failsafe until this sensor has reported or failed. */
  required: boolean;
  /** Values within the range that a broken sensor shows. */
  bogusC?: readonly number[];
  /** What the chip shows before it has measured; believed only when it was nearly so before. */
  powerOnC?: number;
  /** The fastest change that is believed, in °C a second. */
  slopeCPerS?: number;
  /** Sensors of one group and kind, if not `other`, are siblings where no names say otherwise. */
  group?: string;
  stuck?: StuckPolicy;
  siblings?: SiblingPolicy;
}

/**
 * How long a reading may be used, in milliseconds: until one more than the tolerated misses had
 * their chance, each at its interval, the last one with its whole time limit.
 */
export function usableForMs(policy: SensorPolicy): number {
  return policy.intervalMs * (policy.misses + 1) + policy.timeoutMs;
}

/** The duty that a fault of this kind asks for, 0 to 100. */
export function failsafePercentOf(policy: FailsafePolicy, kind: FaultKind): number {
  return policy.failsafe?.[kind] ?? policy.failsafePercent;
}
