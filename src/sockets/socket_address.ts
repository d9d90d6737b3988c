/**
 * Addresses as the calls of a socket take and give them.
 *
 * @module
 */
import { AF_INET, AF_INET6, AF_UNIX } from "./constants.ts";
import { familyOf, inetNtop, inetPton } from "./inet.ts";
import { SocketError } from "./socket_error.ts";

/** `[address, port]` of IPv4, or of IPv6, which may tell flow and scope as well. */
export type InetAddress = readonly [
  host: string,
  port: number,
  flowInfo?: number,
  scopeId?: number,
];

/** The address of a socket: of IP, or a path for {@linkcode AF_UNIX}. */
export type SocketAddress = InetAddress | string;

/** The addresses that stand for all of this machine's. */
const ANY_HOST: Readonly<Record<number, string>> = { [AF_INET]: "0.0.0.0", [AF_INET6]: "::" };

/** What a path may have at most, in bytes: the kernel's field has one more, for the end. */
const MAX_PATH_BYTES = 107;

/** The address of a socket that has none yet. */
export function noAddress(family: number): SocketAddress {
  return family === AF_UNIX ? "" : toAddress(family, ANY_HOST[family] ?? "", 0);
}

/** An address in the form of its family. */
export function toAddress(family: number, host: string, port: number): InetAddress {
  return family === AF_INET6 ? [host, port, 0, 0] : [host, port];
}

/** What Deno says about an end of a connection, in the form of the socket's family. */
export function addressOf(family: number, address: Deno.Addr): SocketAddress {
  if ("hostname" in address) return toAddress(family, address.hostname, address.port);
  return "path" in address ? address.path ?? "" : "";
}

/**
 * Checks the address of an IP socket.
 *
 * @param action For the error, such as `connect`.
 * @param isLocal Whether "" stands for all addresses of this machine.
 * @throws {SocketError} EINVAL for a name or what is no address, EAFNOSUPPORT for another family.
 * @throws {RangeError} If the port is not 0 to 65535.
 */
export function checkInet(
  action: string,
  family: number,
  address: SocketAddress | number,
  isLocal: boolean,
): { hostname: string; port: number } {
  const isPair = typeof address === "object";
  const [host, port] = isPair ? address : [address, NaN];
  if (!isPair || typeof host !== "string") {
    throw new SocketError(`${action} ${text(address)}`, "EINVAL", "give [address, port]");
  }
  if (!Number.isInteger(port) || port < 0 || port > 65535) {
    throw new RangeError(
      `Cannot ${action} ${text(address)}: the port is no number of 0 to 65535; give such a port`,
    );
  }
  const hostname = isLocal && host === "" ? ANY_HOST[family] ?? "" : host;
  const found = familyOf(hostname);
  if (found === null) {
    const remedy = "names are not resolved here; use getaddrinfo";
    throw new SocketError(`${action} the host "${host}"`, "EINVAL", remedy);
  }
  if (found !== family) {
    const remedy = "make a socket of the address's family";
    throw new SocketError(`${action} ${host}`, "EAFNOSUPPORT", remedy);
  }
  // In the one form that the system tells, so that addresses can be compared.
  return { hostname: inetNtop(found, inetPton(found, hostname)), port };
}

/**
 * Checks the address of a socket of {@linkcode AF_UNIX}.
 *
 * @throws {SocketError} EINVAL if it is not a path that a kernel takes.
 */
export function checkPath(action: string, address: SocketAddress | number): string {
  if (
    typeof address === "string" && address !== "" && !address.includes("\0") &&
    new TextEncoder().encode(address).length <= MAX_PATH_BYTES
  ) return address;
  const remedy = `give a path of 1 to ${MAX_PATH_BYTES} bytes`;
  throw new SocketError(`${action} ${text(address)}`, "EINVAL", remedy);
}

function text(address: unknown): string {
  return JSON.stringify(address) ?? String(address);
}
