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

/** How long a failsafe lasts at least after its fault was there last. */
export const DEFAULT_HOLD_MS = 30_000;

/** How many good readings in a row end a failsafe. */
export const DEFAULT_RECOVER_READINGS = 3;

/** How long others must have been elsewhere before a value that does not change is stuck. */
export const DEFAULT_STUCK_MS = 1_800_000;

/** From how far away that counts: more than a device at rest keeps out of beside busy ones. */
export const DEFAULT_STUCK_MOVED_C = 10;

/** How long a sensor may be too far from its siblings. */
export const DEFAULT_SIBLING_MS = 60_000;

/** What chips show for an open input: the highest code of 9, 11 and 12 bits. */
export const DEFAULT_BOGUS_C: readonly number[] = [127.5, 127.875, 127.9375];

const CRITICAL_C: ReadonlyMap<string, number> = new Map([["hdd", 60], ["ssd", 75], ["cpu", 95]]);
const OTHER_CRITICAL_C = 90;

/** The temperature (°C) at which a sensor of this kind asks for full speed above every override. */
export function defaultCriticalC(kind: string): number {
  return CRITICAL_C.get(kind) ?? OTHER_CRITICAL_C;
}
