/**
 * A temperature input of the kernel.
 *
 * @module
 */
import { SensorError } from "../../errors.ts";
import type { Libc } from "../../libc/libc.ts";
import {
  describeInputs,
  type HwmonInput,
  matchesSource,
  readHwmon,
  scanHwmon,
} from "./hwmon_tree.ts";
import type { Sensor } from "../sensor.ts";
import type { HwmonSource } from "../sensor_source.ts";

/** What hwmon sensors work with. */
export interface HwmonTools {
  libc: Libc;
  /** `/sys`, or a copy of it. */
  sysfsRoot: string;
}

/** Reads one input, and looks for it again whenever it could not be read. */
export class HwmonSensor implements Sensor {
  readonly name: string;
  readonly #source: HwmonSource;
  readonly #tools: HwmonTools;
  #found: HwmonInput | null = null;

  constructor(name: string, source: HwmonSource, tools: HwmonTools) {
    this.name = name;
    this.#source = source;
    this.#tools = tools;
  }

  async read(): Promise<number> {
    const { libc, sysfsRoot } = this.#tools;
    const input = this.#found ?? pickInput(await scanHwmon(libc, sysfsRoot), this.#source);
    this.#found = null;
    const tempC = await readHwmon(libc, input);
    this.#found = input;
    return tempC;
  }
}

/**
 * The one input that `source` means.
 *
 * @throws {SensorError} when none matches or several do, listing what there is
 */
export function pickInput(inputs: readonly HwmonInput[], source: HwmonSource): HwmonInput {
  const hits = inputs.filter((input) => matchesSource(input, source));
  const [hit] = hits;
  if (hit && hits.length === 1) return hit;
  const wanted = describeSource(source);
  if (!hit) {
    throw new SensorError(
      `Cannot find a temperature input with ${wanted}: this machine has ` +
        `${describeInputs(inputs)}; name one of these, or load its driver`,
    );
  }
  throw new SensorError(
    `Cannot tell which temperature input is meant by ${wanted}: ${hits.length} match, ` +
      `${describeInputs(hits)}; add the label, input or device of one`,
  );
}

function describeSource(source: HwmonSource): string {
  const { chip, label, device, input } = source;
  return Object.entries({ chip, label, device, input })
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${key} ${JSON.stringify(value)}`).join(", ");
}
