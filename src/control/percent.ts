/**
 * Percentages of full duty, and how control says its numbers.
 *
 * @module
 */

/** Full speed: what every doubt ends in. */
export const FULL_PERCENT = 100;

/** `percent` held within 0 to 100; what is not a number is {@link FULL_PERCENT}. */
export function clampPercent(percent: number): number {
  if (Number.isNaN(percent)) return FULL_PERCENT;
  return Math.min(FULL_PERCENT, Math.max(0, percent));
}

/** `61 %`, or `61.5 %` when it is not whole. */
export function formatPercent(percent: number): string {
  return `${Math.round(percent * 10) / 10} %`;
}

/** `64.2 °C`: always one decimal, so that columns of them stay still. */
export function formatTempC(tempC: number): string {
  return `${tempC.toFixed(1)} °C`;
}

/** `2.4 s`, for a duration in milliseconds. */
export function formatSeconds(durationMs: number): string {
  return `${(durationMs / 1000).toFixed(1)} s`;
}
