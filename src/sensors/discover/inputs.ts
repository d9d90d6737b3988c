/**
 * What the kernel measures: processors, drives, graphics cards and whatever boards have.
 *
 * @module
 */
import { blockNames, devicePath, storedSerial } from "../drive/kernel_drives.ts";
import { AMDGPU_CHIP, nameOf, pciOf } from "../gpu/amdgpu.ts";
import { isCpuChip } from "../hwmon/cpu.ts";
import { describeInputs } from "../hwmon/hwmon_tree.ts";
import type { AmdgpuSource } from "../sensor_source.ts";
import type { SensorTools } from "../sensor_tools.ts";
import { discoverInputs, type FoundInput } from "./hwmon_inputs.ts";
import type { Discovered } from "./machine.ts";

/**
 * Everything that the kernel measures, each once and by what stays the same.
 *
 * @throws {LibcError} when there is no such tree as that of /sys at all
 */
export async function findInputs(tools: SensorTools): Promise<Discovered[]> {
  // A tree that is not there must not pass for a machine that measures nothing.
  tools.libc.listDirectory(tools.sysfsRoot);
  const inputs = await discoverInputs(tools);
  const processors = inputs.filter(({ input }) => isCpuChip(input.chip));
  const drives = await drivesOf(tools, inputs);
  const others = inputs.filter((each) => !processors.includes(each))
    .map((each) => drives.get(each) ?? gpuOf(each) ?? plain(each));
  if (processors.length === 0) return others;
  const text = `the hottest of ${describeInputs(processors.map(({ input }) => input))}`;
  return [{ name: "cpu", kind: "cpu", source: { type: "cpu" }, text }, ...others];
}

/** The drives among the inputs, by the serial numbers that the kernel has kept. */
async function drivesOf(
  tools: SensorTools,
  inputs: readonly FoundInput[],
): Promise<Map<FoundInput, Discovered>> {
  const drives = new Map<FoundInput, Discovered>();
  for (const block of blockNames(tools)) {
    const device = devicePath(tools, block);
    // Of an NVMe drive's inputs the first is the whole; the others are told as they are.
    const found = inputs.find(({ input }) =>
      input.device === device && input.input === 1 && /^(drivetemp|nvme)$/.test(input.chip)
    );
    const serial = found && await storedSerial(tools, block);
    if (!found || !serial) continue;
    drives.set(found, {
      name: block,
      kind: found.kind,
      source: { type: "drivetemp", serial },
      text: `${block}, ${found.text}`,
    });
  }
  return drives;
}

function gpuOf({ input, text }: FoundInput): Discovered | null {
  const reads = nameOf(input);
  if (input.chip !== AMDGPU_CHIP || !isReading(reads)) return null;
  const source: AmdgpuSource = { type: "amdgpu", pci: pciOf(input), reads };
  return { name: `gpu ${reads}`, kind: "other", source, text };
}

function isReading(name: string | null): name is AmdgpuSource["reads"] {
  return name === "edge" || name === "junction" || name === "mem";
}

function plain({ kind, source, text, input }: FoundInput): Discovered {
  return { name: `${input.chip} ${input.label ?? input.input}`, kind, source, text };
}
