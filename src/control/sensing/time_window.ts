/**
 * A temperature over the last while, in slots of time: its mean and its highest. However often it
 * is read, a window takes the same room.
 *
 * @module
 */

/** So many slots make a window; what leaves it leaves it one slot at a time. */
const SLOTS = 60;

/** One slot: how long it counts, its mean times that, its highest. */
export type Slot = [fromMs: number, elapsedMs: number, sumCMs: number, highestC: number];

/** Follows one temperature over a time window. */
export class TimeWindow {
  readonly #slotMs: number;
  readonly #windowMs: number;
  #slots: Slot[];
  #lastMs: number | null;

  /** @param state What {@link TimeWindow.state} gave for the same length. */
  constructor(windowMs: number, state?: TimeWindowState) {
    this.#windowMs = windowMs;
    this.#slotMs = windowMs / SLOTS;
    this.#slots = (state?.slots ?? []).map((slot) => [...slot]);
    this.#lastMs = state?.lastMs ?? null;
  }

  /** The temperature at `nowMs`; it counts for the time since the one before. */
  add(tempC: number, nowMs: number): void {
    const elapsedMs = Math.min(Math.max(0, nowMs - (this.#lastMs ?? nowMs)), this.#windowMs);
    this.#lastMs = nowMs;
    const slot = this.#slots.at(-1);
    if (slot && nowMs - slot[0] < this.#slotMs) {
      slot[1] += elapsedMs;
      slot[2] += elapsedMs * tempC;
      slot[3] = Math.max(slot[3], tempC);
    } else {
      this.#slots.push([nowMs, elapsedMs, elapsedMs * tempC, tempC]);
    }
    // A slot leaves when all of it is older than the window, never earlier.
    while ((this.#slots[1]?.[0] ?? Infinity) <= nowMs - this.#windowMs) this.#slots.shift();
  }

  /** Forgets everything. */
  clear(): void {
    this.#slots = [];
    this.#lastMs = null;
  }

  /** The mean over the window; NaN before the first temperature. */
  get meanC(): number {
    let elapsedMs = 0;
    let sumCMs = 0;
    for (const slot of this.#slots) {
      elapsedMs += slot[1];
      sumCMs += slot[2];
    }
    return elapsedMs > 0 ? sumCMs / elapsedMs : this.#slots.at(-1)?.[3] ?? NaN;
  }

  /** The highest within the window; NaN before the first temperature. */
  get highestC(): number {
    let highestC = NaN;
    for (const slot of this.#slots) {
      if (!(slot[3] <= highestC)) highestC = slot[3];
    }
    return highestC;
  }

  state(): TimeWindowState {
    return { slots: this.#slots.map((slot) => [...slot]), lastMs: this.#lastMs };
  }
}

/** What a window holds, as JSON. */
export interface TimeWindowState {
  slots: Slot[];
  lastMs: number | null;
}
