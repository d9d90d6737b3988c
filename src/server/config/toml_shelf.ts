/**
 * `[[shelf]]` and its `[[shelf.cause]]` tables of a fand.toml.
 *
 * @module
 */

import type { CausePolicy } from "../../control/engine/decision.ts";
import type { ServerLimits, ShelfConfig } from "./config.ts";
import { Names } from "./names.ts";
import { type KeyPath, type Problems, show } from "./problems.ts";
import { isTable, read } from "./toml_rules.ts";
import { CAUSE, SHELF } from "./toml_schema.ts";

/** What a shelf may refer to, and what bounds it. */
export interface ShelfContext {
  readonly problems: Problems;
  readonly sensors: Names;
  readonly limits: ServerLimits;
}

/** Reads one shelf; null when it has problems. */
export function readShelf(
  value: unknown,
  path: KeyPath,
  context: ShelfContext,
): ShelfConfig | null {
  const { problems, limits } = context;
  const shelf = read(SHELF, value, path, problems);
  const tables = isTable(value) && Array.isArray(value["cause"]) ? value["cause"] : [];
  const names = new Names("cause of this shelf", problems, limits);
  const causes: CausePolicy[] = [];
  for (const [index, table] of tables.entries()) {
    const cause = readCause(table, [...path, "cause", index], context, names);
    if (cause) causes.push(cause);
  }
  return shelf && { name: shelf.name, floorPercent: shelf.floor_percent, causes };
}

function readCause(
  value: unknown,
  path: KeyPath,
  context: ShelfContext,
  names: Names,
): CausePolicy | null {
  const cause = read(CAUSE, value, path, context.problems);
  if (!cause) return null;
  names.claim(cause.name, [...path, "name"]);
  for (const [index, sensor] of cause.sensors.entries()) {
    context.sensors.expect(sensor, [...path, "sensors", index]);
  }
  checkRising(cause.curve, [...path, "curve"], context.problems);
  return {
    name: cause.name,
    curve: { shape: cause.shape, points: cause.curve },
    sensors: [...new Set(cause.sensors)],
    combine: "max",
  };
}

/** A curve that falls, or that goes back, is a slip of the pen and would cost air. */
function checkRising(
  points: readonly (readonly [number, number])[],
  path: KeyPath,
  problems: Problems,
): void {
  for (const [index, [tempC, percent]] of points.entries()) {
    const before = points[index - 1];
    if (!before) continue;
    const found = `[${tempC}, ${percent}] after ${show(before[0])} °C and ${show(before[1])} %`;
    if (tempC <= before[0]) {
      problems.add([...path, index], found, "temperatures that rise from point to point");
    } else if (percent < before[1]) {
      problems.add([...path, index], found, "percentages that do not fall as it gets hotter");
    }
  }
}
