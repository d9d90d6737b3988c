/**
 * A sensor that is configured and cannot exist here: it fails, for absent it must not seem.
 *
 * @module
 */
import { SensorError } from "../errors.ts";
import type { Sensor } from "./sensor.ts";

/** Never has a reading. */
export class MissingSensor implements Sensor {
  readonly name: string;
  readonly #reason: string;

  constructor(name: string, reason: string) {
    this.name = name;
    this.#reason = reason;
  }

  read(): Promise<never> {
    return Promise.reject(new SensorError(this.#reason));
  }
}
