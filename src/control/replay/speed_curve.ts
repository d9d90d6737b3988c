/**
 * How fast fans turn at a duty, as a run shows it.
 *
 * @module
 */

/** Duties are told apart by this much, in percent. */
const BIN_PERCENT = 5;

/** The speed of a shelf's fans over their duty, learnt from what was reported. */
export class SpeedCurve {
  readonly #bins = new Map<number, { percent: number; rpm: number; count: number }>();
  #points: readonly (readonly [percent: number, rpm: number])[] | null = null;

  /** The fans turn at `rpm`, and have had this duty for long enough. */
  take(percent: number, rpm: number): void {
    const key = Math.round(percent / BIN_PERCENT);
    const bin = this.#bins.get(key) ?? { percent: 0, rpm: 0, count: 0 };
    this.#bins.set(key, {
      percent: bin.percent + percent,
      rpm: bin.rpm + rpm,
      count: bin.count + 1,
    });
    this.#points = null;
  }

  /** Whether anything has been learnt. */
  get isKnown(): boolean {
    return this.#bins.size > 0;
  }

  /** The share of full speed (0 to 1) at a duty; as large as the duty while nothing is known. */
  shareOf(percent: number): number {
    const fullRpm = this.#rpmAt(100);
    const share = fullRpm > 0 ? this.#rpmAt(percent) / fullRpm : percent / 100;
    return Math.min(1, Math.max(0, share));
  }

  /** Straight between what is known, in proportion beyond it. */
  #rpmAt(percent: number): number {
    this.#points ??= [...this.#bins.values()]
      .map((bin) => [bin.percent / bin.count, bin.rpm / bin.count] as const)
      .sort(([a], [b]) => a - b);
    const above = this.#points.find(([at]) => at >= percent);
    const below = this.#points.findLast(([at]) => at <= percent);
    if (above !== undefined && below !== undefined) {
      const share = above[0] > below[0] ? (percent - below[0]) / (above[0] - below[0]) : 0;
      return below[1] + (above[1] - below[1]) * share;
    }
    const [at, rpm] = above ?? below ?? [0, 0];
    return at > 0 ? rpm * percent / at : rpm;
  }
}
