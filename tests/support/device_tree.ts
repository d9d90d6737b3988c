/**
 * Folders as the kernel and udev make them for serial ports, for machines that have none.
 *
 * @module
 */
import type { DeviceFolders } from "../../src/board/serial/list_ports.ts";
import { TempDir } from "./temp_dir.ts";

/** A USB device with a serial port. */
export interface UsbPort {
  /** `ttyUSB0`. */
  readonly name: string;
  /** The socket that it is plugged into: `1-1.2`. */
  readonly socket: string;
  readonly driver: string;
  /** `idVendor`, `idProduct`, `serial` and so on. */
  readonly attributes: Readonly<Record<string, string>>;
  /** The name of its link under by-id. */
  readonly byId?: string;
}

/** The folders, which are gone when the test is. */
export class DeviceTree implements AsyncDisposable, DeviceFolders {
  readonly #dir: TempDir;

  private constructor(dir: TempDir) {
    this.#dir = dir;
  }

  /** Makes folders without any port. */
  static async make(): Promise<DeviceTree> {
    return new DeviceTree(await TempDir.make());
  }

  get sys(): string {
    return this.#dir.join("sys");
  }

  get dev(): string {
    return this.#dir.join("dev");
  }

  /** Plugs a device in: an adapter has a folder for its port, a modem (`cdc_acm`) has not. */
  async plug({ name, socket, driver, attributes, byId }: UsbPort): Promise<void> {
    const usb = `sys/devices/usb1/${socket}`;
    const port = driver === "cdc_acm" ? `${usb}/${socket}:1.0` : `${usb}/${socket}:1.0/${name}`;
    for (const [key, value] of Object.entries(attributes)) {
      await this.#dir.write(`${usb}/${key}`, `${value}\n`);
    }
    await this.#dir.write(`sys/bus/drivers/${driver}/bind`, "");
    await this.#dir.write(`${port}/uevent`, "");
    await this.#link(`${port}/driver`, `sys/bus/drivers/${driver}`);
    await this.terminal(name, port);
    const path = `dev/serial/by-path/pci-0000:00:14.0-usb-0:${socket}:1.0`;
    await this.#link(path, `dev/${name}`);
    if (byId !== undefined) await this.#link(`dev/serial/by-id/${byId}`, `dev/${name}`);
  }

  /** Pulls a device out. */
  async unplug({ name, socket, byId }: UsbPort): Promise<void> {
    const links = [`sys/class/tty/${name}`, `dev/${name}`, `sys/devices/usb1/${socket}`];
    links.push(`dev/serial/by-path/pci-0000:00:14.0-usb-0:${socket}:1.0`);
    if (byId !== undefined) links.push(`dev/serial/by-id/${byId}`);
    for (const link of links) await Deno.remove(this.#dir.join(link), { recursive: true });
  }

  /** A terminal, with the folder of its device and the type of its hardware when it has any. */
  async terminal(name: string, device?: string, type?: string): Promise<void> {
    await this.#dir.write(`dev/${name}`, "");
    await this.#dir.write(`sys/class/tty/${name}/dev`, "188:0\n");
    if (type !== undefined) await this.#dir.write(`sys/class/tty/${name}/type`, `${type}\n`);
    if (device !== undefined) await this.#link(`sys/class/tty/${name}/device`, device);
  }

  /** The serial ports of a PC: the kernel's own layers, then the driver. */
  async builtIn(name: string, type: string): Promise<void> {
    const port = `sys/devices/pnp0/${name}`;
    for (
      const [path, driver] of [[`${port}/a/b`, "port"], [`${port}/a`, "ctrl"], [port, "serial"]]
    ) {
      await this.#dir.write(`sys/bus/drivers/${driver}/bind`, "");
      await this.#dir.write(`${path}/uevent`, "");
      await this.#link(`${path}/driver`, `sys/bus/drivers/${driver}`);
    }
    await this.terminal(name, `${port}/a/b`, type);
  }

  /** Removes the folders. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.#dir[Symbol.asyncDispose]();
  }

  async #link(path: string, target: string): Promise<void> {
    const link = this.#dir.join(path);
    await Deno.mkdir(link.slice(0, link.lastIndexOf("/")), { recursive: true });
    await Deno.symlink(this.#dir.join(target), link);
  }
}
