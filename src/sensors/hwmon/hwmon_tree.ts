/**
 * The kernel's temperature inputs under /sys/class/hwmon. The numbers there (`hwmon3`) change
 * from one boot to the next, so an input is known by its chip's name, its device and its label.
 *
 * @module
 */
import { SensorError } from "../../errors.ts";
import { type Libc, LibcError } from "../../libc/libc.ts";
import { parseReading } from "../reading.ts";
import type { HwmonSource } from "../sensor_source.ts";

/** An attribute is a page at most; a temperature is far less. */
const MAX_ATTRIBUTE_BYTES = 4096;
const ENOENT = 2;
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
  for (const name of listOrNone(libc, `${sysfsRoot}/class/hwmon`)) {
    try {
      inputs.push(...await scanChip(libc, sysfsRoot, `${sysfsRoot}/class/hwmon/${name}`));
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
    (source.device === undefined || isOnPath(input.device, source.device) ||
      isOnPath(stablePath(input.device), source.device));
}

/**
 * A device's path without the numbers that the kernel gives in the order in which it finds things:
 * those of NVMe controllers, of I2C buses (`i2c-0/0-0018` becomes `i2c/0018`) and of devices that
 * are plugged in as keyboards are. What is left stays the same after another boot.
 */
export function stablePath(device: string): string {
  return device.replace(/\/nvme\/nvme\d+$/, "")
    .replace(/i2c-\d+\/\d+-([\da-f]{4})$/, "i2c/$1")
    .replace(/\/[\dA-F]{4}:[\dA-F]{4}:[\dA-F]{4}\.[\dA-F]{4}$/, "");
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

/** Whether the directories of `part` stand in `path` in a row. */
function isOnPath(path: string, part: string): boolean {
  const inner = part.replace(/^\/sys\//, "").replace(/^\/+|\/+$/g, "");
  return `/${path}/`.includes(`/${inner}/`);
}

async function scanChip(libc: Libc, sysfsRoot: string, link: string): Promise<HwmonInput[]> {
  const directory = libc.realPath(link);
  const names = new Set(libc.listDirectory(directory));
  const device = names.has("device") ? libc.realPath(`${directory}/device`) : null;
  // Drivers of the old kind keep their attributes with the device.
  if (!names.has("name") && device !== null) {
    return await scanInputs(libc, sysfsRoot, device, device);
  }
  const owner = device ?? directory.replace(/\/hwmon\/hwmon\d+$/, "");
  return await scanInputs(libc, sysfsRoot, directory, owner);
}

async function scanInputs(
  libc: Libc,
  sysfsRoot: string,
  directory: string,
  device: string,
): Promise<HwmonInput[]> {
  const names = new Set(libc.listDirectory(directory));
  const chip = await readAttribute(libc, `${directory}/name`);
  const root = libc.realPath(sysfsRoot);
  const inputs: HwmonInput[] = [];
  for (const name of names) {
    const input = /^temp(\d+)_input$/.exec(name)?.[1];
    if (input === undefined) continue;
    const label = names.has(`temp${input}_label`)
      ? await readAttribute(libc, `${directory}/temp${input}_label`)
      : null;
    inputs.push({
      chip,
      device: device.startsWith(`${root}/`) ? device.slice(root.length + 1) : device,
      input: Number(input),
      label,
      directory,
      tellsFault: names.has(`temp${input}_fault`),
    });
  }
  return inputs;
}

async function readAttribute(libc: Libc, path: string): Promise<string> {
  return new TextDecoder().decode(await libc.readFile(path, MAX_ATTRIBUTE_BYTES)).trim();
}

function listOrNone(libc: Libc, path: string): string[] {
  try {
    return libc.listDirectory(path);
  } catch (error) {
    if (error instanceof LibcError && error.errno === ENOENT) return [];
    throw error;
  }
}
