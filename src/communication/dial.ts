/**
 * Making connections and listeners out of addresses as people write them.
 *
 * @module
 */
import type { Clock } from "../clock.ts";
import { formatEndpoint, isPort } from "../sockets/address.ts";
import { listenNet, openNet } from "../sockets/net.ts";
import { openConn } from "../sockets/open_conn.ts";
import type { WaitLimits } from "../sockets/waiter.ts";
import { connectFailure, listenFailure, timedOut } from "./failure.ts";

/**
 * Connects over TCP, without Nagle's delay.
 *
 * @param address A name, an IPv4 address, or an IPv6 address with or without brackets.
 * @param port 1 to 65535.
 * @param adopt Takes the socket at the very moment that it exists, unless nobody waits any more.
 * @throws {ConnectionFailedError} If nobody listens there or the name does not resolve.
 * @throws {FandTimeoutError} If the time is up.
 */
export async function dial(
  address: string,
  port: number,
  clock: Clock,
  limits: WaitLimits,
  adopt: (socket: Deno.TcpConn) => void,
): Promise<Deno.TcpConn> {
  const endpoint = formatEndpoint(address, port);
  if (!isPort(port)) throw connectFailure(endpoint, new RangeError("the port is not 1 to 65535"));
  const target = { hostname: address, port };
  return await openConn((signal) => openNet(target, signal), clock, limits, {
    adopt(socket) {
      socket.setNoDelay(true);
      socket.setKeepAlive(true);
      adopt(socket);
    },
    failure: (cause) => connectFailure(endpoint, cause),
    timeout: () =>
      timedOut(`connect to ${endpoint}`, limits.timeoutMs, "check that it is reachable"),
  });
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
