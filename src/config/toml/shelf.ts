/**
 * `[[shelf]]` of a fand.toml.
 *
 * @module
 */

import type { ServerLimits, ShelfConfig } from "../config.ts";
import type { Names } from "../names.ts";
import type { KeyPath, Problems } from "../problems.ts";
import { readCauses } from "./cause.ts";
import { readFans, readPhysics } from "./fans.ts";
import { readOutput } from "./output.ts";
import { isTable, read } from "./rules.ts";
import { SHELF } from "./schema.ts";

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
  const { problems } = context;
  const shelf = read(SHELF, value, path, problems);
  const output = readOutput(
    shelf?.output ?? {},
    [...path, "output"],
    shelf?.floor_percent ?? 0,
    problems,
  );
  const tables = isTable(value) && Array.isArray(value["cause"]) ? value["cause"] : [];
  const { reapplyMs } = output;
  const causes = readCauses(tables, [...path, "cause"], { ...context, reapplyMs });
  const fans = readFans(shelf?.fans ?? {}, [...path, "fans"], problems);
  const physics = readPhysics(shelf?.physics ?? {}, [...path, "physics"], problems);
  const floorPercent = shelf?.floor_percent ?? 0;
  return shelf && { name: shelf.name, floorPercent, causes, output, fans, physics };
}
