/**
 * What holds when the command line does not say.
 *
 * @module
 */

/** Where a server listens unless told otherwise. */
export const DEFAULT_ADDRESS = "127.0.0.1";
/** The port of fand. */
export const DEFAULT_PORT = 9999;
/** The port of fand over TLS. */
export const DEFAULT_TLS_PORT = 9998;
/** How long a server may take to accept a connection, and for each answer. */
export const DEFAULT_TIMEOUT_MS = 10_000;
