/**
 * A temperature of a thermal plant.
 *
 * @module
 */
import { SensorError } from "../../errors.ts";
import type { Sensor } from "../sensor.ts";

/** Something with temperatures (°C) by name; undefined for a name that it does not know. */
export interface SimulatedPlant {
  read(source: string): number | undefined;
}

/** Reads one heat source of a plant. */
export class SimulatedSensor implements Sensor {
  readonly name: string;
  readonly #plant: string;
  readonly #source: string;
  readonly #plants: ReadonlyMap<string, SimulatedPlant>;

  constructor(
    name: string,
    plant: string,
    source: string,
    plants: ReadonlyMap<string, SimulatedPlant>,
  ) {
    this.name = name;
    this.#plant = plant;
    this.#source = source;
    this.#plants = plants;
  }

  // deno-lint-ignore require-await -- a failure must be a rejection, as with every sensor
  async read(): Promise<number> {
    const tempC = this.#plants.get(this.#plant)?.read(this.#source);
    if (tempC !== undefined) return tempC;
    throw new SensorError(
      `Cannot read "${this.#source}" of plant "${this.#plant}": there is no such thing; ` +
        "check both names",
    );
  }
}
