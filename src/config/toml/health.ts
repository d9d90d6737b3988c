/**
 * The health keys of a `[[sensor]]`: when it is believed, and what follows when it is not.
 *
 * @module
 */

import type { FaultKind, SensorPolicy } from "../../control/sensing/sensor_health.ts";
import type { Names } from "../names.ts";
import type { KeyPath, Problems } from "../problems.ts";
import { read, type Table } from "./rules.ts";
import { FAILSAFE } from "./schema.ts";

/** The keys as they are in the file, with their defaults. */
export interface HealthKeys {
  failsafe?: Table | undefined;
  failsafe_hold_ms: number;
  recover_readings: number;
  bogus_c: number[];
  power_on_c?: number | undefined;
  slope_c_per_s?: number | undefined;
  stuck_ms: number;
  stuck_moved_c: number;
  stuck_with?: string[] | undefined;
  siblings?: string[] | undefined;
  sibling_max_c?: number | undefined;
  sibling_ms: number;
}

/** What a sensor may be compared with. */
export interface HealthContext {
  readonly problems: Problems;
  /** Those that are measured. */
  readonly measured: Names;
}

type HealthPolicy = Pick<
  SensorPolicy,
  | "failsafe"
  | "holdMs"
  | "recoverReadings"
  | "bogusC"
  | "powerOnC"
  | "slopeCPerS"
  | "stuck"
  | "siblings"
>;

/** Reads what concerns health from the keys of the sensor called `name`. */
export function readHealth(
  name: string,
  keys: HealthKeys,
  path: KeyPath,
  context: HealthContext,
): HealthPolicy {
  const { problems } = context;
  expectOthers(name, keys.stuck_with, [...path, "stuck_with"], context);
  expectOthers(name, keys.siblings, [...path, "siblings"], context);
  if (keys.siblings && keys.sibling_max_c === undefined) {
    problems.add([...path, "siblings"], "no limit", "siblings beside sibling_max_c");
  }
  const failsafe = keys.failsafe &&
    read(FAILSAFE, keys.failsafe, [...path, "failsafe"], problems);
  return {
    ...failsafe && { failsafe: percents(failsafe) },
    holdMs: keys.failsafe_hold_ms,
    recoverReadings: keys.recover_readings,
    bogusC: keys.bogus_c,
    ...keys.power_on_c !== undefined && { powerOnC: keys.power_on_c },
    ...keys.slope_c_per_s !== undefined && { slopeCPerS: keys.slope_c_per_s },
    ...keys.stuck_ms > 0 && {
      stuck: {
        ms: keys.stuck_ms,
        movedC: keys.stuck_moved_c,
        ...keys.stuck_with && { with: keys.stuck_with },
      },
    },
    ...keys.sibling_max_c !== undefined && {
      siblings: {
        maxC: keys.sibling_max_c,
        ms: keys.sibling_ms,
        ...keys.siblings && { names: keys.siblings },
      },
    },
  };
}

function percents(
  failsafe: { [K in FaultKind]?: number | undefined },
): Partial<Record<FaultKind, number>> {
  return Object.fromEntries(
    Object.entries(failsafe).filter(([, percent]) => percent !== undefined),
  );
}

function expectOthers(
  name: string,
  others: readonly string[] | undefined,
  path: KeyPath,
  { problems, measured }: HealthContext,
): void {
  for (const [at, other] of (others ?? []).entries()) {
    if (other === name) problems.add([...path, at], "the sensor itself", "other sensors");
    else measured.expect(other, [...path, at]);
  }
}
