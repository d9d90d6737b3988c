/**
 * `[[shelf.cause]]` of a fand.toml.
 *
 * @module
 */

import { orderCauses } from "../../control/demand/cause_order.ts";
import type { CausePolicy, Law, SensorCause } from "../../control/demand/cause_policy.ts";
import type { TempFilterPolicy } from "../../control/demand/temp_filter.ts";
import type { ServerLimits } from "../config.ts";
import { Names } from "../names.ts";
import { type KeyPath, type Problems, show } from "../problems.ts";
import { isTable, read, type Table } from "./rules.ts";
import { CAUSE, SHAPE } from "./schema.ts";

/** What the causes of a shelf may refer to, and what bounds them. */
export interface CauseContext {
  readonly problems: Problems;
  readonly sensors: Names;
  readonly limits: ServerLimits;
  /** How long a hysteresis alone may hold a temperature. */
  readonly reapplyMs: number;
}

/** Reads the causes of one shelf and keeps what is good. */
export function readCauses(
  tables: readonly unknown[],
  path: KeyPath,
  context: CauseContext,
): CausePolicy[] {
  const names = new Names("cause of this shelf", context.problems, context.limits);
  for (const [index, table] of tables.entries()) {
    const name = isTable(table) ? table["name"] : undefined;
    if (typeof name === "string" && name !== "") names.claim(name, [...path, index, "name"]);
  }
  const causes: CausePolicy[] = [];
  const places = new Map<string, number>();
  for (const [index, table] of tables.entries()) {
    const cause = readCause(table, [...path, index], context, names);
    if (!cause) continue;
    causes.push(cause);
    places.set(cause.name, index);
  }
  const { cycle } = orderCauses(causes);
  if (cycle) {
    context.problems.add(
      [...path, places.get(cycle[0] ?? "") ?? 0, "of"],
      `a circle: ${cycle.map(show).join(" -> ")}`,
      "causes that do not combine themselves, directly or through others",
    );
  }
  return causes;
}

function readCause(
  value: unknown,
  path: KeyPath,
  context: CauseContext,
  names: Names,
): CausePolicy | null {
  if (isTable(value) && "of" in value) return readCombined(value, path, context, names);
  const shape = isTable(value)
    ? read(SHAPE, value["shape"], [...path, "shape"], context.problems)
    : "linear";
  if (!shape) return null;
  const cause = shape === "pid"
    ? readPid(value, path, context)
    : shape === "target"
    ? readTarget(value, path, context)
    : readTable(value, shape, path, context);
  for (const [index, sensor] of (cause?.sensors ?? []).entries()) {
    context.sensors.expect(sensor, [...path, "sensors", index]);
  }
  return cause && { ...cause, sensors: [...new Set(cause.sensors)] };
}

function readCombined(
  value: Table,
  path: KeyPath,
  { problems }: CauseContext,
  names: Names,
): CausePolicy | null {
  const cause = read(CAUSE.of, value, path, problems);
  if (!cause) return null;
  for (const [index, name] of cause.of.entries()) names.expect(name, [...path, "of", index]);
  return { name: cause.name, sensors: [], of: [...new Set(cause.of)], combine: cause.combine };
}

function readTable(
  value: unknown,
  shape: "linear" | "step" | "cubic",
  path: KeyPath,
  { problems, reapplyMs }: CauseContext,
): SensorCause | null {
  const cause = read(CAUSE.table, value, path, problems);
  if (!cause) return null;
  checkRising(cause.curve, [...path, "curve"], problems);
  const filter: TempFilterPolicy = {
    riseHysteresisC: cause.rise_hysteresis_c,
    fallHysteresisC: cause.fall_hysteresis_c,
    riseResponseMs: cause.rise_response_ms,
    fallResponseMs: cause.fall_response_ms,
    reapplyMs,
  };
  const holdsNothing = filter.riseHysteresisC === 0 && filter.fallHysteresisC === 0 &&
    filter.riseResponseMs === 0 && filter.fallResponseMs === 0;
  return { ...common(cause, { shape, points: cause.curve }), ...!holdsNothing && { filter } };
}

function readPid(value: unknown, path: KeyPath, { problems }: CauseContext): SensorCause | null {
  const cause = read(CAUSE.pid, value, path, problems);
  if (!cause) return null;
  checkRange(cause, path, problems);
  return common(cause, {
    shape: "pid",
    targetC: cause.target_c,
    kp: cause.kp,
    ki: cause.ki,
    kd: cause.kd,
    minPercent: cause.min_percent,
    maxPercent: cause.max_percent,
    slewPercentPerS: cause.slew_percent_per_s ?? null,
  });
}

function readTarget(value: unknown, path: KeyPath, { problems }: CauseContext): SensorCause | null {
  const cause = read(CAUSE.target, value, path, problems);
  if (!cause) return null;
  checkRange(cause, path, problems);
  return common(cause, {
    shape: "target",
    targetC: cause.target_c,
    deadbandC: cause.deadband_c,
    minPercent: cause.min_percent,
    maxPercent: cause.max_percent,
  });
}

function common(
  { name, sensors, combine }: Pick<SensorCause, "name" | "sensors" | "combine">,
  curve: Law,
): SensorCause {
  return { name, curve, sensors, combine };
}

function checkRange(
  { min_percent, max_percent }: { min_percent: number; max_percent: number },
  path: KeyPath,
  problems: Problems,
): void {
  if (min_percent <= max_percent) return;
  problems.add([...path, "min_percent"], `${min_percent}`, `at most max_percent (${max_percent})`);
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
