/**
 * What stands against driving the boards of a configuration, as far as that can be seen without
 * driving them.
 *
 * @module
 */

import { lookAtOutputs } from "../../board/hwmon/look_at_outputs.ts";
import { parseLineSpec } from "../../board/line_spec.ts";
import type { BoardConfig } from "../../config/config.ts";

/** A line for each obstacle; only a motherboard can be looked at without disturbing its fans. */
export async function boardWarnings(boards: readonly BoardConfig[]): Promise<string[]> {
  const warnings: string[] = [];
  for (const { name, line, channels, places } of boards) {
    const spec = parseLineSpec(line);
    if (spec.kind !== "hwmon") continue;
    const numbers = channels.map(({ channel }) => channel);
    const found = await lookAtOutputs(spec, places.sysfsRoot, numbers);
    warnings.push(...found.map((text) => `board "${name}": ${text}`));
  }
  return warnings;
}
