/**
 * Everything that an engine holds besides its configuration, as JSON values.
 *
 * @module
 */
import type { DemandState } from "../demand/demand.ts";
import type { FanWatchState } from "../fans/fan_watch.ts";
import type { OutputState } from "../output/output_filter.ts";
import type { PhysicsState } from "../physics/physics_watch.ts";
import type { Cause } from "../cause.ts";
import type { ProfileInForce } from "../profile/profile.ts";
import type { SensingState } from "../sensing/sensing.ts";
import type { Comfort } from "./comfort.ts";
import type { DriveKind, TickTime } from "./event.ts";
import type { Evidence } from "./evidence.ts";
import type { Finding } from "./finding.ts";
import type { Override } from "./override.ts";

/** What was found out in the last tick; a decision between two ticks rests on it. */
export interface DecisionBasis {
  evidence: Evidence;
  comfort: Comfort;
}

/** One shelf. What belongs to a room is that room's own. */
export interface ShelfState {
  override: Override | null;
  /** Null before the first tick. */
  basis: DecisionBasis | null;
  demand: DemandState;
  output: OutputState | null;
  fans: FanWatchState;
  /** What the fans asked for in the last decision. */
  fanCauses: readonly Cause[];
  physics: PhysicsState;
}

/** A whole engine. `new Engine(config, bornMs, state)` goes on from it, bit for bit. */
export interface EngineState {
  bornMs: number;
  /** Null before the first tick. */
  lastTick: TickTime | null;
  sensing: SensingState;
  shelves: Record<string, ShelfState>;
  drives: Record<string, DriveKind>;
  profile: ProfileInForce | null;
  findings: Finding[];
}
