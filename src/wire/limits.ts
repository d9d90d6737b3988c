/**
 * How much one message may hold. Both sides enforce the limits before they allocate anything.
 *
 * @module
 */

/** The limits of one message. */
export interface WireLimits {
  /** The largest payload of a frame, in bytes, without its 4 bytes of length. */
  maxFrameBytes: number;
  /** How deep arrays and maps may nest; the array that is the message is depth 1. */
  maxDepth: number;
  /** How many CBOR items a message may hold: every array, map, key, value and tag is one. */
  maxItems: number;
}

/** The limits unless configured otherwise. */
export const DEFAULT_WIRE_LIMITS: Readonly<WireLimits> = {
  maxFrameBytes: 65536,
  maxDepth: 32,
  maxItems: 4096,
};
