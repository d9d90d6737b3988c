/**
 * The version of the protocol that this program speaks, as server and as client.
 *
 * @module
 */

/** Major and minor; docs/protocol.md tells what each may change. */
export const PROTOCOL: readonly [major: number, minor: number] = [1, 3];
