/**
 * Graphics cards of NVIDIA.
 *
 * @module
 */
import { describeGpu } from "../gpu/nvidia_report.ts";
import type { SensorTools } from "../sensor_tools.ts";
import type { Discovered } from "./machine.ts";

/** Every card that nvidia-smi lists. */
export async function findGpus(tools: SensorTools, signal: AbortSignal): Promise<Discovered[]> {
  const gpus = await tools.nvidia.list(signal);
  return gpus.map((gpu) => ({
    name: "gpu",
    kind: "other",
    source: { type: "nvidia", uuid: gpu.uuid, reads: "gpu" },
    text: `NVIDIA GPU ${describeGpu(gpu)}`,
  }));
}
