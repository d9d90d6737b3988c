/**
 * `[shelf.fans]` and `[shelf.physics]` of a fand.toml.
 *
 * @module
 */

import { DEFAULT_FANS, type FansPolicy } from "../../control/fans/fans_policy.ts";
import { DEFAULT_PHYSICS, type PhysicsPolicy } from "../../control/physics/physics_policy.ts";
import type { KeyPath, Problems } from "../problems.ts";
import { read } from "./rules.ts";
import { FANS, PHYSICS } from "./schema.ts";

/** Reads how the fans of a shelf are watched; the default when it has problems. */
export function readFans(value: unknown, path: KeyPath, problems: Problems): FansPolicy {
  const fans = read(FANS, value, path, problems);
  return fans === null ? DEFAULT_FANS : {
    stallMs: fans.stall_ms,
    recoverMs: fans.recover_ms,
    share: fans.share,
    wearPercent: fans.wear_percent,
  };
}

/** Reads what is looked for in what air does; the default when it has problems. */
export function readPhysics(value: unknown, path: KeyPath, problems: Problems): PhysicsPolicy {
  const physics = read(PHYSICS, value, path, problems);
  return physics === null ? DEFAULT_PHYSICS : {
    check: physics.check,
    weakerPercent: physics.weaker_percent,
    colderK: physics.colder_k,
  };
}
