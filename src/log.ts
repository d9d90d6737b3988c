/**
 * What the parts of fand say about themselves. They are handed a {@link Log} and never know
 * where it goes; the server and the agent connect it to sinks.
 *
 * @module
 */

/** A place to say something, by severity. */
export interface Log {
  debug(text: string): void;
  info(text: string): void;
  warn(text: string): void;
  error(text: string): void;
}

/** Says nothing: for libraries and tests that do not care. */
export const silentLog: Log = { debug() {}, info() {}, warn() {}, error() {} };
