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
  | "noDelay"
  | "receiveBuffer"
  | "reuseAddress"
  | "sendBuffer";

/** An option with its value: a number, or for memberships the group and the own address. */
export type SocketOption =
  | { name: Exclude<OptionName, `${string}Membership`>; value: number }
  | { name: "addMembership" | "dropMembership"; group: string; local: string };

const NAMES: ReadonlyMap<string, OptionName> = new Map([
  [`${SOL_SOCKET} ${SO_REUSEADDR}`, "reuseAddress"],
  [`${SOL_SOCKET} ${SO_KEEPALIVE}`, "keepAlive"],
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
  if (!(value instanceof Uint8Array)) return { name, value: Number(value) };
  if (value.length < 4) throw socketError(action, "EINVAL");
  const view = new DataView(value.buffer, value.byteOffset, value.length);
  return { name, value: view.getInt32(0, true) };
}
