/**
 * How late a message is, between two machines whose clocks have nothing in common. Pure.
 *
 * @module
 */

/** The fastest message of so long, and of as long before it, tells what is no delay. */
const WINDOW_MS = 10_000;

/**
 * Compares when messages of one session were sent with when they were read, each by its own clock.
 * The fastest of the last 10 to 20 s counts as not late at all, so what the clocks drift apart does
 * not add up, and a way that has become longer for good is the new measure.
 */
export class Transit {
  #fastestMs = Infinity;
  #fastestBeforeMs = Infinity;
  #windowEndMs: number | null = null;

  /**
   * By how much longer than the fastest a message was under way; at least 0.
   *
   * @param sentMs by the sender's clock, monotonic.
   * @param readMs by this side's.
   */
  lateMs(sentMs: number, readMs: number): number {
    this.#windowEndMs ??= readMs + WINDOW_MS;
    if (readMs >= this.#windowEndMs) {
      this.#fastestBeforeMs = this.#fastestMs;
      this.#fastestMs = Infinity;
      this.#windowEndMs = readMs + WINDOW_MS;
    }
    const offsetMs = readMs - sentMs;
    this.#fastestMs = Math.min(this.#fastestMs, offsetMs);
    return offsetMs - Math.min(this.#fastestMs, this.#fastestBeforeMs);
  }
}
