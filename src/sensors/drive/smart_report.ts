/**
 * What `smartctl --json` prints about a drive, and what that means here. Pure.
 *
 * @module
 */
import { SensorError } from "../../errors.ts";
import { excerpt } from "../reading.ts";
import type { DriveKind } from "../sensor.ts";

/** One drive as smartctl saw it. */
export interface SmartReport {
  /** It sleeps, and was left asleep: nothing else is known. */
  asleep: boolean;
  tempC: number | null;
  /** The sensors of an NVMe drive (°C) in their places; null where there is none. */
  sensorsC: (number | null)[];
  serial: string | null;
  kind: DriveKind | null;
  /** What smartctl said, joined; empty when it said nothing. */
  messages: string;
}

/** One drive of `smartctl --scan --json` or `--scan-open`. */
export interface ScannedDrive {
  /** `/dev/sda` */
  name: string;
  /** For `-d`: `sat`, `nvme`, `megaraid,3`. */
  type: string;
}

/** The command line was not understood: a smartctl without `--json`. */
const STATUS_USAGE = 1;
/** The device could not be opened or identified, or it sleeps. */
const STATUS_OPEN = 2;
/** smartctl tells a sleeping drive from a missing one only in words. */
const ASLEEP = /^Device is in .+ mode, exit\(\d+\)$/;
/** Attributes of ATA drives that hold the temperature, the better one first. */
const TEMPERATURE_IDS = [194, 190];
/** SMART knows SSDs by their rotation rate of 0. */
const NOT_ROTATING = 0;

/**
 * Reads the report of one drive.
 *
 * @param exitCode A bit mask; the higher bits tell about a drive that is ill, which has a
 * temperature all the same.
 * @throws {SensorError} when it is no report, or the drive could not be opened
 */
export function parseSmartReport(stdout: string, exitCode: number): SmartReport {
  const report = parseJson(stdout, exitCode);
  const texts = list(at(report, "smartctl", "messages"))
    .map((message) => at(message, "string"))
    .filter((text) => typeof text === "string");
  const messages = texts.join("; ");
  const asleep = (exitCode & STATUS_OPEN) !== 0 && texts.some((text) => ASLEEP.test(text));
  if (!asleep && (exitCode & (STATUS_USAGE | STATUS_OPEN)) !== 0) {
    throw new SensorError(
      `Cannot read the drive: smartctl ended with ${exitCode}` +
        `${messages === "" ? "" : ` and said ${excerpt(messages)}`}; run it by hand`,
    );
  }
  return {
    asleep,
    tempC: asleep ? null : temperature(report),
    sensorsC: list(at(report, "nvme_smart_health_information_log", "temperature_sensors"))
      .map((each) => typeof each === "number" ? each : null),
    serial: asString(at(report, "serial_number"))?.trim() ?? null,
    kind: driveKind(report),
    messages,
  };
}

/**
 * Reads the list of drives, without those that could not be opened.
 *
 * @throws {SensorError} when it is no list
 */
export function parseSmartScan(stdout: string, exitCode: number): ScannedDrive[] {
  const drives: ScannedDrive[] = [];
  for (const device of list(at(parseJson(stdout, exitCode), "devices"))) {
    const name = asString(at(device, "name"));
    const type = asString(at(device, "type"));
    if (name && type && at(device, "open_error") === undefined) drives.push({ name, type });
  }
  return drives;
}

function temperature(report: unknown): number | null {
  const told = at(report, "temperature", "current") ??
    at(report, "nvme_smart_health_information_log", "temperature");
  if (typeof told === "number") return told;
  const attributes = list(at(report, "ata_smart_attributes", "table"));
  for (const id of TEMPERATURE_IDS) {
    const raw = at(attributes.find((each) => at(each, "id") === id), "raw", "value");
    // The lowest byte is the temperature; makers keep minimum and maximum in the others.
    if (typeof raw === "number") return raw % 256;
  }
  return null;
}

function driveKind(report: unknown): DriveKind | null {
  const rate = at(report, "rotation_rate");
  if (typeof rate === "number") return rate === NOT_ROTATING ? "ssd" : "hdd";
  const protocol = at(report, "device", "protocol");
  if (protocol === "NVMe") return "ssd";
  // Old disks do not tell their rate. Who has not told a name either was not asked.
  return at(report, "serial_number") === undefined ? null : "hdd";
}

function parseJson(stdout: string, exitCode: number): unknown {
  try {
    return JSON.parse(stdout);
  } catch (cause) {
    const found = stdout.trim() === "" ? "nothing" : excerpt(stdout.trim());
    throw new SensorError(
      `Cannot understand smartctl, which ended with ${exitCode}: it printed ${found}; ` +
        "version 7.0 or later is needed",
      { cause },
    );
  }
}

/** What is at a path of keys; undefined when the path leads nowhere. */
function at(value: unknown, ...path: string[]): unknown {
  for (const key of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<string, unknown>)[key];
  }
  return value;
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function asString(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
