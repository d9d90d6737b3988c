/**
 * Host names, addresses and ports as people write them.
 *
 * @module
 */
import { AF_INET, AF_INET6 } from "./constants.ts";
import { familyOf } from "./inet.ts";

/** The highest port. */
export const MAX_PORT = 65_535;

const ENDPOINT = /^(?:\[([^\]%]+)(%[^\]\s/%]+)?\]|([^:\s[\]]+))(?::(\d+))?$/;

/** A host as the socket calls want it: an IPv6 address loses the brackets of its URL form. */
export function plainHost(address: string): string {
  const bracketed = /^\[(.*)\]$/.exec(address);
  return bracketed?.[1] ?? address;
}

/** A host as it stands before a port: an IPv6 address gets brackets. */
export function formatHost(address: string): string {
  const host = plainHost(address);
  return host.includes(":") ? `[${host}]` : host;
}

/** `host:port` as people write it. */
export function formatEndpoint(address: string, port: number): string {
  return `${formatHost(address)}:${port}`;
}

/**
 * Reads `HOST` or `HOST:PORT`, where an IPv6 address is between brackets and may have a zone.
 *
 * @returns The host without brackets, and the port or null where none is given; null as a whole if
 * it is no such thing, or the port not 1 to 65535.
 */
export function parseEndpoint(text: string): { host: string; port: number | null } | null {
  const [, ipv6, zone = "", name, digits] = ENDPOINT.exec(text) ?? [];
  if (ipv6 !== undefined && familyOf(ipv6) !== AF_INET6) return null;
  const host = ipv6 === undefined ? name : ipv6 + zone;
  const port = digits === undefined ? null : parsePort(digits);
  return host === undefined || (port === null && digits !== undefined) ? null : { host, port };
}

/** Reads a port, 1 to 65535 in decimal digits and nothing else; null if it is none. */
export function parsePort(text: string): number | null {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  return isPort(port) ? port : null;
}

/** Whether a connection can be made to this port. */
export function isPort(port: number): boolean {
  return Number.isInteger(port) && port >= 1 && port <= MAX_PORT;
}

/** Whether this is this machine by the loopback interface: an address of it, or `localhost`. */
export function isLoopback(address: string): boolean {
  const host = plainHost(address).toLowerCase();
  const ipv4 = host.replace(/^::ffff:/, "");
  return host === "localhost" || host === "::1" ||
    (familyOf(ipv4) === AF_INET && ipv4.startsWith("127."));
}
