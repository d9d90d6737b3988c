/**
 * Making connections and listeners out of addresses as people write them.
 *
 * @module
 */
import type { Clock } from "../clock.ts";
import { formatEndpoint, isPort } from "../sockets/address.ts";
import { listenNet, openNet, openTls, type TlsOptions } from "../sockets/net.ts";
import { openConn } from "../sockets/open_conn.ts";
import type { WaitLimits } from "../sockets/waiter.ts";
import { connectFailure, listenFailure, timedOut } from "./failure.ts";
import { tlsFailure } from "./tls_failure.ts";

/** What the address of a unix socket begins with. */
const UNIX = "unix:";

/** The path of an address of a unix socket; null for any other address. */
export function unixPath(address: string): string | null {
  return address.startsWith(UNIX) ? address.slice(UNIX.length) : null;
}

/** Where a connection goes, as people write it. */
export function formatPlace(address: string, port: number): string {
  return unixPath(address) === null ? formatEndpoint(address, port) : address;
}

/**
 * Connects, over TCP without Nagle's delay.
 *
 * @param address A name, an IPv4 address, or an IPv6 address with or without brackets; or `unix:`
 * and the path of a socket.
 * @param port 1 to 65535; of no meaning for a unix socket.
 * @param adopt Takes the socket at the very moment that it exists, unless nobody waits any more.
 * @throws {ConnectionFailedError} If nobody listens there, the name does not resolve, or one side
 * does not trust the other.
 * @throws {FandTimeoutError} If the time is up.
 */
export async function dial(
  address: string,
  port: number,
  clock: Clock,
  limits: WaitLimits & { tls?: TlsOptions | undefined },
  adopt: (socket: Deno.Conn) => void,
): Promise<Deno.Conn> {
  const place = formatPlace(address, port);
  const path = unixPath(address);
  const { tls } = limits;
  if (path === null && !isPort(port)) {
    throw connectFailure(place, new RangeError("the port is not 1 to 65535"));
  }
  const target = { hostname: address, port };
  const open = (signal: AbortSignal): Promise<Deno.Conn> => {
    if (path !== null) return openNet({ path }, signal);
    return tls === undefined ? openNet(target, signal) : openTls(target, tls, signal);
  };
  return await openConn(open, clock, limits, {
    adopt(socket) {
      quicken(socket);
      adopt(socket);
    },
    failure: (cause) =>
      (tls === undefined ? null : tlsFailure(place, cause)) ?? connectFailure(place, cause),
    timeout: () => timedOut(`connect to ${place}`, limits.timeoutMs, "check that it is reachable"),
  });
}

/** A TCP connection sends at once what it is given, and finds out when its peer has gone. */
function quicken(socket: Deno.Conn): void {
  if (!("setNoDelay" in socket)) return;
  const tcp = socket as Deno.TcpConn;
  tcp.setNoDelay(true);
  tcp.setKeepAlive(true);
}

/**
 * Listens for TCP connections.
 *
 * @param address A name, an IPv4 address, or an IPv6 address with or without brackets.
 * @param port 0 to 65535; 0 lets the system choose one.
 * @throws {ListeningError} If that is not possible.
 */
export function openListener(address: string, port: number): Deno.TcpListener {
  try {
    return listenNet({ hostname: address, port });
  } catch (cause) {
    throw listenFailure(formatEndpoint(address, port), cause);
  }
}
