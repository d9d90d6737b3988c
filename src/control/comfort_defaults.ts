/**
 * How a shelf moves when its configuration does not say: quiet when it may be. A fand.ini has none
 * of it, because its tables promise fand's own behaviour.
 *
 * @module
 */
import type { TempFilterPolicy } from "./demand/temp_filter.ts";
import { type OutputPolicy, PLAIN_OUTPUT } from "./output/output_policy.ts";

/** How long a hysteresis alone may hold anything back, in milliseconds. */
export const DEFAULT_REAPPLY_MS: number = PLAIN_OUTPUT.reapplyMs;

/** Heat is followed at once; that it is over must show for a while. */
export const COMFORT_FILTER: Readonly<TempFilterPolicy> = Object.freeze({
  riseHysteresisC: 0,
  fallHysteresisC: 3,
  riseResponseMs: 0,
  fallResponseMs: 10_000,
  reapplyMs: DEFAULT_REAPPLY_MS,
});

/** Half a percent a second is 2.5 % in 5 s: a fan that slows down like this is not noticed. */
export const COMFORT_OUTPUT: Readonly<OutputPolicy> = Object.freeze({
  ...PLAIN_OUTPUT,
  fallPercentPerS: 0.5,
});
