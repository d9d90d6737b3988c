/**
 * The processor of this machine, whoever made it.
 *
 * @module
 */
import { SensorError } from "../../errors.ts";
import type { HwmonTools } from "./hwmon.ts";
import { describeInputs, type HwmonInput, readHwmon, scanHwmon } from "./hwmon_tree.ts";
import type { Sensor } from "../sensor.ts";

/** The names that drivers of processors give: Intel, AMD, VIA, and the thermal zones of ARM. */
const CPU_CHIP =
  /^(coretemp|k8temp|k10temp|zenpower|via_cputemp|(cpu|soc|bigcore|littlecore|cluster)\w*_thermal)$/;

/** Whether a chip of this name measures a processor. */
export function isCpuChip(chip: string): boolean {
  return CPU_CHIP.test(chip);
}

/** The hottest of all inputs of the processors: packages, dies and cores. */
export class CpuSensor implements Sensor {
  readonly name: string;
  readonly #tools: HwmonTools;
  #found: HwmonInput[] = [];

  constructor(name: string, tools: HwmonTools) {
    this.name = name;
    this.#tools = tools;
  }

  async read(): Promise<number> {
    if (this.#found.length > 0) {
      try {
        return await this.#hottest(this.#found);
      } catch (error) {
        // A core that was taken offline has gone with its input: look again at what is left.
        if (!(error instanceof SensorError)) throw error;
      }
    }
    this.#found = await this.#find();
    return await this.#hottest(this.#found);
  }

  async #hottest(inputs: readonly HwmonInput[]): Promise<number> {
    let hottestC = -Infinity;
    for (const input of inputs) {
      hottestC = Math.max(hottestC, await readHwmon(this.#tools.libc, input));
    }
    return hottestC;
  }

  async #find(): Promise<HwmonInput[]> {
    const { libc, sysfsRoot } = this.#tools;
    const inputs = await scanHwmon(libc, sysfsRoot);
    const found = inputs.filter(({ chip }) => isCpuChip(chip));
    if (found.length > 0) return found;
    throw new SensorError(
      `Cannot find the processor's temperature: this machine has ${describeInputs(inputs)}; ` +
        "load its driver (coretemp or k10temp), or name an input of type hwmon",
    );
  }
}
