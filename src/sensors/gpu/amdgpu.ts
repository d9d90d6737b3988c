/**
 * A graphics processor of AMD, by the temperatures of the kernel's driver.
 *
 * @module
 */
import { SensorError } from "../../errors.ts";
import type { HwmonTools } from "../hwmon/hwmon.ts";
import { describeInputs, type HwmonInput, readHwmon, scanHwmon } from "../hwmon/hwmon_tree.ts";
import type { Sensor } from "../sensor.ts";
import type { AmdgpuSource } from "../sensor_source.ts";
import { isSuspended } from "./pci.ts";

/** The name of the driver and of its chips. */
export const AMDGPU_CHIP = "amdgpu";

/** Reads one temperature of one GPU; one that is switched off is left so. */
export class AmdgpuSensor implements Sensor {
  readonly name: string;
  readonly #source: AmdgpuSource;
  readonly #tools: HwmonTools;
  #found: HwmonInput | null = null;

  constructor(name: string, source: AmdgpuSource, tools: HwmonTools) {
    this.name = name;
    this.#source = source;
    this.#tools = tools;
  }

  async read(): Promise<number | "asleep"> {
    const { libc, sysfsRoot } = this.#tools;
    const input = this.#found ?? this.#pick(await scanHwmon(libc, sysfsRoot));
    this.#found = null;
    if (await isSuspended(this.#tools, pciOf(input))) return "asleep";
    const tempC = await readHwmon(libc, input);
    this.#found = input;
    return tempC;
  }

  #pick(all: readonly HwmonInput[]): HwmonInput {
    const { pci, reads } = this.#source;
    const cards = all.filter(({ chip }) => chip === AMDGPU_CHIP);
    const hits = cards.filter((input) =>
      (pci === undefined || pciOf(input) === pci) && nameOf(input) === reads
    );
    const [hit] = hits;
    if (hit && hits.length === 1) return hit;
    const wanted = `"${reads}" of an AMD GPU${pci === undefined ? "" : ` at ${pci}`}`;
    if (!hit) {
      throw new SensorError(
        `Cannot find ${wanted}: this machine has ${describeInputs(cards)}; name one of these, ` +
          "or load the driver amdgpu",
      );
    }
    throw new SensorError(
      `Cannot tell which is meant by ${wanted}: ${hits.length} match, ${describeInputs(hits)}; ` +
        "add the pci address of one",
    );
  }
}

/** The PCI address of a GPU's input: the last directory of its device. */
export function pciOf({ device }: HwmonInput): string {
  return device.slice(device.lastIndexOf("/") + 1);
}

/** What an input measures. Before Linux 5.2 there was one, without a label. */
export function nameOf({ label, input }: HwmonInput): string | null {
  return label ?? (input === 1 ? "edge" : null);
}
