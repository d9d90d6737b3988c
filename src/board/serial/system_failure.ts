/**
 * What the system says of a call that has failed, in our words.
 *
 * @module
 */
import { errnoText, lastErrno } from "../../libc/errno.ts";
import { SerialError, type SerialFailure } from "./serial_error.ts";
import type { SerialLibrary } from "./serial_library.ts";

/** The numbers that mean the same on Linux and macOS, with what to do. */
const KNOWN: Readonly<Record<number, readonly [SerialFailure, string]>> = {
  1: ["denied", "run as a user who may open it"],
  2: ["absent", "check that it is plugged in"],
  5: ["unplugged", "plug it in and open it again"],
  6: ["absent", "check that it is plugged in"],
  9: ["closed", "open it first"],
  13: ["denied", "add the user to the group that owns it, mostly dialout or uucp"],
  16: ["busy", "end the process that uses it"],
  19: ["absent", "check that it is plugged in"],
  20: ["absent", "check the path"],
  25: ["not_serial", "name a serial port"],
};

/**
 * The failure of the call before.
 *
 * @param action what could not be done: `open "/dev/ttyUSB0"`
 * @param errno its number; when it is not given, this must come at once after the call, because
 * the next one may overwrite it
 */
export function systemFailure(
  { symbols }: SerialLibrary,
  action: string,
  errno: number = lastErrno(symbols),
): SerialError {
  const found = errnoText(symbols, errno);
  const [reason, advice] = KNOWN[errno] ?? ["failed", "check the device and its driver"];
  return new SerialError(`Cannot ${action}: ${found}; ${advice}`, reason, errno);
}
