/**
 * `[shelf.output]` of a fand.toml.
 *
 * @module
 */

import { COMFORT_OUTPUT } from "../../control/comfort_defaults.ts";
import type { KeepOut, OutputPolicy } from "../../control/output/output_policy.ts";
import { type KeyPath, type Problems, show } from "../problems.ts";
import { read } from "./rules.ts";
import { OUTPUT } from "./schema.ts";

/**
 * Reads how a shelf's duty may move; the default when it has problems.
 *
 * @param floorPercent The least duty of the shelf; fans can only be off where it is 0.
 */
export function readOutput(
  value: unknown,
  path: KeyPath,
  floorPercent: number,
  problems: Problems,
): OutputPolicy {
  const output = read(OUTPUT, value, path, problems);
  if (!output) return COMFORT_OUTPUT;
  if (output.off_below_percent !== undefined && floorPercent > 0) {
    problems.add(
      [...path, "off_below_percent"],
      `${output.off_below_percent} with floor_percent = ${floorPercent}`,
      "only beside floor_percent = 0, as the floor keeps the fans on",
    );
  }
  checkRanges(output.keep_out ?? [], [...path, "keep_out"], problems);
  return {
    risePercentPerS: output.rise_percent_per_s ?? null,
    fallPercentPerS: output.fall_percent_per_s ?? null,
    minimumPercent: output.minimum_percent,
    startPercent: output.start_percent,
    offBelowPercent: output.off_below_percent ?? null,
    minOnMs: output.min_on_ms,
    minOffMs: output.min_off_ms,
    keepOut: output.keep_out ?? [],
    reapplyMs: output.reapply_ms,
  };
}

/** Ranges that touch or overlap would lift a duty from one into the next. */
function checkRanges(ranges: readonly KeepOut[], path: KeyPath, problems: Problems): void {
  for (const [index, range] of ranges.entries()) {
    const [from, to] = range;
    const beforePercent = ranges[index - 1]?.[1];
    if (from >= to) {
      problems.add([...path, index], show(range), "a range whose end is above its beginning");
    } else if (beforePercent !== undefined && from <= beforePercent) {
      problems.add(
        [...path, index],
        `${show(range)} after ${beforePercent} %`,
        "ranges that rise and lie apart from each other",
      );
    }
  }
}
