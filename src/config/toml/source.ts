/**
 * Where a sensor's temperature comes from, as `[[sensor]]` of a fand.toml says it.
 *
 * @module
 */

import { pciAddress } from "../../sensors/gpu/pci.ts";
import type { SensorSource } from "../../sensors/sensor_source.ts";
import type { SensorKind } from "../config.ts";
import type { HealthKeys } from "./health.ts";
import type { KeyPath, Problems } from "../problems.ts";
import { read } from "./rules.ts";
import { SENSOR, type SourceType } from "./schema.ts";

/** The keys that every type of sensor has. */
export interface CommonKeys extends HealthKeys {
  name: string;
  kind?: SensorKind | undefined;
  interval_ms?: number | undefined;
  timeout_ms?: number | undefined;
  misses: number;
  min_c?: number | undefined;
  max_c?: number | undefined;
  failsafe_percent?: number | undefined;
  critical_c?: number | undefined;
  required: boolean;
}

/** A sensor's keys and what its own keys mean. */
interface ReadSource {
  keys: CommonKeys;
  source: SensorSource;
}

/** Reads the keys of a sensor of this type; null when they are not usable. */
export function readSource(
  type: SourceType,
  value: unknown,
  path: KeyPath,
  problems: Problems,
): ReadSource | null {
  switch (type) {
    case "drivetemp":
    case "smart":
      return readDrive(type, value, path, problems);
    case "nvidia":
    case "amdgpu":
      return readGpu(type, value, path, problems);
    case "ipmi":
    case "http":
    case "pushed":
    case "board":
      return readRemote(type, value, path, problems);
    default:
      return readHere(type, value, path, problems);
  }
}

function readHere(
  type: "hwmon" | "cpu" | "file" | "command" | "simulated",
  value: unknown,
  path: KeyPath,
  problems: Problems,
): ReadSource | null {
  switch (type) {
    case "hwmon": {
      const keys = read(SENSOR.hwmon, value, path, problems);
      if (!keys || !hasSome(keys, ["chip", "label", "device"], path, problems)) return null;
      const { chip, label, device, input } = keys;
      return { keys, source: { type, ...present({ chip, label, device, input }) } };
    }
    case "cpu": {
      const keys = read(SENSOR.cpu, value, path, problems);
      return keys && { keys, source: { type } };
    }
    case "file": {
      const keys = read(SENSOR.file, value, path, problems);
      return keys &&
        { keys, source: { type, path: keys.path, scale: keys.scale, maxAgeMs: keys.max_age_ms } };
    }
    case "command": {
      const keys = read(SENSOR.command, value, path, problems);
      if (!keys || !isOneText(keys, path, problems)) return null;
      const { argv, shell } = keys;
      return { keys, source: { type, argv, ...shell && { shell } } };
    }
    case "simulated": {
      const keys = read(SENSOR.simulated, value, path, problems);
      return keys && { keys, source: { type, plant: keys.plant, source: keys.source } };
    }
  }
}

function readDrive(
  type: "drivetemp" | "smart",
  value: unknown,
  path: KeyPath,
  problems: Problems,
): ReadSource | null {
  if (type === "drivetemp") {
    const keys = read(SENSOR.drivetemp, value, path, problems);
    if (!keys || !hasSome(keys, ["serial", "device"], path, problems)) return null;
    const { serial, device } = keys;
    return { keys, source: { type, ...present({ serial, device }) } };
  }
  const keys = read(SENSOR.smart, value, path, problems);
  if (!keys || !hasSome(keys, ["serial", "device"], path, problems)) return null;
  const { serial, device, sensor } = keys;
  return { keys, source: { type, ...present({ serial, device, sensor }) } };
}

function readGpu(
  type: "nvidia" | "amdgpu",
  value: unknown,
  path: KeyPath,
  problems: Problems,
): ReadSource | null {
  if (type === "amdgpu") {
    const keys = read(SENSOR.amdgpu, value, path, problems);
    return keys && { keys, source: { type, reads: keys.reads, ...placeOf(keys.pci) } };
  }
  const keys = read(SENSOR.nvidia, value, path, problems);
  if (!keys || !hasSome(keys, ["uuid", "pci", "index"], path, problems)) return null;
  const { uuid, index, reads } = keys;
  return { keys, source: { type, reads, ...placeOf(keys.pci), ...present({ uuid, index }) } };
}

/** A PCI address in the one form that is compared. */
function placeOf(pci: string | undefined): { pci?: string } {
  const address = pci === undefined ? null : pciAddress(pci);
  return address === null ? {} : { pci: address };
}

function readRemote(
  type: "ipmi" | "http" | "pushed" | "board",
  value: unknown,
  path: KeyPath,
  problems: Problems,
): ReadSource | null {
  switch (type) {
    case "ipmi": {
      const keys = read(SENSOR.ipmi, value, path, problems);
      if (!keys || !isRemoteWhole(keys, path, problems)) return null;
      const { sensor, entity, host, port, user, password_file: passwordFile } = keys;
      const remote = host === undefined ? {} : present({ host, port, user, passwordFile });
      return { keys, source: { type, sensor, ...present({ entity }), ...remote } };
    }
    case "http": {
      const keys = read(SENSOR.http, value, path, problems);
      if (!keys) return null;
      const { url, pointer, scale } = keys;
      return { keys, source: { type, url, scale, ...present({ pointer }) } };
    }
    case "pushed": {
      const keys = read(SENSOR.pushed, value, path, problems);
      return keys && { keys, source: { type, maxTtlMs: keys.max_ttl_ms } };
    }
    case "board": {
      const keys = read(SENSOR.board, value, path, problems);
      return keys && { keys, source: { type, board: keys.board, input: keys.input } };
    }
  }
}

/** A shell reads one text; what stands beside it would be taken for something else. */
function isOneText(
  { argv, shell }: { argv: readonly string[]; shell: boolean },
  path: KeyPath,
  problems: Problems,
): boolean {
  if (!shell || argv.length === 1) return true;
  problems.add([...path, "argv"], `${argv.length} texts`, "one text for the shell");
  return false;
}

/** Keys for the network without a host would silently not be in force. */
function isRemoteWhole(
  keys: {
    host?: string | undefined;
    user?: string | undefined;
    password_file?: string | undefined;
  },
  path: KeyPath,
  problems: Problems,
): boolean {
  if (keys.host !== undefined) return true;
  const idle = (["user", "password_file"] as const).filter((key) => keys[key] !== undefined);
  for (const key of idle) problems.add([...path, key], "no host beside it", "with host only");
  return idle.length === 0;
}

/** Something must say which device is meant. */
function hasSome(
  keys: Readonly<Record<string, unknown>>,
  names: readonly string[],
  path: KeyPath,
  problems: Problems,
): boolean {
  if (names.some((name) => keys[name] !== undefined)) return true;
  problems.add(path, `none of ${names.join(", ")}`, "one of them or more");
  return false;
}

/** `values` without what is undefined. */
function present<T extends object>(values: T): { [K in keyof T]?: NonNullable<T[K]> } {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]?: NonNullable<T[K]> };
}
