/**
 * Which serial ports there are, and what they are.
 *
 * @module
 */
import { Libc, LibcError } from "../../libc/libc.ts";
import { currentPlatform } from "./platform.ts";
import { SerialError } from "./serial_error.ts";
import { plainPort, type SerialPortInfo } from "./serial_port_info.ts";
import { isMeant, parseUsbIdentity, withIdentities } from "./usb_identity.ts";

/** Where the kernel tells about its devices, and where their files are. */
export interface DeviceFolders {
  /** `/sys`. */
  readonly sys: string;
  /** `/dev`. */
  readonly dev: string;
}

const FOLDERS: DeviceFolders = { sys: "/sys", dev: "/dev" };
const ATTRIBUTE_BYTES = 4096;
/** From a port up to the USB device: port, interface, device; a hub is not asked any more. */
const MOST_PARENTS = 4;
/** Drivers of the kernel's own layers, which say nothing about the hardware. */
const LAYERS = new Set(["port", "ctrl"]);

/**
 * The serial ports that are there, sorted by path. On Linux that is every terminal with hardware
 * behind it; on macOS, where nothing was verified, the names `/dev/cu.*`, for which
 * `--allow-read=/dev` is needed.
 *
 * @example The name that finds a board again, wherever it is plugged in
 * ```ts
 * import { listPorts } from "../../../mod.ts";
 *
 * for (const { path, identity, driver } of await listPorts()) console.log(path, identity, driver);
 * ```
 *
 * @throws {FandError} when the C library may not be used, with the flag that is missing
 * @throws {SerialError} `unsupported` on other systems
 */
export async function listPorts(): Promise<SerialPortInfo[]> {
  currentPlatform();
  if (Deno.build.os === "darwin") return await listDarwinPorts();
  return await listPortsIn(FOLDERS);
}

/** {@link listPorts} of Linux, for any folders. */
export async function listPortsIn(folders: DeviceFolders): Promise<SerialPortInfo[]> {
  using libc = new Libc();
  const byId = linksIn(libc, `${folders.dev}/serial/by-id`);
  const byPath = linksIn(libc, `${folders.dev}/serial/by-path`);
  const ports: SerialPortInfo[] = [];
  for (const name of orEmpty(() => libc.listDirectory(`${folders.sys}/class/tty`)).sort()) {
    const described = await describe(libc, folders, name);
    if (!described) continue;
    const { path } = described;
    ports.push({ ...described, byId: byId.get(path) ?? null, byPath: byPath.get(path) ?? null });
  }
  return withIdentities(ports);
}

/**
 * The path of the port that is meant: a path as it is; `usb-VID:PID:SERIAL` looked for.
 *
 * @throws {SerialError} `absent` when none or more than one is there, telling what is
 */
export async function findPort(
  name: string,
  list: () => Promise<readonly SerialPortInfo[]> = listPorts,
): Promise<string> {
  const wanted = parseUsbIdentity(name);
  if (wanted === null) return name;
  const ports = await list();
  const [found, ...others] = ports.filter((port) => isMeant(wanted, port));
  if (found && others.length === 0) return found.path;
  if (found) {
    const names = [found, ...others].map(({ path, identity }) => `${path} (${identity})`);
    throw absent(name, `${names.length} ports are: ${names.join(", ")}; name one of them`);
  }
  const seen = ports.map(({ identity }) => identity).filter((identity) =>
    parseUsbIdentity(identity)
  );
  throw absent(name, `${seen.length > 0 ? seen.join(", ") : "nothing"} is on USB; plug it in`);
}

/** What is known of the port at a path. */
export async function describePort(path: string): Promise<SerialPortInfo> {
  if (Deno.build.os === "darwin" || !hasHardware(path)) return plainPort(path);
  const ports = await listPortsIn(FOLDERS);
  return ports.find((port) => [port.path, port.byId, port.byPath].includes(path)) ??
    plainPort(path);
}

/** Whether it is worth looking for: a pseudo terminal is on no list. */
function hasHardware(path: string): boolean {
  using libc = new Libc();
  return orEmpty(() => {
    const file = libc.realPath(path);
    const name = file.slice(file.lastIndexOf("/") + 1);
    return [libc.realPath(`${FOLDERS.sys}/class/tty/${name}/device`)];
  }).length > 0;
}

function absent(name: string, rest: string): SerialError {
  return new SerialError(`Cannot find the serial port "${name}": ${rest}`, "absent");
}

/** A terminal with hardware behind it; null for others. */
async function describe(
  libc: Libc,
  { sys, dev }: DeviceFolders,
  name: string,
): Promise<SerialPortInfo | null> {
  const folder = `${sys}/class/tty/${name}`;
  const [device] = orEmpty(() => [libc.realPath(`${folder}/device`)]);
  // The kernel has a name for every port that a PC might have; 0 is the type of those it has not.
  if (device === undefined || await attribute(libc, `${folder}/type`) === "0") return null;
  const parents = parentsOf(device);
  const drivers = parents.flatMap((path) => orEmpty(() => [libc.realPath(`${path}/driver`)]))
    .map((path) => path.slice(path.lastIndexOf("/") + 1));
  const port = {
    ...plainPort(`${dev}/${name}`),
    driver: drivers.find((driver) => !LAYERS.has(driver)) ?? null,
  };
  for (const path of parents) {
    const vendor = await attribute(libc, `${path}/idVendor`);
    if (vendor === null) continue;
    return {
      ...port,
      usbVendorId: parseInt(vendor, 16),
      usbProductId: parseInt(await attribute(libc, `${path}/idProduct`) ?? "", 16),
      serialNumber: await attribute(libc, `${path}/serial`),
      manufacturer: await attribute(libc, `${path}/manufacturer`),
      product: await attribute(libc, `${path}/product`),
    };
  }
  return port;
}

/** A folder and those around it, from the inside out. */
function parentsOf(path: string): string[] {
  const parts = path.split("/");
  return Array.from(
    { length: MOST_PARENTS },
    (_, level) => parts.slice(0, parts.length - level).join("/"),
  );
}

async function attribute(libc: Libc, path: string): Promise<string | null> {
  try {
    const text = new TextDecoder().decode(await libc.readFile(path, ATTRIBUTE_BYTES)).trim();
    return text === "" ? null : text;
  } catch (error) {
    if (error instanceof LibcError) return null;
    throw error;
  }
}

/** The links of a folder, by what they lead to. */
function linksIn(libc: Libc, folder: string): Map<string, string> {
  const names = orEmpty(() => libc.listDirectory(folder)).sort();
  return new Map(names.flatMap((name) => {
    const link = `${folder}/${name}`;
    return orEmpty(() => [libc.realPath(link)]).map((target) => [target, link] as const);
  }));
}

function orEmpty<T>(list: () => T[]): T[] {
  try {
    return list();
  } catch (error) {
    if (error instanceof LibcError) return [];
    throw error;
  }
}

async function listDarwinPorts(): Promise<SerialPortInfo[]> {
  const ports: SerialPortInfo[] = [];
  for await (const { name } of Deno.readDir("/dev")) {
    if (name.startsWith("cu.")) ports.push(plainPort(`/dev/${name}`));
  }
  return ports.sort((a, b) => a.path < b.path ? -1 : 1);
}
