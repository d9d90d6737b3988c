/**
 * What the parts of fand say about themselves. They are handed a {@link Log} and never know
 * where it goes; the server and the agent connect it to sinks.
 *
 * @module
 */

/** A place to say something, by severity. */
export interface Log {
  /** Every step, for whoever looks for a fault. */
  debug(text: string): void;
  /** What is done. */
  info(text: string): void;
  /** What is not as it should be, and mends itself or is bearable. */
  warn(text: string): void;
  /** What somebody has to mend. */
  error(text: string): void;
}

/** Says nothing: for libraries and tests that do not care. */
export const silentLog: Log = { debug() {}, info() {}, warn() {}, error() {} };
