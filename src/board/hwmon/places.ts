/**
 * Where a motherboard's outputs are, and where it is kept what they were like before.
 *
 * @module
 */

/** Folders. */
export interface HwmonPlaces {
  /** `/sys`, or where else it is mounted. */
  readonly sysfsRoot: string;
  /** Holds one file for each chip that is driven; it need not exist yet. */
  readonly stateDir: string;
}

/** Those of a usual system. What was before is of no use after a boot, so it may be gone then. */
export const SYSTEM_PLACES: HwmonPlaces = { sysfsRoot: "/sys", stateDir: "/run/fand" };
