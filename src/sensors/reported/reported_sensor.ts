/**
 * Sensors of what is reported: pushed by a client, or measured by a fan board.
 *
 * @module
 */
import type { Clock } from "../../clock.ts";
import type { Sensor } from "../sensor.ts";
import { boardInputKey, type ReportedReadings, type Reports } from "./reported_readings.ts";

/** What these sensors work with. */
export interface ReportTools {
  clock: Clock;
  reports: Reports;
}

/** What clients push for the sensor of this name. */
export function pushedSensor(name: string, { reports, clock }: ReportTools): Sensor {
  return new ReportedSensor(name, reports.pushed, name, `sensor "${name}"`, clock);
}

/** A thermistor of a board. */
export function boardInputSensor(
  name: string,
  { board, input }: { board: string; input: number },
  { reports, clock }: ReportTools,
): Sensor {
  const what = `input ${input} of board "${board}"`;
  return new ReportedSensor(name, reports.boards, boardInputKey(board, input), what, clock);
}

class ReportedSensor implements Sensor {
  readonly name: string;
  readonly #readings: ReportedReadings;
  readonly #key: string;
  readonly #what: string;
  readonly #clock: Clock;

  constructor(name: string, readings: ReportedReadings, key: string, what: string, clock: Clock) {
    this.name = name;
    this.#readings = readings;
    this.#key = key;
    this.#what = what;
    this.#clock = clock;
  }

  // deno-lint-ignore require-await -- a failure must be a rejection, as with every sensor
  async read(): Promise<number> {
    return this.#readings.read(this.#key, this.#what, this.#clock.monotonicMs());
  }
}
