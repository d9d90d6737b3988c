/**
 * What the payloads of the radio have room for.
 *
 * @module
 */

/** What the slowest data rates of most regions have room for. */
export const RADIO_PAYLOAD_BYTES = 51;
/** The FPort of both directions. */
export const RADIO_PORT = 9;
/** Shelves of one device. */
export const MOST_RADIO_SHELVES = 4;
