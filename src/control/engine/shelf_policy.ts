/**
 * What a shelf of fans has to follow.
 *
 * @module
 */
import type { CausePolicy } from "../demand/cause_policy.ts";
import type { FansPolicy } from "../fans/fans_policy.ts";
import type { OutputPolicy } from "../output/output_policy.ts";
import type { PhysicsPolicy } from "../physics/physics_policy.ts";
import type { DriveTables } from "./drives.ts";

export type { CausePolicy } from "../demand/cause_policy.ts";

/** A group of fans that get one duty. */
export interface ShelfPolicy {
  name: string;
  /** The least duty, 0 to 100. */
  floorPercent: number;
  causes: CausePolicy[];
  /** How the comfort duty may move; left out: as it is asked to. */
  output?: OutputPolicy;
  /** How the fans are watched; left out: as by default. */
  fans?: FansPolicy;
  /** What is looked for in what air does to the temperatures; left out: as by default. */
  physics?: PhysicsPolicy;
  /** Only from a fand.ini: what becomes of the causes once the shelf's drives are known. */
  drives?: DriveTables;
}

/** The sensors that a shelf follows, each once. */
export function sensorsOf(shelf: ShelfPolicy): string[] {
  return [...new Set(shelf.causes.flatMap(({ sensors }) => sensors))];
}
