/**
 * What the system knows of a serial port besides its name.
 *
 * @module
 */

/** A serial port that is there. */
export interface SerialPortInfo {
  /** Its device file, such as `/dev/ttyUSB0`: for now, the next plugging in may give another. */
  readonly path: string;
  /**
   * What to write into a configuration, and to give to {@link SerialPort}: finds the same device
   * again after it was plugged in elsewhere. It is `usb-VID:PID:SERIAL`, or `usb-VID:PID` when the
   * device has no serial number and is the only one of its kind; else the link of the socket that
   * it is plugged into; else the path.
   */
  readonly identity: string;
  /** The link under /dev/serial/by-id, or null: after maker, product and serial number. */
  readonly byId: string | null;
  /** The link under /dev/serial/by-path, or null: after the socket that it is plugged into. */
  readonly byPath: string | null;
  /** The maker's number, 0 to 65535; null when it is not on USB. */
  readonly usbVendorId: number | null;
  /** The product's number, 0 to 65535; null when it is not on USB. */
  readonly usbProductId: number | null;
  /** The device's own number, or null; cheap adapters have none. */
  readonly serialNumber: string | null;
  /** The maker's name, as the device tells it, or null. */
  readonly manufacturer: string | null;
  /** The product's name, as the device tells it, or null. */
  readonly product: string | null;
  /** The kernel's driver, such as `ch341-uart` or `cdc_acm`, or null. */
  readonly driver: string | null;
}

/** A port of which nothing is known but its path. */
export function plainPort(path: string): SerialPortInfo {
  return {
    path,
    identity: path,
    byId: null,
    byPath: null,
    usbVendorId: null,
    usbProductId: null,
    serialNumber: null,
    manufacturer: null,
    product: null,
    driver: null,
  };
}
