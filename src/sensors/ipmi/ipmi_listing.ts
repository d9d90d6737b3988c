/**
 * The listings of `ipmitool sdr`, in each form that its manual has: `sdr` (name, reading, status),
 * `sdr elist` and `sdr type` (name, number, status, entity, reading), and either with `-c` (comma
 * separated). Pure.
 *
 * @module
 */
import { SensorError } from "../../errors.ts";
import { excerpt } from "../reading.ts";
import type { IpmiSource } from "../sensor_source.ts";

/** One sensor of a management controller. */
export interface IpmiSensorReading {
  /** At most 16 characters, and not always the only one of that name. */
  name: string;
  /** What it belongs to, `3.1`; null in the forms that do not tell it. */
  entity: string | null;
  /** Null when there is no reading, or none in °C. */
  tempC: number | null;
  /** `ok`, `nc`, `cr`, `nr`, `ns`… */
  status: string;
  /** The reading in the tool's words: `41 degrees C`, `No Reading`, `Disabled`. */
  told: string;
}

const CELSIUS = /^(-?\d+(?:\.\d+)?) degrees C$/;
const STATUS = /^(ok|ns|us|nc|cr|nr|lnr|lcr|lnc|unc|ucr|unr)$/;

/** Reads a listing; lines that are none of its are left out, such as warnings of the tool. */
export function parseIpmiListing(text: string): IpmiSensorReading[] {
  return text.split("\n").map(parseLine).filter((reading) => reading !== null);
}

function parseLine(line: string): IpmiSensorReading | null {
  const barred = line.split("|").map((cell) => cell.trim());
  if (barred.length === 3) {
    const [name = "", told = "", status = ""] = barred;
    return readingOf(name, null, status, told);
  }
  if (barred.length === 5) {
    const [name = "", , status = "", entity = "", told = ""] = barred;
    return readingOf(name, entity, status, told);
  }
  const cells = line.split(",").map((cell) => cell.trim());
  const [name = "", value = "", unit = "", status = "", entity] = cells;
  if (cells.length >= 4 && !STATUS.test(unit)) {
    // With -v the entity follows.
    const place = /^\d+\.\d+$/.test(entity ?? "") ? entity ?? null : null;
    return readingOf(name, place, status, value === "" ? "no reading" : `${value} ${unit}`);
  }
  // A discrete sensor, and the comma separated form of elist: name, number, status, entity, text.
  if (cells.length >= 5) return readingOf(name, status, unit, cells.slice(4).join(", "));
  return null;
}

function readingOf(
  name: string,
  entity: string | null,
  status: string,
  told: string,
): IpmiSensorReading | null {
  if (name === "" || !STATUS.test(status)) return null;
  const value = CELSIUS.exec(told)?.[1];
  return { name, entity, tempC: value === undefined ? null : Number(value), status, told };
}

/**
 * The temperature (°C) of the one sensor that `source` means.
 *
 * @throws {SensorError} when there is none, or several, or it has no reading
 */
export function pickIpmi(all: readonly IpmiSensorReading[], source: IpmiSource): number {
  const { sensor, entity } = source;
  const wanted = `IPMI sensor "${sensor}"${entity === undefined ? "" : ` of entity ${entity}`}`;
  const hits = all.filter((each) =>
    each.name === sensor && (entity === undefined || each.entity === entity)
  );
  const [hit] = hits;
  if (!hit) {
    throw new SensorError(
      `Cannot find ${wanted}: the controller has ${describe(all)}; name one of these`,
    );
  }
  if (hits.length > 1) {
    throw new SensorError(
      `Cannot tell which is meant by ${wanted}: ${hits.length} match, ${describe(hits)}; ` +
        "add the entity of one",
    );
  }
  if (hit.tempC !== null) return hit.tempC;
  throw new SensorError(
    `Cannot read ${wanted}: the controller tells ${excerpt(hit.told)} (${hit.status}); ` +
      "leave it out while nothing is fitted there",
  );
}

const MAX_LISTED = 24;

function describe(all: readonly IpmiSensorReading[]): string {
  const temperatures = all.filter(({ tempC, status }) => tempC !== null || status === "ns");
  if (temperatures.length === 0) return "none with a temperature";
  const more = temperatures.length > MAX_LISTED
    ? `, and ${temperatures.length - MAX_LISTED} more`
    : "";
  return temperatures.slice(0, MAX_LISTED).map(({ name, entity }) =>
    entity === null ? `"${name}"` : `"${name}" (${entity})`
  ).join(", ") + more;
}
