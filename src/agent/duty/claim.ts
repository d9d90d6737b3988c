/**
 * Which server's word counts: the epochs that an agent has granted.
 *
 * @module
 */

/** No server has started so often, or so late: the clock of an epoch ends in the year 10889. */
export const MOST_EPOCH: number = 2 ** 48;

/** Where the highest epoch is kept for the next start. */
export interface ClaimKeeper {
  /** What the last start left; 0 for nothing. */
  readonly granted: number;
  /** Called before anything of a new epoch is done. */
  keep(epoch: number): void;
}

/** Forgets with the process. */
export const NO_KEEPER: ClaimKeeper = { granted: 0, keep() {} };

/**
 * Grants the fans to one server's epoch at a time, and never again to an older one. Two servers
 * that both believe that a shelf is theirs cannot take turns: the one that was there before must
 * claim an epoch above all that were granted, and an agent lets it only when nobody else is left.
 */
export class Claim {
  readonly #keeper: ClaimKeeper;
  #granted: number;

  constructor(keeper: ClaimKeeper = NO_KEEPER) {
    this.#keeper = keeper;
    this.#granted = keeper.granted;
  }

  /** The highest epoch so far; 0 before the first. */
  get granted(): number {
    return this.#granted;
  }

  /** Whether an epoch may drive the fans; one that is newer has them from now on. */
  grant(epoch: number): boolean {
    if (epoch > this.#granted) {
      this.#keeper.keep(epoch);
      this.#granted = epoch;
    }
    return epoch === this.#granted;
  }
}
