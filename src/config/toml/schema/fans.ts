/**
 * `[shelf.fans]` and `[shelf.physics]`.
 *
 * @module
 */

import { DEFAULT_FANS } from "../../../control/fans/fans_policy.ts";
import { DEFAULT_PHYSICS } from "../../../control/physics/physics_policy.ts";
import { bool, number, v } from "../rules.ts";
import { milliseconds, table } from "./table.ts";

/** `[shelf.fans]`. */
export const FANS = table({
  stall_ms: v.optional(milliseconds(1000, 600_000), DEFAULT_FANS.stallMs),
  recover_ms: v.optional(milliseconds(1000, 3_600_000), DEFAULT_FANS.recoverMs),
  share: v.optional(bool, DEFAULT_FANS.share),
  wear_percent: v.optional(number(1, 100, "%"), DEFAULT_FANS.wearPercent),
});

/** `[shelf.physics]`. */
export const PHYSICS = table({
  check: v.optional(bool, DEFAULT_PHYSICS.check),
  weaker_percent: v.optional(number(10, 90, "%"), DEFAULT_PHYSICS.weakerPercent),
  colder_k: v.optional(number(1, 100, "K"), DEFAULT_PHYSICS.colderK),
});
