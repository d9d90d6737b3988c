/**
 * What the kernel knows of drives without asking them.
 *
 * @module
 */
import { FandError } from "../../errors.ts";
import type { HwmonTools } from "../hwmon/hwmon.ts";

const MAX_ATTRIBUTE_BYTES = 256;

/** The names of all block devices: `sda`, `nvme0n1`. */
export function blockNames({ libc, sysfsRoot }: HwmonTools): string[] {
  return orNull(() => libc.listDirectory(`${sysfsRoot}/block`))?.sort() ?? [];
}

/**
 * The name under which the kernel has a device: `sda` for `/dev/sda` and for every link to it, such
 * as those in `/dev/disk/by-id`.
 */
export function blockNameOf({ libc }: HwmonTools, device: string): string {
  const path = orNull(() => libc.realPath(device)) ?? device;
  return path.slice(path.lastIndexOf("/") + 1);
}

/**
 * The serial number that the kernel has kept since it found the drive; null when it has none. A
 * drive that sleeps tells smartctl nothing, and must be found all the same.
 */
export async function storedSerial(tools: HwmonTools, block: string): Promise<string | null> {
  const { libc } = tools;
  const device = deviceOf(tools, block);
  const page = await read(() => libc.readFile(`${device}/vpd_pg80`, MAX_ATTRIBUTE_BYTES));
  // A SCSI vital product data page: four bytes of header, then the number in ASCII.
  if (page) return new TextDecoder().decode(page.subarray(4)).trim();
  const text = await read(() => libc.readFile(`${device}/serial`, MAX_ATTRIBUTE_BYTES));
  return text && new TextDecoder().decode(text).trim();
}

/** Whether the kernel itself has put a drive to sleep: whoever opens it wakes it. */
export async function isRuntimeSuspended(tools: HwmonTools, block: string): Promise<boolean> {
  const path = `${deviceOf(tools, block)}/power/runtime_status`;
  const status = await read(() => tools.libc.readFile(path, MAX_ATTRIBUTE_BYTES));
  return status !== null && new TextDecoder().decode(status).trim() === "suspended";
}

/** Whether a drive rotates; one that does not say does. */
export async function isRotating({ libc, sysfsRoot }: HwmonTools, block: string): Promise<boolean> {
  if (/^nvme/.test(block)) return false;
  const path = `${sysfsRoot}/block/${block}/queue/rotational`;
  const flag = await read(() => libc.readFile(path, MAX_ATTRIBUTE_BYTES));
  return flag === null || new TextDecoder().decode(flag).trim() !== "0";
}

/**
 * The device behind a block device, below /sys: `devices/pci0000:00/…/2:0:0:0` or
 * `…/nvme/nvme0`; null when there is none.
 */
export function devicePath(tools: HwmonTools, block: string): string | null {
  const { libc, sysfsRoot } = tools;
  const root = orNull(() => libc.realPath(sysfsRoot));
  const path = orNull(() => libc.realPath(deviceOf(tools, block)));
  return root !== null && path?.startsWith(`${root}/`) ? path.slice(root.length + 1) : null;
}

/** An NVMe drive's controller has a name of its own, and the drive behind it a number more. */
function deviceOf({ sysfsRoot }: HwmonTools, block: string): string {
  return /^nvme\d+$/.test(block)
    ? `${sysfsRoot}/class/nvme/${block}`
    : `${sysfsRoot}/block/${block}/device`;
}

/** What `look` finds, or null when it is not there or may not be seen. */
function orNull<T>(look: () => T): T | null {
  try {
    return look();
  } catch (error) {
    if (error instanceof FandError) return null;
    throw error;
  }
}

async function read(look: () => Promise<Uint8Array>): Promise<Uint8Array | null> {
  try {
    return await look();
  } catch (error) {
    if (error instanceof FandError) return null;
    throw error;
  }
}
