/**
 * What `nvidia-smi --query-gpu=… --format=csv,noheader,nounits` prints. Pure.
 *
 * @module
 */
import { SensorError } from "../../errors.ts";
import { excerpt } from "../reading.ts";
import type { NvidiaSource } from "../sensor_source.ts";
import { pciAddress } from "./pci.ts";

/** What is asked of every GPU, in this order; the last only when somebody wants it. */
export const NVIDIA_FIELDS = ["index", "uuid", "pci.bus_id", "name", "temperature.gpu"] as const;
/** Older drivers do not know it, and then refuse the whole question. */
export const NVIDIA_MEMORY_FIELD = "temperature.memory";

/** One GPU as nvidia-smi saw it. */
export interface NvidiaGpu {
  /** Counted from 0 in the order of the bus; changes when a card is added. */
  index: number;
  /** `GPU-` and a UUID: stays with the card. */
  uuid: string;
  /** `0000:09:00.0`: stays with the slot. */
  pci: string | null;
  name: string;
  /** What stands in the place of each temperature: a number, or why there is none. */
  told: { gpu: string; memory: string };
}

/**
 * Reads the list of all GPUs.
 *
 * @throws {SensorError} when nvidia-smi failed or a line has too few columns
 */
export function parseNvidia(
  { code, stdout, stderr }: { code: number; stdout: string; stderr: string },
): NvidiaGpu[] {
  if (code !== 0) {
    // It says what is wrong on its standard output.
    const said = stdout.trim() || stderr.trim();
    throw new SensorError(
      `Cannot use nvidia-smi: it ended with ${code} and said ${excerpt(said)}; run it by hand`,
    );
  }
  return stdout.split("\n").filter((line) => line.trim() !== "").map(parseLine);
}

function parseLine(line: string): NvidiaGpu {
  const cells = line.split(",").map((cell) => cell.trim());
  // A name may have commas in it; what stands before and after has not.
  const name = cells.slice(3, cells.length - 2).join(", ");
  const [index = "", uuid = "", bus = ""] = cells;
  const [gpu, memory] = cells.slice(-2);
  if (!/^\d+$/.test(index) || name === "" || gpu === undefined || memory === undefined) {
    throw new SensorError(
      `Cannot understand nvidia-smi: it printed ${excerpt(line)}; run it by hand`,
    );
  }
  return { index: Number(index), uuid, pci: pciAddress(bus), name, told: { gpu, memory } };
}

/**
 * The one GPU that `source` means.
 *
 * @throws {SensorError} when there is none, listing those that there are
 */
export function pickGpu(gpus: readonly NvidiaGpu[], source: NvidiaSource): NvidiaGpu {
  const { uuid, pci, index } = source;
  const gpu = gpus.find((gpu) =>
    (uuid === undefined || gpu.uuid === uuid) && (pci === undefined || gpu.pci === pci) &&
    (index === undefined || gpu.index === index)
  );
  if (gpu) return gpu;
  const wanted = Object.entries({ uuid, pci, index }).filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${key} ${JSON.stringify(value)}`).join(", ");
  throw new SensorError(
    `Cannot find the NVIDIA GPU with ${wanted}: this machine has ${
      gpus.map(describeGpu).join(", ") || "none"
    }; name one of these`,
  );
}

/** A GPU in words. */
export function describeGpu({ index, uuid, pci, name }: NvidiaGpu): string {
  return `${index} ${JSON.stringify(name)} ${uuid} at ${pci ?? "an unknown place"}`;
}
