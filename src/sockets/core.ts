/**
 * What is behind a socket, and the checks that all kinds share.
 *
 * @module
 */
import type { Clock } from "../clock.ts";
import {
  AF_INET,
  AF_INET6,
  AF_UNIX,
  IPPROTO_TCP,
  IPPROTO_UDP,
  MSG_DONTWAIT,
  MSG_PEEK,
  SOCK_DGRAM,
  SOCK_RAW,
  SOCK_STREAM,
} from "./constants.ts";
import { DatagramSocket } from "./datagram_socket.ts";
import type { PacketCore } from "./packet_core.ts";
import { isRadioFamily, makeRadioCore } from "./radio/families.ts";
import { type SocketError, socketError } from "./socket_error.ts";
import { StreamSocket } from "./stream/stream_socket.ts";
import { MAX_TIMEOUT_MS } from "./waiter.ts";

/** The state of a socket, which ends with it. */
export type Core = StreamSocket | PacketCore;

/** The types that there are, and the protocol of each. */
const PROTOCOLS: ReadonlyMap<number, number> = new Map([
  [SOCK_STREAM, IPPROTO_TCP],
  [SOCK_DGRAM, IPPROTO_UDP],
]);

/** Types are below this number. */
const SOCK_MAX = 11;

/**
 * The state of a new socket.
 *
 * @throws {SocketError} If there is no such socket.
 */
export function makeCore(family: number, type: number, proto: number, clock: Clock): Core {
  const action = `make a socket of family ${family}, type ${type} and protocol ${proto}`;
  if (isRadioFamily(family)) return makeRadioCore(action, family, type, proto, clock);
  if (![AF_INET, AF_INET6, AF_UNIX].includes(family)) throw socketError(action, "EAFNOSUPPORT");
  if (!(type >= 0 && type < SOCK_MAX)) throw socketError(action, "EINVAL");
  const isUnix = family === AF_UNIX;
  // A kernel says so of a protocol to whoever may not have raw sockets.
  if (type === SOCK_RAW && !isUnix) throw socketError(action, proto ? "EPERM" : "EPROTONOSUPPORT");
  const protocol = PROTOCOLS.get(type);
  if (proto !== 0 && (isUnix || (protocol !== undefined && proto !== protocol))) {
    throw socketError(action, "EPROTONOSUPPORT");
  }
  // Deno has datagrams between paths behind a flag only.
  if (protocol === undefined || (isUnix && type === SOCK_DGRAM)) {
    throw socketError(action, "ESOCKTNOSUPPORT");
  }
  const isStream = type === SOCK_STREAM;
  return isStream ? new StreamSocket(family, clock) : new DatagramSocket(family, clock);
}

/** Whether it is a radio's. */
export function isRaw(core: Core): boolean {
  return !(core instanceof StreamSocket) && core.type === SOCK_RAW;
}

/** The error of an operation that a radio's sockets do not have. */
export function rawRefusal(action: string): SocketError {
  return socketError(`${action} with a radio`, "EOPNOTSUPP");
}

/** @throws {TypeError} If these are no bytes. */
export function bytesOf(bytes: Uint8Array): Uint8Array {
  if (bytes instanceof Uint8Array) return bytes;
  throw new TypeError(`Cannot send a ${typeof bytes}: it is no Uint8Array; encode it first`);
}

/**
 * @returns The size.
 * @throws {RangeError} If this is no number of bytes.
 */
export function checkSize(size: number): number {
  if (Number.isInteger(size) && size >= 0) return size;
  throw new RangeError(`Cannot receive ${size} bytes: it is no number of bytes; give 0 or more`);
}

/**
 * @returns The size.
 * @throws {RangeError} If this is no number of bytes.
 * @throws {SocketError} EOPNOTSUPP for flags that are not there.
 */
export function checkReceive(bufsize: number, flags: number): number {
  if ((flags & ~(MSG_PEEK | MSG_DONTWAIT)) !== 0) throw socketError("receive", "EOPNOTSUPP");
  return checkSize(bufsize);
}

/** @throws {RangeError} If this is neither a time in seconds nor null, which is for ever. */
export function timeoutMsOf(seconds: number | null): number {
  if (seconds === null) return Infinity;
  if (seconds >= 0 && seconds * 1000 <= MAX_TIMEOUT_MS) return seconds * 1000;
  const most = Math.floor(MAX_TIMEOUT_MS / 1000);
  throw new RangeError(
    `Cannot set a timeout of ${seconds} s: it is not a time; give 0 to ${most}, or null`,
  );
}
