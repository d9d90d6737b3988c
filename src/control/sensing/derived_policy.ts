/**
 * Temperatures that are computed from others.
 *
 * @module
 */

/** What every derived sensor has. */
interface DerivedCommon {
  /** Unique among measured and derived sensors. */
  name: string;
  /** As of a measured one. */
  kind: string;
  /** The sensors that it is computed from, measured or derived. */
  of: readonly string[];
  /** From here on the shelf runs at 100 %; without it only those behind it have a limit. */
  criticalC?: number;
}

/**
 * How a temperature is computed.
 *
 * - `max`, `min`, `mean`, `weighted` (with one weight each): of those that are awake.
 * - `difference`: the first minus the second. `offset`: one, plus `offsetC`.
 * - `average`: the mean of one over the last `windowMs`. `peak_hold`: its highest of the last
 *   `holdMs`. `ema`: follows it with the time constant `tauMs`.
 */
export type DerivedPolicy =
  & DerivedCommon
  & (
    | { type: "max" | "min" | "mean" | "difference" }
    | { type: "weighted"; weights: readonly number[] }
    | { type: "offset"; offsetC: number }
    | { type: "average"; windowMs: number }
    | { type: "ema"; tauMs: number }
    | { type: "peak_hold"; holdMs: number }
  );

/** The ways in which a temperature can be computed. */
export const DERIVED_TYPES = [
  "max",
  "min",
  "mean",
  "weighted",
  "difference",
  "offset",
  "average",
  "ema",
  "peak_hold",
] as const satisfies readonly DerivedPolicy["type"][];

/** How many sensors each type is computed from. */
export const INPUTS: Readonly<Record<DerivedPolicy["type"], { min: number; max: number }>> = {
  max: { min: 1, max: Infinity },
  min: { min: 1, max: Infinity },
  mean: { min: 1, max: Infinity },
  weighted: { min: 1, max: Infinity },
  difference: { min: 2, max: 2 },
  offset: { min: 1, max: 1 },
  average: { min: 1, max: 1 },
  ema: { min: 1, max: 1 },
  peak_hold: { min: 1, max: 1 },
};
