/**
 * Temperatures of this machine that a radio agent reports.
 *
 * @module
 */
import type { Clock } from "../../clock.ts";
import type { Log } from "../../log.ts";
import { KERNEL_FILE } from "../../sensors/file.ts";
import { openSensor } from "../../sensors/open_sensor.ts";
import type { Sensor } from "../../sensors/sensor.ts";
import { SensorTools } from "../../sensors/sensor_tools.ts";
import type { TemperatureChoice } from "./command.ts";

/** They are read this often. */
const READ_MS = 5000;
/** What was read before is the past. */
const GOOD_MS = 20_000;

interface Input {
  readonly shelf: string;
  readonly sensor: Sensor;
  tempC: number;
  atMs: number;
  /** What reads it now; null between two readings. */
  reading: Promise<void> | null;
  hasFailed: boolean;
}

/** Reads them again and again until it is closed. */
export class Temperatures implements AsyncDisposable {
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #tools: SensorTools;
  readonly #inputs: readonly Input[];
  readonly #stop = new AbortController();
  #cancel: () => void = () => {};

  constructor(
    choices: readonly TemperatureChoice[],
    { clock, log, sysfsRoot }: { clock: Clock; log: Log; sysfsRoot: string },
  ) {
    this.#clock = clock;
    this.#log = log;
    this.#tools = new SensorTools({ clock, sysfsRoot });
    this.#inputs = choices.map(({ shelf, source }) => ({
      shelf,
      sensor: openSensor({ name: shelf, source: sourceOf(source) }, this.#tools),
      tempC: 0,
      atMs: -Infinity,
      reading: null,
      hasFailed: false,
    }));
    this.#readAll();
  }

  /** What is known now, by shelf; null for what is not. */
  latest(): ReadonlyMap<string, (number | null)[]> {
    const nowMs = this.#clock.monotonicMs();
    const found = new Map<string, (number | null)[]>();
    for (const { shelf, tempC, atMs } of this.#inputs) {
      const known = nowMs - atMs <= GOOD_MS ? tempC : null;
      found.set(shelf, [...found.get(shelf) ?? [], known]);
    }
    return found;
  }

  /** Ends what still reads, and waits for it. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    this.#cancel();
    await Promise.all(this.#inputs.map(({ reading }) => reading));
    for (const { sensor } of this.#inputs) sensor.close?.();
    await this.#tools[Symbol.asyncDispose]();
  }

  #readAll(): void {
    for (const input of this.#inputs) {
      input.reading ??= this.#read(input).finally(() => input.reading = null);
    }
    this.#cancel = this.#clock.after(READ_MS, () => this.#readAll());
  }

  async #read(input: Input): Promise<void> {
    try {
      const found = await input.sensor.read(this.#stop.signal);
      if (typeof found === "number") [input.tempC, input.atMs] = [found, this.#clock.monotonicMs()];
      input.hasFailed = false;
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      if (!input.hasFailed && !this.#stop.signal.aborted) this.#log.warn(message);
      input.hasFailed = true;
    }
  }
}

function sourceOf(source: TemperatureChoice["source"]) {
  if (source === "cpu") return { type: "cpu" } as const;
  // The kernel counts in thousandths.
  const scale = KERNEL_FILE.test(source.path) ? 0.001 : 1;
  return { type: "file", path: source.path, scale } as const;
}
