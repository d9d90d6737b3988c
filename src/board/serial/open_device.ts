/**
 * Opens a serial device for one owner only.
 *
 * @module
 */
import { lastErrno } from "../../libc/errno.ts";
import { findHolder, type Holder } from "./holder.ts";
import { currentPlatform, type Platform } from "./platform.ts";
import { SerialDevice } from "./serial_device.ts";
import { SerialError } from "./serial_error.ts";
import { SerialLibrary } from "./serial_library.ts";
import type { SerialSettings } from "./serial_options.ts";
import { systemFailure } from "./system_failure.ts";
import { Wake } from "./wake.ts";

const EBUSY = 16;
/** LOCK_EX and LOCK_NB: for us alone, and no waiting. */
const LOCK = 2 | 4;

/**
 * Opens, locks and sets up the device at a path.
 *
 * Two locks are taken: `flock`, which anybody may try and which dies with its holder; and
 * TIOCEXCL, which keeps out programs that never heard of the first, but not those of root.
 *
 * @throws {SerialError} `busy` with the name of the holder; and as {@link SerialDevice.configure}
 * @throws {FandError} when the C library may not be used
 */
export async function openDevice(path: string, settings: SerialSettings): Promise<SerialDevice> {
  const platform = currentPlatform();
  using opened = new DisposableStack();
  const library = opened.use(new SerialLibrary(platform.hasVariadicStack));
  const wake = opened.adopt(new Wake(library), (wake) => wake.close());
  const fd = openForUs(path, library, platform);
  if (fd === null) throw busyError(path, await holderOf(path, library));
  opened.defer(() => library.symbols.close(fd));
  if (isExclusive(fd, library, platform)) {
    // The mark outlives its maker on a pseudo terminal: it counts while somebody is there.
    const holder = await holderOf(path, library);
    if (holder !== null) throw busyError(path, holder);
  }
  library.request(fd, { code: platform.request.exclusive, argument: 0n });
  opened.defer(() => library.request(fd, { code: platform.request.notExclusive, argument: 0n }));
  const device = new SerialDevice(path, fd, wake, library, platform);
  device.configure(settings);
  // From here on all of it is the device's.
  opened.move();
  return device;
}

/** A descriptor with our lock on it; null when somebody else has one. */
function openForUs(path: string, library: SerialLibrary, platform: Platform): number | null {
  const { symbols } = library;
  const fd = symbols.open(cString(path), platform.openFlags);
  if (fd < 0) {
    const errno = lastErrno(symbols);
    if (errno === EBUSY) return null;
    throw systemFailure(library, `open "${path}"`, errno);
  }
  if (symbols.flock(fd, LOCK) === 0) return fd;
  const error = systemFailure(library, `lock "${path}"`);
  symbols.close(fd);
  if (error.errno === platform.errno.again) return null;
  throw error;
}

/** What root's open has passed over. */
function isExclusive(fd: number, library: SerialLibrary, { getExclusive }: Platform): boolean {
  if (getExclusive === null) return false;
  const answer = new Uint8Array(4);
  return library.request(fd, { code: getExclusive, argument: answer }) === 0 && answer[0] !== 0;
}

function holderOf(path: string, library: SerialLibrary): Promise<Holder | null> {
  return findHolder({ path, id: library.fileId(cString(path)) });
}

function busyError(path: string, holder: Holder | null): SerialError {
  const advice = holder === null ? `look for it with "fuser ${path}"` : "end that first";
  return new SerialError(`Cannot open "${path}": ${nameOf(holder)} holds it; ${advice}`, "busy");
}

function nameOf(holder: Holder | null): string {
  if (holder === null) return "another process";
  if (holder.pid === Deno.pid) return "this process itself";
  return `process ${holder.pid}${holder.command === "" ? "" : ` (${holder.command})`}`;
}

function cString(path: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(`${path}\0`);
}
