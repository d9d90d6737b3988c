/**
 * Whether a drive sleeps, asked in the one way that does not wake it: the ATA command CHECK POWER
 * MODE, as Linux hands it on for `HDIO_DRIVE_CMD`.
 *
 * @module
 */
import { FandError } from "../errors.ts";
import { openLibc } from "./open_libc.ts";

const SYMBOLS = {
  open: { parameters: ["buffer", "i32"], result: "i32" },
  close: { parameters: ["i32"], result: "i32" },
  // A drive that is just spinning up answers when it has: that must not stop the event loop.
  ioctl: { parameters: ["i32", "usize", "buffer"], result: "i32", nonblocking: true },
} as const;

const O_RDONLY_NONBLOCK_CLOEXEC = 0o2004000;
const HDIO_DRIVE_CMD = 0x031fn;
const CHECK_POWER_MODE = 0xe5;

/** What a drive does, as far as that decides whether it may be asked for more. */
export type DrivePower = "asleep" | "awake";

/**
 * The power mode of the drive at `path`: `/dev/sda`. Null when nobody can tell: it is no ATA
 * drive, it hangs on an adapter that does not hand the command on, or this process may not ask
 * (`CAP_SYS_RAWIO`, read access to the device, and the C library are needed).
 */
export async function drivePower(path: string): Promise<DrivePower | null> {
  let library;
  try {
    library = openLibc(SYMBOLS);
  } catch (error) {
    if (error instanceof FandError) return null;
    throw error;
  }
  try {
    const { symbols } = library;
    const name = new TextEncoder().encode(`${path}\0`);
    const fd = symbols.open(name, O_RDONLY_NONBLOCK_CLOEXEC);
    if (fd < 0) return null;
    try {
      const registers = Uint8Array.of(CHECK_POWER_MODE, 0, 0, 0);
      const result = await symbols.ioctl(fd, HDIO_DRIVE_CMD, registers);
      return result < 0 ? null : powerOf(registers[2] ?? 0);
    } finally {
      symbols.close(fd);
    }
  } finally {
    library.close();
  }
}

/** What the count register says after CHECK POWER MODE: 0x00 and 0x01 are the modes of standby. */
export function powerOf(count: number): DrivePower {
  // With 0x40 the disk stands as well, and its cache answers.
  return count === 0x00 || count === 0x01 || count === 0x40 ? "asleep" : "awake";
}
