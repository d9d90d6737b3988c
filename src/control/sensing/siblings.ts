/**
 * What several sensors say together: their median, and how it moves. Every sensor of a group is
 * compared with the group, not with every other sensor.
 *
 * @module
 */

/** Fewer temperatures than this are put in order one by one, which is faster. */
const FEW = 32;

/** What a group knows between two judgements, as JSON. */
export interface SiblingsState {
  /** Their names. */
  members: string[];
  levelC: number;
  /** The last temperatures in the order of the members; null where there was none. */
  tempsC: (number | null)[];
}

/** Some sensors that can be expected to move together. */
export class Siblings {
  /** Its place among all groups. */
  readonly id: number;
  /** The place of the group with the same members in the state that it goes on from, or null. */
  readonly oldId: number | null;
  /** The longest time between two readings of a member. */
  readonly intervalMs: number;
  /** How many of the members have a temperature. */
  count = 0;
  /** Their median; NaN without any. */
  medianC = NaN;
  /**
   * The sum of the median's movements. Unlike the median it does not jump when a member falls
   * asleep, is lost or returns.
   */
  levelC = 0;
  readonly #members: Int32Array;
  readonly #tempsC: Float64Array;
  readonly #sorted: Float64Array;

  /**
   * @param members Their places among all temperatures.
   * @param intervalMs The longest time between two readings of one of them.
   * @param old What {@link Siblings.state} gave for the same members, and its place there.
   */
  constructor(
    id: number,
    members: readonly number[],
    intervalMs: number,
    old?: { id: number; state: SiblingsState },
  ) {
    this.id = id;
    this.intervalMs = intervalMs;
    this.oldId = old?.id ?? null;
    this.#members = Int32Array.from(members);
    this.#tempsC = new Float64Array(members.length).fill(NaN);
    this.#sorted = new Float64Array(members.length);
    if (old === undefined) return;
    this.#tempsC.set(old.state.tempsC.map((tempC) => tempC ?? NaN));
    this.levelC = old.state.levelC;
    this.#order();
  }

  /** Takes over the temperatures of now; NaN for a sensor that has none to be relied on. */
  update(tempsC: Float64Array): void {
    let isSame = true;
    let areSameMembers = true;
    for (let at = 0; at < this.#members.length; at++) {
      const tempC = tempsC[this.#members[at] ?? 0] ?? NaN;
      const before = this.#tempsC[at] ?? NaN;
      if (Object.is(tempC, before)) continue;
      isSame = false;
      if (Number.isNaN(tempC) || Number.isNaN(before)) areSameMembers = false;
      this.#tempsC[at] = tempC;
    }
    if (isSame) return;
    const before = this.medianC;
    this.#order();
    if (areSameMembers) this.levelC += this.medianC - before;
  }

  /**
   * What to give to the constructor to go on from here.
   *
   * @param names Of all temperatures, by their places.
   */
  state(names: readonly string[]): SiblingsState {
    const members = [...this.#members].map((at) => names[at] ?? "");
    const tempsC = [...this.#tempsC].map((tempC) => Number.isNaN(tempC) ? null : tempC);
    return { members, levelC: this.levelC, tempsC };
  }

  #order(): void {
    const sorted = this.#sorted;
    let count = 0;
    for (const tempC of this.#tempsC) {
      if (!Number.isNaN(tempC)) sorted[count++] = tempC;
    }
    this.count = count;
    if (count > FEW) sorted.subarray(0, count).sort();
    else insertionSort(sorted, count);
    const upper = sorted[count >> 1] ?? NaN;
    const lower = sorted[(count - 1) >> 1] ?? NaN;
    this.medianC = count === 0 ? NaN : (lower + upper) / 2;
  }
}

function insertionSort(values: Float64Array, count: number): void {
  for (let next = 1; next < count; next++) {
    const value = values[next] ?? NaN;
    let at = next;
    for (; at > 0 && (values[at - 1] ?? NaN) > value; at--) values[at] = values[at - 1] ?? NaN;
    values[at] = value;
  }
}
