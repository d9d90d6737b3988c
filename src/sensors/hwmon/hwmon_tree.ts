/**
 * The kernel's temperature inputs under /sys/class/hwmon. The numbers there (`hwmon3`) change
 * from one boot to the next, so an input is known by its chip's name, its device and its label.
 *
 * @module
 */
import { SensorError } from "../../errors.ts";
import { type HwmonChip, isDevice, readAttribute, scanChips } from "../../libc/hwmon_chips.ts";
import { type Libc, LibcError } from "../../libc/libc.ts";
import { parseReading } from "../reading.ts";
import type { HwmonSource } from "../sensor_source.ts";

export { stablePath } from "../../libc/hwmon_chips.ts";

const MAX_LISTED = 12;

/** One `tempN_input` of the kernel. */
export interface HwmonInput {
  /** The chip's name: `coretemp`. */
  chip: string;
  /** The device's path below /sys: `devices/platform/coretemp.0`. */
  device: string;
  /** N of `tempN_input`. */
  input: number;
  /** What the driver calls it; null when it says nothing. */
  label: string | null;
  /** The directory that holds it, every link followed: no other device is ever found there. */
  directory: string;
  /** Whether the driver tells when the sensor itself is broken. */
  tellsFault: boolean;
}

/** Every temperature input of this machine, in a steady order; none when there is no hwmon. */
export async function scanHwmon(libc: Libc, sysfsRoot: string): Promise<HwmonInput[]> {
  const inputs: HwmonInput[] = [];
  for (const chip of await scanChips(libc, sysfsRoot)) {
    try {
      inputs.push(...await inputsOf(libc, chip));
    } catch (error) {
      // A chip that goes while it is looked at is not there.
      if (!(error instanceof LibcError)) throw error;
    }
  }
  return inputs.sort((a, b) => a.device.localeCompare(b.device) || a.input - b.input);
}

/**
 * The temperature (°C) of one input.
 *
 * @throws {SensorError} when it cannot be read, or the driver says that the sensor is broken
 */
export async function readHwmon(libc: Libc, input: HwmonInput): Promise<number> {
  const { directory } = input;
  try {
    if (input.tellsFault) {
      const fault = await readAttribute(libc, `${directory}/temp${input.input}_fault`);
      if (fault !== "0") {
        throw new SensorError(
          `Cannot read ${describeInput(input)}: the chip reports a fault; check its wiring`,
        );
      }
    }
    const text = await readAttribute(libc, `${directory}/temp${input.input}_input`);
    return parseReading(text, describeInput(input)) / 1000;
  } catch (error) {
    if (!(error instanceof LibcError)) throw error;
    throw new SensorError(error.message, { cause: error });
  }
}

/** Whether `input` is what `source` asks for. */
export function matchesSource(input: HwmonInput, source: HwmonSource): boolean {
  return (source.chip === undefined || source.chip === input.chip) &&
    (source.label === undefined || source.label === input.label) &&
    (source.input === undefined || source.input === input.input) &&
    (source.device === undefined || isDevice(input.device, source.device));
}

/** An input in words: `nct6775 temp2 "CPUTIN" at devices/platform/nct6775.656`. */
export function describeInput(input: HwmonInput): string {
  const label = input.label === null ? "" : ` "${input.label}"`;
  return `${input.chip} temp${input.input}${label} at ${input.device}`;
}

/** Some inputs in words, as many as anybody reads. */
export function describeInputs(inputs: readonly HwmonInput[]): string {
  if (inputs.length === 0) return "none";
  const more = inputs.length > MAX_LISTED ? `, and ${inputs.length - MAX_LISTED} more` : "";
  return inputs.slice(0, MAX_LISTED).map(describeInput).join(", ") + more;
}

async function inputsOf(
  libc: Libc,
  { chip, device, directory, attributes }: HwmonChip,
): Promise<HwmonInput[]> {
  const inputs: HwmonInput[] = [];
  for (const name of attributes) {
    const input = /^temp(\d+)_input$/.exec(name)?.[1];
    if (input === undefined) continue;
    const label = attributes.has(`temp${input}_label`)
      ? await readAttribute(libc, `${directory}/temp${input}_label`)
      : null;
    const tellsFault = attributes.has(`temp${input}_fault`);
    inputs.push({ chip, device, input: Number(input), label, directory, tellsFault });
  }
  return inputs;
}
