/**
 * Devices on the PCI bus, by their address.
 *
 * @module
 */
import { FandError } from "../../errors.ts";
import type { Libc } from "../../libc/libc.ts";

const ADDRESS = /^(?:([0-9a-f]{4,8}):)?([0-9a-f]{2}:[0-9a-f]{2}\.[0-7])$/i;
const MAX_STATUS_BYTES = 64;

/**
 * A PCI address as the kernel writes it, `0000:09:00.0`, from what other programs write:
 * `00000000:09:00.0` or `09:00.0`. Null when it is none.
 */
export function pciAddress(text: string): string | null {
  const [, domain = "0", place] = ADDRESS.exec(text) ?? [];
  if (place === undefined) return null;
  return `${domain.replace(/^0+/, "").padStart(4, "0")}:${place}`.toLowerCase();
}

/**
 * Whether the kernel has switched a device off to save power: asking it for anything would switch
 * it on again. False when nobody can tell.
 */
export async function isSuspended(
  { libc, sysfsRoot }: { libc: Libc; sysfsRoot: string },
  address: string,
): Promise<boolean> {
  const path = `${sysfsRoot}/bus/pci/devices/${address}/power/runtime_status`;
  try {
    const status = new TextDecoder().decode(await libc.readFile(path, MAX_STATUS_BYTES));
    return status.trim() === "suspended";
  } catch (error) {
    if (error instanceof FandError) return false;
    throw error;
  }
}
