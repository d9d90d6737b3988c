/**
 * Options of sockets, as programs give them.
 *
 * @module
 */
import {
  IP_ADD_MEMBERSHIP,
  IP_DROP_MEMBERSHIP,
  IPPROTO_IP,
  IPPROTO_TCP,
  SO_BROADCAST,
  SO_KEEPALIVE,
  SO_LINGER,
  SO_RCVBUF,
  SO_REUSEADDR,
  SO_SNDBUF,
  SOL_SOCKET,
  TCP_NODELAY,
} from "./constants.ts";
import { socketError } from "./socket_error.ts";

/** What a socket may be asked for. */
export type OptionName =
  | "addMembership"
  | "broadcast"
  | "dropMembership"
  | "keepAlive"
  | "linger"
  | "noDelay"
  | "receiveBuffer"
  | "reuseAddress"
  | "sendBuffer";

/** An option with its value; `linger` is in seconds, and null while it is off. */
export type SocketOption =
  | { name: Exclude<OptionName, `${string}Membership` | "linger">; value: number }
  | { name: "linger"; seconds: number | null }
  | { name: "addMembership" | "dropMembership"; group: string; local: string };

const NAMES: ReadonlyMap<string, OptionName> = new Map([
  [`${SOL_SOCKET} ${SO_REUSEADDR}`, "reuseAddress"],
  [`${SOL_SOCKET} ${SO_KEEPALIVE}`, "keepAlive"],
  [`${SOL_SOCKET} ${SO_LINGER}`, "linger"],
  [`${SOL_SOCKET} ${SO_BROADCAST}`, "broadcast"],
  [`${SOL_SOCKET} ${SO_RCVBUF}`, "receiveBuffer"],
  [`${SOL_SOCKET} ${SO_SNDBUF}`, "sendBuffer"],
  [`${IPPROTO_TCP} ${TCP_NODELAY}`, "noDelay"],
  [`${IPPROTO_IP} ${IP_ADD_MEMBERSHIP}`, "addMembership"],
  [`${IPPROTO_IP} ${IP_DROP_MEMBERSHIP}`, "dropMembership"],
]);

/**
 * Reads what `setsockopt` was given.
 *
 * @param allowed What this kind of socket has.
 * @throws {SocketError} ENOPROTOOPT for another option, EINVAL for a value of the wrong size.
 */
export function readOption(
  level: number,
  option: number,
  value: number | boolean | Uint8Array,
  allowed: readonly OptionName[],
): SocketOption {
  const action = `set the option ${option} of level ${level}`;
  const name = NAMES.get(`${level} ${option}`);
  if (name === undefined || !allowed.includes(name)) throw socketError(action, "ENOPROTOOPT");
  if (name === "addMembership" || name === "dropMembership") {
    if (!(value instanceof Uint8Array) || value.length < 8) throw socketError(action, "EINVAL");
    const group = value.subarray(0, 4).join(".");
    return { name, group, local: value.subarray(4, 8).join(".") };
  }
  if (name === "linger") {
    const [isOn, seconds] = value instanceof Uint8Array ? numbersOf(value) : [];
    if (isOn === undefined || seconds === undefined) throw socketError(action, "EINVAL");
    return { name, seconds: isOn === 0 ? null : Math.max(0, seconds) };
  }
  const [number] = value instanceof Uint8Array ? numbersOf(value) : [Number(value)];
  if (number === undefined) throw socketError(action, "EINVAL");
  return { name, value: number };
}

/** The numbers that a buffer holds, as this machine's C has them. */
function numbersOf(bytes: Uint8Array): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return Array.from({ length: bytes.length >> 2 }, (_, index) => view.getInt32(index * 4, true));
}
