/**
 * Which sensors belong together when the configuration does not say: those of one shelf.
 *
 * @module
 */

import type { ShelfPolicy } from "../control/engine/shelf_policy.ts";
import type { DerivedPolicy } from "../control/sensing/derived_policy.ts";
import type { SensorConfig } from "./config.ts";

/**
 * The sensors, each with the shelf that follows it as its group: of several the first of the
 * file, also through derived sensors.
 */
export function withGroups(
  sensors: readonly SensorConfig[],
  derived: readonly DerivedPolicy[],
  shelves: readonly ShelfPolicy[],
): SensorConfig[] {
  const inputs = new Map(derived.map(({ name, of }) => [name, of]));
  const groups = new Map<string, string>();
  for (const shelf of shelves) {
    const names = shelf.causes.flatMap(({ sensors }) => sensors);
    for (let name = names.pop(); name !== undefined; name = names.pop()) {
      if (groups.has(name)) continue;
      groups.set(name, shelf.name);
      names.push(...inputs.get(name) ?? []);
    }
  }
  return sensors.map((sensor) => {
    const group = groups.get(sensor.name);
    return group === undefined ? sensor : { ...sensor, group };
  });
}
