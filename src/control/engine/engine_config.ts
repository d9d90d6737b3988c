/**
 * What the engine works by: the part of a configuration that decides.
 *
 * @module
 */
import type { ProfilePolicy } from "../profile/profile.ts";
import type { DerivedPolicy } from "../sensing/derived_policy.ts";
import type { SensorPolicy } from "../sensing/sensor_policy.ts";
import type { ShelfPolicy } from "./shelf_policy.ts";

/** The rules of all sensors and shelves; checked, so that every name that is referred to exists. */
export interface EngineConfig {
  /** Milliseconds between two ticks. */
  tickMs: number;
  /** Milliseconds after which what was reported of a fan is unknown. */
  rpmTtlMs: number;
  sensors: readonly SensorPolicy[];
  /** Sensors that are computed from others, in no order; without circles. */
  derived: readonly DerivedPolicy[];
  shelves: readonly ShelfPolicy[];
  profiles: readonly ProfilePolicy[];
}
