/**
 * Time as a value that is passed in, so that every limit can be tested without waiting.
 *
 * @module
 */

/** Where the time comes from and how to be called back later. */
export interface Clock {
  /** Milliseconds on a clock that never steps; only differences mean anything. */
  monotonicMs(): number;
  /** Milliseconds since the Unix epoch; may step, so never use it to measure a duration. */
  wallMs(): number;
  /** Calls `action` once after `delayMs`; the returned function cancels it. */
  after(delayMs: number, action: () => void): () => void;
}

/** The clock of this machine, in whole microseconds: a journal writes them down in few bytes. */
export const systemClock: Clock = {
  monotonicMs: () => Math.round(performance.now() * 1000) / 1000,
  wallMs: () => Date.now(),
  after(delayMs, action) {
    const timer = setTimeout(action, delayMs);
    return () => clearTimeout(timer);
  },
};
