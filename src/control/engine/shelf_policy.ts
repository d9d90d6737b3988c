/**
 * What a shelf of fans has to follow.
 *
 * @module
 */
import type { Curve } from "../demand/curve.ts";

/** One curve of a shelf and the sensors that it follows. */
export interface CausePolicy {
  /** Unique within its shelf. */
  name: string;
  curve: Curve;
  /** Names of sensors. */
  sensors: string[];
  /** How several temperatures become one. */
  combine: "max";
}

/** A group of fans that get one duty. */
export interface ShelfPolicy {
  name: string;
  /** The least duty, 0 to 100. */
  floorPercent: number;
  causes: CausePolicy[];
}
