/**
 * What holds when the command line does not say.
 *
 * @module
 */

/** How long a channel is held by hand. */
export const DEFAULT_HOLD_MS = 60_000;
/** From one duty of a calibration to the next, in percent. */
export const DEFAULT_STEP_PERCENT = 10;
/** What the other fans do at least while one is calibrated, in percent. */
export const DEFAULT_FLOOR_PERCENT = 50;
