/**
 * `[plant.NAME]` of a fand.toml.
 *
 * @module
 */

import { type HeatSource, NAS_SHELF } from "../../sensors/simulated/plant.ts";
import type { PlantConfig, ServerLimits } from "../config.ts";
import { Names } from "../names.ts";
import type { KeyPath, Problems } from "../problems.ts";
import { isTable, read } from "./rules.ts";
import { PLANT, PLANT_SOURCE } from "./schema.ts";

/** Reads one plant; null when it has problems. Without sources it is the built-in small NAS. */
export function readPlant(
  value: unknown,
  path: KeyPath,
  problems: Problems,
  limits: ServerLimits,
): PlantConfig | null {
  const plant = read(PLANT, value, path, problems);
  const tables = isTable(value) ? value["source"] : undefined;
  const names = new Names("source of this plant", problems, limits);
  const sources: HeatSource[] = [];
  for (const [index, table] of (Array.isArray(tables) ? tables : []).entries()) {
    const source = readSource(table, [...path, "source", index], problems, names);
    if (source) sources.push(source);
  }
  return plant && {
    ambientC: plant.ambient_c,
    noiseK: plant.noise_k,
    seed: plant.seed,
    sources: tables === undefined ? NAS_SHELF.sources : sources,
  };
}

function readSource(
  value: unknown,
  path: KeyPath,
  problems: Problems,
  names: Names,
): HeatSource | null {
  const source = read(PLANT_SOURCE, value, path, problems);
  if (!source) return null;
  names.claim(source.name, [...path, "name"]);
  if (source.full_w < source.idle_w) {
    problems.add([...path, "full_w"], `${source.full_w} W`, `at least idle_w (${source.idle_w} W)`);
  }
  checkSchedule(source.load, [...path, "load"], problems);
  return {
    name: source.name,
    load: source.load,
    idleW: source.idle_w,
    fullW: source.full_w,
    capacityJPerK: source.capacity_j_per_k,
    stillWPerK: source.still_w_per_k,
    flowWPerK: source.flow_w_per_k,
  };
}

function checkSchedule(load: HeatSource["load"], path: KeyPath, problems: Problems): void {
  if (typeof load === "number") return;
  for (const [index, [second]] of load.entries()) {
    const before = load[index - 1]?.[0];
    if (before === undefined || second > before) continue;
    problems.add([...path, index], `second ${second} after ${before}`, "seconds that rise");
  }
}
