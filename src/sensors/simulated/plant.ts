/**
 * A shelf of things that get warm, for where no hardware is: each source makes heat by its load
 * and loses it to the air that the fans move. Pure and seeded: the same steps give the same
 * temperatures.
 *
 * @module
 */
import { seededRandom } from "../../seeded_random.ts";

/** Load over time: `[second, load 0..1]` in order, linear between, repeated after the last. */
export type LoadSchedule = readonly (readonly [second: number, load: number])[];

/** One thing that gets warm. */
export interface HeatSource {
  readonly name: string;
  /** A constant 0..1, or a schedule. */
  readonly load: number | LoadSchedule;
  /** Heat at no load, in watts. */
  readonly idleW: number;
  /** Heat at full load, in watts. */
  readonly fullW: number;
  /** Heat that one degree takes up, in joules per kelvin. */
  readonly capacityJPerK: number;
  /** Conductance to the air with standing fans, in watts per kelvin. */
  readonly stillWPerK: number;
  /** What full air flow adds to it, in watts per kelvin. */
  readonly flowWPerK: number;
}

/** What a plant consists of. */
export interface PlantSpec {
  readonly sources: readonly HeatSource[];
  /** The air outside, in °C. */
  readonly ambientC: number;
  /** Reading noise: a reading is off by up to this much either way, in kelvin. */
  readonly noiseK: number;
}

/**
 * A small NAS with a lively load: over one 60 s round and with fans that follow, the processor
 * moves between about 40 and 67 °C and the disk between 37 and 43 °C. With fans held at 20 % and
 * full load both become critical (133 and 72 °C in the end); at 100 % both stay well below.
 */
export const NAS_SHELF: PlantSpec = {
  ambientC: 24,
  noiseK: 0.15,
  sources: [
    {
      name: "cpu",
      load: [[0, 0.15], [8, 0.15], [10, 1], [32, 1], [36, 0.15], [60, 0.15]],
      idleW: 8,
      fullW: 70,
      capacityJPerK: 9,
      stillWPerK: 0.35,
      flowWPerK: 1.45,
    },
    {
      name: "hdd",
      load: [[0, 0.2], [8, 0.2], [12, 1], [34, 1], [40, 0.2], [60, 0.2]],
      idleW: 3,
      fullW: 10.5,
      capacityJPerK: 6,
      stillWPerK: 0.12,
      flowWPerK: 0.5,
    },
  ],
};

/** The temperature of a source at rest under constant load (0..1) and air flow (0..1), in °C. */
export function steadyTempC(
  source: HeatSource,
  ambientC: number,
  load: number,
  airflow: number,
): number {
  return ambientC + heatW(source, load) / conductanceWPerK(source, airflow);
}

/** The load that a schedule or a constant asks for at a time, 0..1. */
export function loadAt(load: number | LoadSchedule, second: number): number {
  if (typeof load === "number") return load;
  const last = load.at(-1);
  if (!last) return 0;
  const at = last[0] > 0 ? second % last[0] : 0;
  const after = load.findIndex(([time]) => time >= at);
  const [time1, load1] = load[after] ?? last;
  const [time0, load0] = load[after - 1] ?? [time1, load1];
  return time1 === time0 ? load1 : load0 + (load1 - load0) * (at - time0) / (time1 - time0);
}

/** The sources of a {@link PlantSpec}, moved on by {@link Plant.step}. */
export class Plant {
  readonly spec: PlantSpec;
  readonly #temps: Map<string, number>;
  #elapsedMs = 0;
  readonly #random: () => number;

  /** @param seed any integer; it decides the noise and nothing else. */
  constructor(spec: PlantSpec = NAS_SHELF, seed = 1) {
    this.spec = spec;
    this.#random = seededRandom(seed);
    this.#temps = new Map(spec.sources.map((source) => [
      source.name,
      steadyTempC(source, spec.ambientC, loadAt(source.load, 0), 0.5),
    ]));
  }

  /** The names of the sources, in order. */
  get sources(): string[] {
    return [...this.#temps.keys()];
  }

  /** How long the plant has run, in milliseconds. */
  get elapsedMs(): number {
    return this.#elapsedMs;
  }

  /**
   * Moves every source on by `dtMs` milliseconds.
   * @param airflow 0 (standing fans) to 1 (full speed); what is outside counts as the limit
   */
  step(dtMs: number, airflow: number): void {
    const flow = Math.min(1, Math.max(0, airflow));
    const load = (source: HeatSource) => loadAt(source.load, (this.#elapsedMs + dtMs / 2) / 1000);
    for (const source of this.spec.sources) {
      const goalC = steadyTempC(source, this.spec.ambientC, load(source), flow);
      const timeConstantS = source.capacityJPerK / conductanceWPerK(source, flow);
      const decay = Math.exp(-dtMs / 1000 / timeConstantS);
      const tempC = this.#temps.get(source.name) ?? goalC;
      this.#temps.set(source.name, goalC + (tempC - goalC) * decay);
    }
    this.#elapsedMs += dtMs;
  }

  /** The load of a source now, 0..1; `undefined` when there is no such source. */
  load(name: string): number | undefined {
    const source = this.spec.sources.find((candidate) => candidate.name === name);
    return source && loadAt(source.load, this.#elapsedMs / 1000);
  }

  /**
   * A reading of a source in °C with its noise; each call draws new noise. `undefined` when there
   * is no such source.
   */
  read(name: string): number | undefined {
    const tempC = this.#temps.get(name);
    return tempC === undefined ? undefined : tempC + (this.#random() * 2 - 1) * this.spec.noiseK;
  }
}

function heatW(source: HeatSource, load: number): number {
  return source.idleW + (source.fullW - source.idleW) * load;
}

function conductanceWPerK(source: HeatSource, airflow: number): number {
  return source.stillWPerK + source.flowWPerK * airflow;
}
