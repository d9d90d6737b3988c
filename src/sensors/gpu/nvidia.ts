/**
 * A graphics processor of NVIDIA, by what its own driver's program tells.
 *
 * @module
 */
import { SensorError } from "../../errors.ts";
import type { Libc } from "../../libc/libc.ts";
import type { Sensor } from "../sensor.ts";
import type { NvidiaSource } from "../sensor_source.ts";
import { parseReading } from "../reading.ts";
import { describeGpu, pickGpu } from "./nvidia_report.ts";
import type { NvidiaTool } from "./nvidia_tool.ts";
import { isSuspended } from "./pci.ts";

/** What NVIDIA sensors work with. */
export interface NvidiaTools {
  nvidia: NvidiaTool;
  libc: Libc;
  sysfsRoot: string;
}

/** Reads one GPU out of the run that all share. */
export class NvidiaSensor implements Sensor {
  readonly name: string;
  readonly #source: NvidiaSource;
  readonly #tools: NvidiaTools;
  /** Where it was seen: a GPU that is switched off is not asked, because that wakes it. */
  #pci: string | null;

  constructor(name: string, source: NvidiaSource, tools: NvidiaTools) {
    this.name = name;
    this.#source = source;
    this.#tools = tools;
    this.#pci = source.pci ?? null;
    if (source.reads === "memory") tools.nvidia.wantMemory();
  }

  async read(signal: AbortSignal): Promise<number | "asleep"> {
    if (this.#pci !== null && await isSuspended(this.#tools, this.#pci)) return "asleep";
    const gpu = pickGpu(await this.#tools.nvidia.list(signal), this.#source);
    this.#pci = gpu.pci;
    const { reads } = this.#source;
    const told = gpu.told[reads];
    if (/^\[?N\/A\]?$|Not Supported/i.test(told)) {
      throw new SensorError(
        `Cannot read ${reads} of GPU ${describeGpu(gpu)}: nvidia-smi tells none for this card; ` +
          "leave it out",
      );
    }
    return parseReading(told, `${reads} of GPU ${describeGpu(gpu)}`);
  }
}
