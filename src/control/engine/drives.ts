/**
 * A fand.ini names drives by serial number and has one table for hard disks and one for SSDs.
 * Which table holds for a drive is known once the drive has been found; until then its sensor
 * waits or has failed, and either keeps the shelf at its failsafe.
 *
 * @module
 */

import { defaultCriticalC } from "../defaults.ts";
import { type Curve, evaluateCurve } from "../demand/curve.ts";
import type { SensorPolicy } from "../sensing/sensor_health.ts";
import type { EngineConfig } from "./engine_config.ts";
import type { DriveKind } from "./event.ts";
import type { CausePolicy, ShelfPolicy } from "./shelf_policy.ts";

/** A fand.ini's tables for drives whose kind is not written in the file. */
export interface DriveTables {
  /** Every sensor of the shelf, in the order of the file. */
  sensors: readonly { name: string; kind: "drive" | "cpu" }[];
  /** `hdd_temps`: the table of hard disks. */
  hdd: Curve;
  /** `ssd_temps`: the table of solid-state drives, NVMe included. */
  ssd: Curve;
  /** `cpu_temps`: the table of the host's processor. */
  cpu: Curve;
}

/** Tells what the drive behind a sensor is; undefined while it has not been found. */
export type KindOf = (sensor: string) => DriveKind | undefined;

/**
 * `config` with every drive that has been found at the table and the critical temperature of its
 * kind. Call it whenever a drive is found; it starts from the file each time.
 */
export function resolveDrives<C extends Pick<EngineConfig, "sensors" | "shelves">>(
  config: C,
  kindOf: KindOf,
): C {
  return {
    ...config,
    sensors: config.sensors.map((sensor) => resolveSensor(sensor, kindOf(sensor.name))),
    shelves: config.shelves.map((shelf) => resolveShelf(shelf, kindOf)),
  };
}

/** The policy of one sensor once it is known what the drive behind it is. */
export function resolveSensor(policy: SensorPolicy, kind: DriveKind | undefined): SensorPolicy {
  if (policy.kind !== "drive" || kind === undefined) return policy;
  return { ...policy, kind, criticalC: defaultCriticalC(kind) };
}

/** The policy of one shelf once it is known what its drives are. */
export function resolveShelf(shelf: ShelfPolicy, kindOf: KindOf): ShelfPolicy {
  const { drives } = shelf;
  return drives ? { ...shelf, causes: causesOf(drives, kindOf) } : shelf;
}

/**
 * The causes of a fand.ini's shelf. A kind of which the shelf has no device still asks for what
 * its table says at 0 °C, as fand does. A drive that has not been found is counted with the hard
 * disks, where it has no temperature to contribute.
 */
export function causesOf(tables: DriveTables, kindOf: KindOf): CausePolicy[] {
  const members: Record<DriveKind | "cpu", string[]> = { hdd: [], ssd: [], cpu: [] };
  for (const { name, kind } of tables.sensors) {
    members[kind === "cpu" ? "cpu" : kindOf(name) ?? "hdd"].push(name);
  }
  const all = tables.sensors.map(({ name }) => name);
  return (["hdd", "ssd", "cpu"] as const).map((kind) => {
    const own = members[kind];
    const [curve, sensors] = own.length > 0
      ? [tables[kind], own]
      : [constant(evaluateCurve(tables[kind], 0)), all];
    return { name: kind, curve, sensors, combine: "max" };
  });
}

function constant(percent: number): Curve {
  return { shape: "step", points: [[0, percent]] };
}
