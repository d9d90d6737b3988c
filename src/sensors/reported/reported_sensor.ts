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

/** What clients push for the sensor of this name; none of it is good for longer than `maxTtlMs`. */
export function pushedSensor(
  name: string,
  maxTtlMs: number,
  { reports, clock }: ReportTools,
): Sensor {
  const readings = { from: reports.pushed, key: name, maxTtlMs };
  return new ReportedSensor(name, readings, `sensor "${name}"`, clock);
}

/** A thermistor of a board. */
export function boardInputSensor(
  name: string,
  { board, input }: { board: string; input: number },
  { reports, clock }: ReportTools,
): Sensor {
  const what = `input ${input} of board "${board}"`;
  const readings = { from: reports.boards, key: boardInputKey(board, input), maxTtlMs: Infinity };
  return new ReportedSensor(name, readings, what, clock);
}

/** Which of the reports a sensor takes, and for how long. */
interface Wanted {
  readonly from: ReportedReadings;
  readonly key: string;
  readonly maxTtlMs: number;
}

class ReportedSensor implements Sensor {
  readonly name: string;
  readonly #wanted: Wanted;
  readonly #what: string;
  readonly #clock: Clock;

  constructor(name: string, wanted: Wanted, what: string, clock: Clock) {
    this.name = name;
    this.#wanted = wanted;
    this.#what = what;
    this.#clock = clock;
  }

  // deno-lint-ignore require-await -- a failure must be a rejection, as with every sensor
  async read(): Promise<number> {
    const { from, key, maxTtlMs } = this.#wanted;
    return from.read(key, this.#what, this.#clock.monotonicMs(), maxTtlMs);
  }
}
