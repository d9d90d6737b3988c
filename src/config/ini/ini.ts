/**
 * A fand.ini, with the meaning that Python fand gave it: shelves, their devices, and one step
 * table for each kind of device. What it could not say (critical temperatures, floors, misses)
 * has the same defaults as everywhere.
 *
 * @module
 */

import type { Curve, CurvePoint } from "../../control/demand/curve.ts";
import { DEFAULT_FLOOR_PERCENT } from "../../control/defaults.ts";
import {
  DEFAULT_LIMITS,
  DEFAULT_SERVER,
  type SensorConfig,
  type ServerConfig,
  type ShelfConfig,
} from "../config.ts";
import { causesOf, type DriveTables } from "../../control/engine/drives.ts";
import { interpolate } from "./interpolation.ts";
import { DEFAULT_SECTION, type IniSections, parseIni, strip } from "./parser.ts";
import { Names } from "../names.ts";
import { type KeyPath, Problems, show } from "../problems.ts";
import { defaultSensor } from "../sensor_defaults.ts";
import { withGroups } from "../sensor_groups.ts";

/** The serial that means the processor of the host. */
const CPU = "cpu";

/** A number as Python's `float` takes it, without the words for infinity and not-a-number. */
const FLOAT = /^[+-]?(?:\d+(?:_\d+)*\.?(?:\d+(?:_\d+)*)?|\.\d+(?:_\d+)*)(?:e[+-]?\d+(?:_\d+)*)?$/i;

/** What the reading of one file shares. */
interface Context {
  readonly sections: IniSections;
  readonly problems: Problems;
  readonly sensors: Map<string, SensorConfig>;
}

/**
 * Reads the text of a fand.ini.
 *
 * @param file The name that messages begin with.
 * @throws {ConfigError} With every problem found, each with its line.
 */
export function parseFandIni(text: string, file: string): ServerConfig {
  let sections: IniSections = new Map();
  const problems = new Problems(file, (path) => lineOf(sections, path));
  sections = parseIni(text.replace(/^\uFEFF/, ""), problems);
  const context: Context = { sections, problems, sensors: new Map() };
  const shelves = problems.count === 0 ? readShelves(context) : [];
  if (problems.count > 0) throw problems.error();
  return {
    ...DEFAULT_SERVER,
    limits: DEFAULT_LIMITS,
    sensors: withGroups([...context.sensors.values()], [], shelves),
    shelves,
    boards: [],
    plants: {},
    source: file,
    warnings: problems.warnings,
  };
}

function readShelves(context: Context): ShelfConfig[] {
  const list = valueOf(context, DEFAULT_SECTION, "shelves", "a comma-separated list of shelves");
  if (list === null) return [];
  const path = [DEFAULT_SECTION, "shelves"];
  const names = new Names("shelf", context.problems, DEFAULT_LIMITS);
  const shelves = new Map<string, ShelfConfig>();
  for (const name of strip(list).split(",").map(strip)) {
    if (shelves.has(name)) {
      context.problems.warn(path, `shelf ${show(name)} is listed twice and counts once`);
    } else if (!context.sections.has(name)) {
      const known = [...context.sections.keys()].filter((key) => key !== DEFAULT_SECTION);
      const allowed = known.length > 0 ? known.slice(0, 12).map(show).join(", ") : "none";
      context.problems.add(path, show(name), `shelves that have a section; sections: ${allowed}`);
    } else {
      names.claim(name, path);
      shelves.set(name, readShelf(context, name));
    }
  }
  return [...shelves.values()];
}

function readShelf(context: Context, shelf: string): ShelfConfig {
  const drives: DriveTables = {
    sensors: readDevices(context, shelf),
    hdd: readTable(context, shelf, "hdd_temps"),
    ssd: readTable(context, shelf, "ssd_temps"),
    cpu: readTable(context, shelf, "cpu_temps"),
  };
  const causes = causesOf(drives, () => undefined);
  return { name: shelf, floorPercent: DEFAULT_FLOOR_PERCENT, causes, drives };
}

/** `devices`: one a line, `serial; position`; what follows a second semicolon is ignored. */
function readDevices(context: Context, shelf: string): DriveTables["sensors"] {
  const text = valueOf(context, shelf, "devices", 'lines of "serial; position"');
  const path = pathOf(context, shelf, "devices");
  const members = new Map<string, { name: string; kind: "drive" | "cpu" }>();
  for (const [index, line] of (text === null ? [] : strip(text).split("\n")).entries()) {
    const [serial = "", position] = line.split(";").map(strip);
    if (position === undefined || serial === "") {
      context.problems.add(
        [...path, index],
        show(line),
        '"serial; position" or "cpu; host"',
      );
      continue;
    }
    const kind = serial === CPU ? "cpu" : "drive";
    members.set(serial, { name: serial, kind });
    const source = kind === "cpu" ? { type: "cpu" } as const : { type: "smart", serial } as const;
    context.sensors.set(serial, defaultSensor(serial, kind, source));
  }
  return [...members.values()];
}

/** One of the tables: `temperature: speed, …`, in °C and percent. */
function readTable(context: Context, shelf: string, option: string): Curve {
  const { problems } = context;
  const path = pathOf(context, shelf, option);
  const text = valueOf(context, shelf, option, '"temperature: speed, …" with a speed for 0');
  if (text === null) return { shape: "step", points: [] };
  const table = new Map<number, number>();
  for (const entry of text.split(",")) {
    const [tempText = "", speedText] = entry.split(":").map(strip);
    if (speedText === undefined || !FLOAT.test(tempText) || !FLOAT.test(speedText)) {
      problems.add(path, show(strip(entry)), '"temperature: speed" in °C and percent');
      continue;
    }
    const tempC = toNumber(tempText);
    const speed = toNumber(speedText);
    const percent = Math.min(100, Math.max(0, speed));
    if (percent !== speed) {
      problems.warn(path, `a speed of ${speed} % at ${tempC} °C counts as ${percent} %`);
    }
    table.set(tempC, percent);
  }
  if (!table.has(0)) problems.add(path, "no speed for 0 °C", 'a table with an entry "0: SPEED"');
  const points: CurvePoint[] = [...table].toSorted(([a], [b]) => a - b);
  return { shape: "step", points };
}

function toNumber(text: string): number {
  return Number(text.replaceAll("_", ""));
}

/** An option of a section or what it inherits; null, with a problem, when there is none. */
function valueOf(
  context: Context,
  section: string,
  option: string,
  allowed: string,
): string | null {
  const result = interpolate(context.sections, section, option);
  if (result === null) {
    context.problems.add([section, option], "nothing", allowed);
    return null;
  }
  if ("value" in result) return result.value;
  context.problems.add(pathOf(context, section, option), result.found, result.allowed);
  return null;
}

/** Where an option stands: a table of `[DEFAULT]` that ten shelves inherit is one key, not ten. */
function pathOf(context: Context, section: string, option: string): string[] {
  const { sections } = context;
  const isInherited = !sections.get(section)?.options.has(option) &&
    sections.get(DEFAULT_SECTION)?.options.has(option);
  return [isInherited ? DEFAULT_SECTION : section, option];
}

/** The line of `[line]`, `[section, option]` or `[section, option, index of a value's line]`. */
function lineOf(sections: IniSections, path: KeyPath): number {
  const [first, option, index] = path;
  if (typeof first === "number") return first;
  const section = sections.get(String(first));
  const found = section?.options.get(String(option));
  if (!found) return section?.line ?? 1;
  const filled = found.values.findIndex(({ text }) => text !== "");
  const line = typeof index === "number" ? found.values[Math.max(0, filled) + index] : undefined;
  return line?.line ?? found.values[0]?.line ?? 1;
}
