/**
 * Which sensors are compared with which.
 *
 * @module
 */
import type { SensorPolicy } from "./sensor_policy.ts";
import { Siblings, type SiblingsState } from "./siblings.ts";

/** The groups that one sensor is compared with. */
export interface Compared {
  others?: Siblings | undefined;
  siblings?: Siblings | undefined;
}

/** Every group of sensors, each once, however many are compared with it. */
export class Groups {
  readonly #names: readonly string[];
  readonly #intervalsMs: readonly number[];
  readonly #places: ReadonlyMap<string, number>;
  /** By group and kind, those that belong together without being named. */
  readonly #kin = new Map<string, number[]>();
  readonly #byMembers = new Map<string, Siblings>();
  readonly #old = new Map<string, { id: number; state: SiblingsState }>();
  readonly #byKin = new Map<string, Siblings>();
  readonly #all: Siblings[] = [];
  readonly #tempsC: Float64Array;

  /** @param state What {@link Groups.state} gave. */
  constructor(policies: readonly SensorPolicy[], state: readonly SiblingsState[] = []) {
    this.#names = policies.map(({ name }) => name);
    this.#intervalsMs = policies.map(({ intervalMs }) => intervalMs);
    this.#places = new Map(this.#names.map((name, at) => [name, at]));
    this.#tempsC = new Float64Array(policies.length).fill(NaN);
    for (const [at, policy] of policies.entries()) {
      const key = kinOf(policy);
      if (key === null) continue;
      const kin = this.#kin.get(key);
      if (kin) kin.push(at);
      else this.#kin.set(key, [at]);
    }
    for (const [id, each] of state.entries()) {
      this.#old.set(JSON.stringify(each.members), { id, state: each });
    }
  }

  /** With whom this sensor is compared; called once for each. */
  of(policy: SensorPolicy): Compared {
    const { name, stuck, siblings } = policy;
    return {
      others: stuck && (stuck.with ? this.#named(stuck.with) : this.#kindred(policy)),
      siblings: siblings &&
        (siblings.names ? this.#named([...siblings.names, name]) : this.#kindred(policy)),
    };
  }

  /** What each sensor, by its place, may be compared with; NaN for nothing. */
  get tempsC(): Float64Array {
    return this.#tempsC;
  }

  /** Takes over all temperatures. */
  update(): void {
    for (const group of this.#all) group.update(this.#tempsC);
  }

  state(): SiblingsState[] {
    return this.#all.map((group) => group.state(this.#names));
  }

  #kindred(policy: SensorPolicy): Siblings | undefined {
    const key = kinOf(policy);
    const members = key === null ? undefined : this.#kin.get(key);
    if (key === null || members === undefined) return undefined;
    const group = this.#byKin.get(key) ?? this.#groupOf(members);
    this.#byKin.set(key, group);
    return group;
  }

  #named(names: readonly string[]): Siblings {
    const places = names.map((name) => this.#places.get(name)).filter((at) => at !== undefined);
    return this.#groupOf([...new Set(places)].toSorted((a, b) => a - b));
  }

  #groupOf(members: readonly number[]): Siblings {
    const key = JSON.stringify(members.map((at) => this.#names[at]));
    const known = this.#byMembers.get(key);
    if (known) return known;
    const intervalMs = members.reduce((most, at) => Math.max(most, this.#intervalsMs[at] ?? 0), 0);
    const group = new Siblings(this.#all.length, members, intervalMs, this.#old.get(key));
    this.#byMembers.set(key, group);
    this.#all.push(group);
    return group;
  }
}

/** What is nothing in particular (an inlet beside a graphics card) has no kin. */
function kinOf({ group, kind }: SensorPolicy): string | null {
  return group === undefined || kind === "other" ? null : JSON.stringify([group, kind]);
}
