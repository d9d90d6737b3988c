/**
 * A fand.ini names drives by serial number and has one table for hard disks and one for SSDs.
 * Which table holds for a drive is known once the drive has been found; until then its sensor
 * waits or has failed, and either keeps the shelf at its failsafe.
 *
 * @module
 */

import { type Curve, evaluateCurve } from "../../control/demand/curve.ts";
import type { CausePolicy } from "../../control/engine/decision.ts";
import { defaultCriticalC } from "../../control/defaults.ts";
import type { DriveTables, SensorConfig, ServerConfig, ShelfConfig } from "./config.ts";

/** What a drive turned out to be. */
export type DriveKind = "hdd" | "ssd";

/** Tells what the drive behind a sensor is; undefined while it has not been found. */
export type KindOf = (sensor: string) => DriveKind | undefined;

/**
 * `config` with every drive that has been found at the table and the critical temperature of its
 * kind. Call it whenever a drive is found; it starts from the file each time.
 */
export function resolveDrives(config: ServerConfig, kindOf: KindOf): ServerConfig {
  return {
    ...config,
    sensors: config.sensors.map((sensor) => resolveSensor(sensor, kindOf(sensor.name))),
    shelves: config.shelves.map((shelf) => resolveShelf(shelf, kindOf)),
  };
}

function resolveSensor(sensor: SensorConfig, kind: DriveKind | undefined): SensorConfig {
  if (sensor.kind !== "drive" || kind === undefined) return sensor;
  return { ...sensor, kind, criticalC: defaultCriticalC(kind) };
}

function resolveShelf(shelf: ShelfConfig, kindOf: KindOf): ShelfConfig {
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
