/**
 * What holds for `fanctl radio` when the command line does not say.
 *
 * @module
 */

/** How often a radio agent reports. */
export const DEFAULT_EVERY_MS = 600_000;
/** How long a reading that came by radio is good. */
export const DEFAULT_READING_TTL_MS = 1_800_000;
/** What a server takes at most. */
export const MOST_READING_TTL_MS = 3_600_000;
