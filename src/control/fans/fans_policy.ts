/**
 * How the fans of a shelf are watched, and when that is worth a word.
 *
 * @module
 */

/** The rules for the fans of one shelf. */
export interface FansPolicy {
  /** How long a fan may be driven without turning before it is alarmed. */
  stallMs: number;
  /** How long an alarmed fan must turn before it counts again; longer when it fails again. */
  recoverMs: number;
  /** Whether its siblings take over what a failed fan moved; else they run at full speed. */
  share: boolean;
  /** Deviation from the calibrated fan that is worn out, in percent. */
  wearPercent: number;
}

/**
 * - `stallMs`: a board says `stalled` 3 s after it began to drive a standing fan, and starts eleven
 *   of them half a second apart.
 * - `recoverMs`: many times what a fan takes to settle (3 to 5 s), so that one that sticks now and
 *   then does not make the shelf waver.
 * - `wearPercent`: fans are made to within 10 % of their rated speed, and a supply that is 5 %
 *   off moves them by about that.
 */
export const DEFAULT_FANS: Readonly<FansPolicy> = Object.freeze({
  stallMs: 6000,
  recoverMs: 30_000,
  share: true,
  wearPercent: 10,
});
