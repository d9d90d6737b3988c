/**
 * What holds for a shelf and its sensors when the configuration does not say. These are safety
 * limits, so they hold for a fand.ini too, which cannot say anything about them.
 *
 * @module
 */

/** The least duty of a shelf, in percent. */
export const DEFAULT_FLOOR_PERCENT = 20;

/** What a lost sensor asks for, in percent. */
export const DEFAULT_FAILSAFE_PERCENT = 100;

/** How many misses in a row are tolerated before a sensor counts as lost. */
export const DEFAULT_MISSES = 3;

const CRITICAL_C: ReadonlyMap<string, number> = new Map([["hdd", 60], ["ssd", 75], ["cpu", 95]]);
const OTHER_CRITICAL_C = 90;

/** The temperature (°C) at which a sensor of this kind asks for full speed above every override. */
export function defaultCriticalC(kind: string): number {
  return CRITICAL_C.get(kind) ?? OTHER_CRITICAL_C;
}
