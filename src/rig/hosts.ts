/**
 * Hosts and their addresses.
 *
 * @module
 */
import { AF_INET, AF_INET6, SOCK_DGRAM } from "../sockets/constants.ts";
import { getaddrinfo } from "../sockets/getaddrinfo.ts";
import { familyOf, inetNtop, inetPton } from "../sockets/inet.ts";
import { quoted } from "./quoted.ts";

/**
 * Whether this is an IP address: a text in the strict form, of IPv6 also with a zone; 4 or 16
 * bytes; or a number, as which an address can be written too.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 *
 * assert.equal(isValidIp("192.0.2.1"), true);
 * assert.equal(isValidIp("::1"), true);
 * assert.equal(isValidIp("192.0.2.01"), false);
 * ```
 */
export function isValidIp(address: unknown): boolean {
  if (address instanceof Uint8Array) return address.length === 4 || address.length === 16;
  if (typeof address === "number") return Number.isSafeInteger(address) && address >= 0;
  if (typeof address === "bigint") return address >= 0n && address < 1n << 128n;
  if (typeof address !== "string") return false;
  const [plain = "", zone, more] = address.split("%");
  if (zone === undefined) return familyOf(plain) !== null;
  return familyOf(plain) === AF_INET6 && /^[^\s/]+$/.test(zone) && more === undefined;
}

/**
 * The address of a host, of IPv4 where it has one.
 *
 * @param hostname A name or an address; this machine's own name when it is left out, for which the
 * permission `--allow-sys=hostname` is needed. A name needs `--allow-net=NAME`.
 * @throws {RangeError} If there is no such host.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 *
 * assert.equal(await hostname2ip("localhost"), "127.0.0.1");
 * ```
 */
export async function hostname2ip(hostname?: string | null): Promise<string> {
  const name = hostname || Deno.hostname();
  try {
    const found = await getaddrinfo(name, null, 0, SOCK_DGRAM);
    const best = found.find(({ family }) => family === AF_INET) ?? found[0];
    return best.sockaddr[0];
  } catch (cause) {
    if (cause instanceof Deno.errors.NotCapable) throw cause;
    throw new RangeError(
      `Cannot resolve the host name ${quoted(name)}: no address is known for it; correct it`,
      { cause },
    );
  }
}

/**
 * The one form in which an address is compared: the shortest, and IPv4 as such also where IPv6
 * wraps it, as a system does that listens to both at once. What is no address is left alone.
 */
export function plainHost(host: string): string {
  if (familyOf(host) !== AF_INET6) return host;
  const shortest = inetNtop(AF_INET6, inetPton(AF_INET6, host));
  const wrapped = /^::ffff:([\d.]+)$/.exec(shortest)?.[1];
  return wrapped ?? shortest;
}
