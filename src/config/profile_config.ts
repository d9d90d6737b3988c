/**
 * Profiles as the configuration says them.
 *
 * @module
 */
import type { ProfilePolicy } from "../control/profile/profile.ts";
import type { ScheduleConfig } from "./schedule.ts";

/** A profile, and when it is in force by itself. */
export interface ProfileConfig extends ProfilePolicy {
  /** Null: only by hand, or by who else orders it. */
  schedule: ScheduleConfig | null;
}

/** How long one order keeps a profile in force unless it says otherwise: four hours. */
export const DEFAULT_PROFILE_MS = 4 * 3_600_000;
