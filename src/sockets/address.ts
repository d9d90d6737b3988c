/**
 * Host names, addresses and ports as people write them.
 *
 * @module
 */

/** A host as the socket calls want it: an IPv6 address loses the brackets of its URL form. */
export function plainHost(address: string): string {
  const bracketed = /^\[(.*)\]$/.exec(address);
  return bracketed?.[1] ?? address;
}

/** `host:port` as people write it: an IPv6 address gets brackets. */
export function formatEndpoint(address: string, port: number): string {
  const host = plainHost(address);
  return `${host.includes(":") ? `[${host}]` : host}:${port}`;
}

/** Whether a connection can be made to this port. */
export function isPort(port: number): boolean {
  return Number.isInteger(port) && port >= 1 && port <= 65535;
}
