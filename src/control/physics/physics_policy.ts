/**
 * When what air does, or fails to do, to a temperature is worth a word.
 *
 * @module
 */

/** The rules for the sensors of one shelf. */
export interface PhysicsPolicy {
  /** Whether anything is looked for at all. */
  check: boolean;
  /** What cools weaker by this, in percent of what was learned, is told of. */
  weakerPercent: number;
  /** What reads colder by this than ever before, in kelvin, is told of. */
  colderK: number;
}

/**
 * - `weakerPercent`: simulated shelves under random loads stay within 23 % of what was learned, and
 *   are at half of it when their filter lets 30 % through.
 * - `colderK`: more than a room changes in a night, and half of what a disk or a processor is above
 *   the room while it idles.
 */
export const DEFAULT_PHYSICS: Readonly<PhysicsPolicy> = Object.freeze({
  check: true,
  weakerPercent: 35,
  colderK: 6,
});
