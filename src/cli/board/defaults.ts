/**
 * What holds when the command line does not say.
 *
 * @module
 */

/** How long a channel is held by hand. */
export const DEFAULT_HOLD_MS = 60_000;
