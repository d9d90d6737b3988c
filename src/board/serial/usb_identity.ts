/**
 * USB devices by what they say of themselves: `usb-VID:PID:SERIAL` or `usb-VID:PID`, the numbers
 * as four hexadecimal digits. Pure.
 *
 * @module
 */
import type { SerialPortInfo } from "./serial_port_info.ts";

/** A device, or every device of a kind. */
export interface UsbIdentity {
  readonly vendorId: number;
  readonly productId: number;
  /** Null means any, or none. */
  readonly serialNumber: string | null;
}

const IDENTITY = /^usb-([0-9a-f]{4}):([0-9a-f]{4})(?::(.+))?$/i;

/** Reads an identity; null when the text is none. */
export function parseUsbIdentity(text: string): UsbIdentity | null {
  const [, vendor = "", product = "", serialNumber = null] = text.match(IDENTITY) ?? [];
  if (vendor === "") return null;
  return { vendorId: parseInt(vendor, 16), productId: parseInt(product, 16), serialNumber };
}

/** The identity of a port on USB, with the serial number when it has one; null for other ports. */
export function usbIdentityOf(port: SerialPortInfo): string | null {
  const { usbVendorId, usbProductId, serialNumber } = port;
  if (usbVendorId === null || usbProductId === null) return null;
  const hex = (id: number): string => id.toString(16).padStart(4, "0");
  const kind = `usb-${hex(usbVendorId)}:${hex(usbProductId)}`;
  return serialNumber === null ? kind : `${kind}:${serialNumber}`;
}

/** Whether a port is what an identity means. */
export function isMeant(identity: UsbIdentity, port: SerialPortInfo): boolean {
  return port.usbVendorId === identity.vendorId && port.usbProductId === identity.productId &&
    (identity.serialNumber === null || identity.serialNumber === port.serialNumber);
}

/** The ports with the best name that each of them has to itself. */
export function withIdentities(ports: readonly SerialPortInfo[]): SerialPortInfo[] {
  return ports.map((port) => {
    const name = usbIdentityOf(port);
    const identity = name === null ? null : parseUsbIdentity(name);
    const isAlone = identity !== null &&
      ports.filter((other) => isMeant(identity, other)).length === 1;
    return { ...port, identity: isAlone && name ? name : port.byPath ?? port.byId ?? port.path };
  });
}
