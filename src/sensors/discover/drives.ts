/**
 * Drives that smartctl knows and the kernel does not measure.
 *
 * @module
 */
import { blockNameOf, isRotating } from "../drive/kernel_drives.ts";
import type { SensorTools } from "../sensor_tools.ts";
import type { Discovered } from "./machine.ts";

/** Every drive of smartctl's list that is not known yet. */
export async function findDrives(
  tools: SensorTools,
  signal: AbortSignal,
  known: readonly Discovered[],
): Promise<Discovered[]> {
  const found: Discovered[] = [];
  for (const [serial, drive] of await tools.smart.list(signal)) {
    const isKnown = known.some(({ source }) =>
      source.type === "drivetemp" && source.serial === serial
    );
    if (isKnown) continue;
    const block = blockNameOf(tools, drive.name);
    found.push({
      name: block,
      kind: await isRotating(tools, block) ? "hdd" : "ssd",
      source: { type: "smart", serial },
      text: `${drive.name}${drive.type === undefined ? "" : ` (${drive.type})`}`,
    });
  }
  return found;
}
