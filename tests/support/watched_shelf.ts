/**
 * A simulated shelf that lives for days in moments: random loads, a room that is warmer by day, air
 * that follows the temperatures, faults on demand, and the watch over its physics.
 *
 * @module
 */
import type { Finding } from "../../src/control/engine/finding.ts";
import { DEFAULT_PHYSICS } from "../../src/control/physics/physics_policy.ts";
import { PhysicsWatch } from "../../src/control/physics/physics_watch.ts";
import { seededRandom } from "../../src/seeded_random.ts";
import { NAS_SHELF } from "../../src/sensors/simulated/plant.ts";

/** What is wrong with it. */
export type Fault = "blocked" | "elsewhere" | "detached";

/** How it is made. */
export interface WatchedShelfOptions {
  readonly seed: number;
  /** The steps in which its sensors tell temperatures. */
  readonly quantumK?: number;
}

interface Source {
  readonly spec: (typeof NAS_SHELF.sources)[number];
  readonly fromC: number;
  readonly toC: number;
  tempC: number;
  load: number;
  goal: number;
  /** Of load, a second. */
  pace: number;
  untilS: number;
}

/** Makes one; nothing is wrong with it at first. */
export function watchedShelf(options: WatchedShelfOptions): WatchedShelf {
  return new WatchedShelf(options);
}

/** The processor and the disk of the small NAS, each with a curve of its own. */
export class WatchedShelf {
  fault: Fault | null = null;
  readonly watch = new PhysicsWatch({ ...DEFAULT_PHYSICS, shelf: "nas" });
  readonly #random: () => number;
  readonly #quantumK: number;
  readonly #sources: Source[];
  #second = 0;
  #otherAir = 50;
  #otherUntilS = 0;

  constructor({ seed, quantumK = 0 }: WatchedShelfOptions) {
    this.#random = seededRandom(seed);
    this.#quantumK = quantumK;
    this.#sources = NAS_SHELF.sources.map((spec) => ({
      spec,
      ...spec.name === "cpu" ? { fromC: 40, toC: 80 } : { fromC: 34, toC: 46 },
      tempC: 40,
      load: 0.3,
      goal: 0.3,
      pace: 1,
      untilS: 0,
    }));
  }

  get nowMs(): number {
    return this.#second * 1000;
  }

  /** Lives on, and shows what was found, second by second. */
  *run(seconds: number): Generator<{ findings: readonly Finding[] }> {
    for (const endS = this.#second + seconds; this.#second < endS; this.#second++) {
      yield { findings: this.#step() };
    }
  }

  /** Lives on; what was found at the end. */
  settle(seconds: number): { findings: readonly Finding[] } {
    let last: { findings: readonly Finding[] } = { findings: [] };
    for (const each of this.run(seconds)) last = each;
    return last;
  }

  #step(): readonly Finding[] {
    const second = this.#second;
    const ambientC = 24 + 3 * Math.sin(second / 86_400 * 2 * Math.PI);
    for (const source of this.#sources) this.#live(source, second);
    const percent = Math.max(...this.#sources.map(demandOf));
    const airflow = this.#airflow(percent, second) / 100;
    const readings = this.#sources.map((source) => {
      const { spec, load } = source;
      const conductance = spec.stillWPerK + spec.flowWPerK * airflow;
      const goalC = ambientC + (spec.idleW + (spec.fullW - spec.idleW) * load) / conductance;
      source.tempC = goalC +
        (source.tempC - goalC) * Math.exp(-conductance / spec.capacityJPerK);
      return { name: spec.name, tempC: this.#reading(source, ambientC), ageMs: 0 };
    });
    return this.watch.observe(percent, readings, second * 1000);
  }

  /** A load that jumps or creeps, and is none now and then. */
  #live(source: Source, second: number): void {
    const random = this.#random;
    if (second >= source.untilS) {
      source.goal = random() < 0.3 ? 0 : random();
      source.pace = random() < 0.3 ? 1 / (20 + random() * 300) : 1;
      source.untilS = second - Math.log(1 - random()) * 200;
    }
    const change = source.goal - source.load;
    source.load += Math.max(-source.pace, Math.min(source.pace, change));
  }

  #airflow(percent: number, second: number): number {
    if (second >= this.#otherUntilS) {
      this.#otherAir = 20 + this.#random() * 80;
      this.#otherUntilS = second + 30 + this.#random() * 300;
    }
    if (this.fault === "elsewhere") return this.#otherAir;
    return this.fault === "blocked" ? percent * 0.3 : percent;
  }

  #reading({ spec, tempC }: Source, ambientC: number): number {
    const isOff = this.fault === "detached" && spec.name === "cpu";
    const noisyC = (isOff ? ambientC : tempC) + (this.#random() * 2 - 1) * NAS_SHELF.noiseK;
    const quantumK = this.#quantumK;
    return quantumK > 0 ? Math.round(noisyC / quantumK) * quantumK : noisyC;
  }
}

function demandOf({ tempC, fromC, toC }: Source): number {
  return Math.min(100, Math.max(20, 20 + (tempC - fromC) / (toC - fromC) * 80));
}
