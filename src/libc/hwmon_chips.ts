/**
 * The chips that the kernel has under /sys/class/hwmon. Their numbers there (`hwmon3`) change from
 * one boot to the next, so a chip is known by its name and its device.
 *
 * @module
 */
import { type Libc, LibcError } from "./libc.ts";

/** What is needed of the C library to read a tree like /sys. */
export type TreeReader = Pick<Libc, "readFile" | "listDirectory" | "realPath">;

/** One chip. */
export interface HwmonChip {
  /** Its name: `nct6775`. */
  readonly chip: string;
  /** The device's path below /sys: `devices/platform/nct6775.656`. */
  readonly device: string;
  /** The directory that holds its attributes, every link followed. */
  readonly directory: string;
  /** The names of its attributes. */
  readonly attributes: ReadonlySet<string>;
}

/** An attribute is a page at most. */
const MAX_ATTRIBUTE_BYTES = 4096;
const ENOENT = 2;

/** Every chip of this machine, in a steady order; none when there is no hwmon. */
export async function scanChips(tree: TreeReader, sysfsRoot: string): Promise<HwmonChip[]> {
  const chips: HwmonChip[] = [];
  for (const name of listOrNone(tree, `${sysfsRoot}/class/hwmon`)) {
    try {
      chips.push(await scanChip(tree, sysfsRoot, `${sysfsRoot}/class/hwmon/${name}`));
    } catch (error) {
      // A chip that goes while it is looked at is not there.
      if (!(error instanceof LibcError)) throw error;
    }
  }
  return chips.sort((one, other) => one.device < other.device ? -1 : 1);
}

/** What an attribute holds, without the end of its line. @throws {LibcError} */
export async function readAttribute(tree: TreeReader, path: string): Promise<string> {
  return new TextDecoder().decode(await tree.readFile(path, MAX_ATTRIBUTE_BYTES)).trim();
}

/** Whether `part` means a device: directories of its path, or of its stable one, in a row. */
export function isDevice(device: string, part: string): boolean {
  const inner = part.replace(/^\/sys\//, "").replace(/^\/+|\/+$/g, "");
  return [device, stablePath(device)].some((path) => `/${path}/`.includes(`/${inner}/`));
}

/**
 * A device's path without the numbers that the kernel gives in the order in which it finds things:
 * those of NVMe controllers, of I2C buses (`i2c-0/0-0018` becomes `i2c/0018`) and of devices that
 * are plugged in as keyboards are. What is left stays the same after another boot.
 */
export function stablePath(device: string): string {
  return unnumberedPath(device).replace(/\/nvme\/nvme\d+$/, "")
    .replace(/i2c-\d+\/\d+-([\da-f]{4})$/, "i2c/$1");
}

/**
 * A device's path without the number that it gets whenever it is plugged in as keyboards are: what
 * is left is the same for the same socket, and different for any two devices of one moment.
 */
export function unnumberedPath(device: string): string {
  return device.replace(/\/[\dA-F]{4}:[\dA-F]{4}:[\dA-F]{4}\.[\dA-F]{4}$/, "");
}

async function scanChip(tree: TreeReader, sysfsRoot: string, link: string): Promise<HwmonChip> {
  const root = tree.realPath(sysfsRoot);
  const own = tree.realPath(link);
  const names = new Set(tree.listDirectory(own));
  const device = names.has("device")
    ? tree.realPath(`${own}/device`)
    : own.replace(/\/hwmon\/hwmon\d+$/, "");
  // Drivers of the old kind keep their attributes with the device.
  const directory = names.has("name") ? own : device;
  return {
    chip: await readAttribute(tree, `${directory}/name`),
    device: device.startsWith(`${root}/`) ? device.slice(root.length + 1) : device,
    directory,
    attributes: directory === own ? names : new Set(tree.listDirectory(directory)),
  };
}

function listOrNone(tree: TreeReader, path: string): string[] {
  try {
    return tree.listDirectory(path);
  } catch (error) {
    if (error instanceof LibcError && error.errno === ENOENT) return [];
    throw error;
  }
}
