/**
 * What is remembered about one sensor, as JSON.
 *
 * @module
 */
import type { DisagreeState, StuckState } from "./doubts.ts";
import type { HeldFault } from "./failsafe_hold.ts";
import type { SensorJudgement } from "./judgement.ts";
import type { MissRowState } from "./miss_row.ts";

/** The health of one sensor at one moment; times are monotonic. */
export interface SensorHealthState {
  /** As it was last given; its name is the sensor's. */
  judgement: SensorJudgement;
  bornMs: number;
  heardMs: number | null;
  /** Null while asleep and before the first reading. */
  tempC: number | null;
  /** The misses since the last good reading, where there are any. */
  row?: MissRowState;
  faults?: HeldFault[];
  stuck?: StuckState;
  disagree?: DisagreeState;
}
