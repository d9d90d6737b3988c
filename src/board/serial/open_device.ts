/**
 * Opens a serial device for one owner only.
 *
 * @module
 */
import { lastErrno } from "../../libc/errno.ts";
import { findHolders, type Holder } from "./holder.ts";
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
  if (path.includes("\0")) {
    const text = `Cannot open "${path}": the path holds a NUL character; remove it`;
    throw new SerialError(text, "absent");
  }
  const platform = currentPlatform();
  using opened = new DisposableStack();
  const library = opened.use(new SerialLibrary(platform.hasVariadicStack));
  const wake = opened.adopt(new Wake(library), (wake) => wake.close());
  const fd = openForUs(path, library, platform);
  const { lockId, isPseudo } = library.deviceFile(cString(path));
  if (fd === null) throw busyError(path, await findHolders(path, lockId));
  opened.defer(() => library.symbols.close(fd));
  if (isExclusive(fd, library, platform)) {
    // The lock is ours: the mark is of somebody who has it open, unless he has died.
    const holders = await findHolders(path, null);
    if (holders.length > 0) throw busyError(path, holders);
  }
  // On hardware the mark goes when the last one closes it, on these not: it would outlive us.
  if (!isPseudo) library.request(fd, { code: platform.request.exclusive, argument: 0n });
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

function busyError(path: string, holders: readonly Holder[]): SerialError {
  const [first, ...others] = holders.map(nameOf);
  const found = first === undefined
    ? "another process holds it"
    : others.length === 0
    ? `${first} holds it`
    : `${[first, ...others].join(", ")} have it open`;
  const advice = first === undefined ? `look for it with "fuser ${path}"` : "end that first";
  return new SerialError(`Cannot open "${path}": ${found}; ${advice}`, "busy");
}

function nameOf({ pid, command }: Holder): string {
  if (pid === Deno.pid) return "this process itself";
  return `process ${pid}${command === "" ? "" : ` (${command})`}`;
}

function cString(path: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(`${path}\0`);
}
