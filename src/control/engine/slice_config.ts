/**
 * A configuration for some of its shelves alone.
 *
 * @module
 */
import type { EngineConfig } from "./engine_config.ts";
import { sensorsOf } from "./shelf_policy.ts";

/**
 * `config` with these shelves, the sensors behind them, and those that these are compared with.
 *
 * @param behind a sensor and all that it is computed from.
 */
export function sliceConfig(
  config: EngineConfig,
  shelves: ReadonlySet<string>,
  behind: (sensor: string) => readonly string[],
): EngineConfig {
  const kept = config.shelves.filter(({ name }) => shelves.has(name));
  const names = new Set(kept.flatMap(sensorsOf).flatMap(behind));
  const compared = new Set<string>();
  const groups = new Set<string>();
  for (const { name, group, stuck, siblings } of config.sensors) {
    if (!names.has(name)) continue;
    for (const other of [...stuck?.with ?? [], ...siblings?.names ?? []]) compared.add(other);
    if (group !== undefined && (stuck || siblings)) groups.add(group);
  }
  return {
    ...config,
    shelves: kept,
    sensors: config.sensors.filter(({ name, group }) =>
      names.has(name) || compared.has(name) || (group !== undefined && groups.has(group))
    ),
    derived: config.derived.filter(({ name }) => names.has(name)),
  };
}
