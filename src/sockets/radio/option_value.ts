/**
 * The values that the options of radios are given.
 *
 * @module
 */
import { SocketError } from "../socket_error.ts";

/**
 * The number that an option is set to: a number, a boolean, or the first four bytes of a buffer.
 *
 * @throws {SocketError} EINVAL for fewer bytes, EOPNOTSUPP for a number beyond `most`.
 */
export function optionNumber(
  action: string,
  value: number | boolean | Uint8Array,
  most: number,
): number {
  if (value instanceof Uint8Array && value.length < 4) {
    throw new SocketError(action, "EINVAL", "give a number, or its four bytes");
  }
  const found = value instanceof Uint8Array
    ? new DataView(value.buffer, value.byteOffset).getInt32(0, true)
    : Number(value);
  if (Number.isInteger(found) && found >= 0 && found <= most) return found;
  throw new SocketError(`${action} to ${found}`, "EOPNOTSUPP", `give 0 to ${most}`);
}
