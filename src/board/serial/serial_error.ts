/**
 * What can go wrong with a serial port.
 *
 * @module
 */
import { type ErrorCode, FandError } from "../../errors.ts";

/**
 * Why a port cannot be used:
 *
 * - `absent`: no such port is there, or several are meant;
 * - `denied`: the user may not open it;
 * - `busy`: another process, or another {@link SerialPort} of this one, holds it;
 * - `not_serial`: what is there is no serial port;
 * - `unsupported`: this system, driver or port cannot do that;
 * - `bad_option`: an option is out of range;
 * - `unplugged`: it was there and is gone;
 * - `closed`: it is not open;
 * - `failed`: the system refused for another reason; `errno` has its number.
 */
export type SerialFailure =
  | "absent"
  | "denied"
  | "busy"
  | "not_serial"
  | "unsupported"
  | "bad_option"
  | "unplugged"
  | "closed"
  | "failed";

/** A serial port that cannot be used, and why. */
export class SerialError extends FandError {
  /** What to branch on; messages may change. */
  readonly reason: SerialFailure;
  /** The system's error number, or null when this driver found the failure itself. */
  readonly errno: number | null;

  /** An error with its reason. */
  constructor(message: string, reason: SerialFailure, errno: number | null = null) {
    super(message);
    this.reason = reason;
    this.errno = errno;
  }

  /** Always `serial`. */
  override get code(): ErrorCode {
    return "serial";
  }
}
