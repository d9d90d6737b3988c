/**
 * Names to addresses.
 *
 * @module
 */
import {
  AF_INET,
  AF_INET6,
  AF_UNSPEC,
  AI_NUMERICHOST,
  AI_PASSIVE,
  IPPROTO_TCP,
  IPPROTO_UDP,
  SOCK_DGRAM,
  SOCK_STREAM,
} from "./constants.ts";
import { familyOf } from "./inet.ts";
import { type InetAddress, toAddress } from "./socket_address.ts";
import { socketError, type SocketErrorCode, socketFailure } from "./socket_error.ts";

/**
 * One way to reach a service: the tuple `[family, type, proto, canonname, sockaddr]`, whose parts
 * have names too.
 */
export type AddressInfo =
  & readonly [
    family: number,
    type: number,
    proto: number,
    canonname: string,
    sockaddr: InetAddress,
  ]
  & {
    /** {@linkcode AF_INET} or {@linkcode AF_INET6}. */
    readonly family: number;
    /** {@linkcode SOCK_STREAM} or {@linkcode SOCK_DGRAM}. */
    readonly type: number;
    /** {@linkcode IPPROTO_TCP} or {@linkcode IPPROTO_UDP}. */
    readonly proto: number;
    /** Always "". */
    readonly canonname: string;
    /** What `connect` and `bind` of a socket take. */
    readonly sockaddr: InetAddress;
    /** The last part is the address. */
    at(index: -1): InetAddress;
  };

/** The types that there are, with their protocols. */
const TYPES = [[SOCK_STREAM, IPPROTO_TCP], [SOCK_DGRAM, IPPROTO_UDP]] as const;

/** Ports that may be told by name. */
const SERVICES: ReadonlyMap<string, number> = new Map([
  ["domain", 53],
  ["http", 80],
  ["https", 443],
  ["ntp", 123],
  ["snmp", 161],
  ["ssh", 22],
  ["syslog", 514],
]);

/**
 * Finds the addresses of a host, as the C library does: names of DNS and of `/etc/hosts`, and
 * addresses as they are, for which nothing is looked up. A name needs the permission
 * `--allow-net=NAME`, an address none.
 *
 * @param host A name, an address, or null for this machine.
 * @param port 0 to 65535, such a number as text, or a name such as `http`.
 * @param family {@linkcode AF_INET}, {@linkcode AF_INET6}, or 0 for both.
 * @param type {@linkcode SOCK_STREAM}, {@linkcode SOCK_DGRAM}, or 0 for both.
 * @param proto {@linkcode IPPROTO_TCP}, {@linkcode IPPROTO_UDP}, or 0 for both.
 * @param flags {@linkcode AI_PASSIVE}, {@linkcode AI_NUMERICHOST}, or both.
 * @returns At least one; the best first.
 * @throws {SocketError} EAI_NONAME if there is no such host, and the other codes that begin EAI_.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 *
 * const address = (await getaddrinfo("127.0.0.1", 80))[0].at(-1);
 * assert.deepEqual(address, ["127.0.0.1", 80]);
 * ```
 */
export async function getaddrinfo(
  host: string | null,
  port: number | string | null,
  family = AF_UNSPEC as number,
  type = 0,
  proto = 0,
  flags = 0,
): Promise<readonly [AddressInfo, ...AddressInfo[]]> {
  const action = `find the addresses of "${host}"`;
  const refuse = (code: SocketErrorCode): never => {
    throw socketError(action, code);
  };
  if ((flags & ~(AI_PASSIVE | AI_NUMERICHOST)) !== 0) refuse("EAI_BADFLAGS");
  if (![AF_UNSPEC, AF_INET, AF_INET6].includes(family)) refuse("EAI_FAMILY");
  const types = TYPES.filter(([some, its]) =>
    (type === 0 || type === some) && (proto === 0 || proto === its)
  );
  if (types.length === 0) refuse("EAI_SOCKTYPE");
  const number = portOf(port);
  if (number === null) return refuse("EAI_SERVICE");
  const found = await addressesOf(action, host, family, flags);
  const infos = found.flatMap((address) => {
    const its = familyOf(address) ?? AF_INET;
    return types.map(([some, protocol]) =>
      addressInfo(its, some, protocol, toAddress(its, address, number))
    );
  });
  const [first, ...others] = infos;
  return first === undefined ? refuse("EAI_NONAME") : [first, ...others];
}

async function addressesOf(
  action: string,
  host: string | null,
  family: number,
  flags: number,
): Promise<string[]> {
  const fits = (address: string): boolean => family === 0 || familyOf(address) === family;
  if (host === null) {
    return (flags & AI_PASSIVE ? ["0.0.0.0", "::"] : ["::1", "127.0.0.1"]).filter(fits);
  }
  if (familyOf(host) !== null) {
    if (!fits(host)) throw socketError(action, "EAI_ADDRFAMILY");
    return [host];
  }
  if (host === "" || (flags & AI_NUMERICHOST) !== 0) throw socketError(action, "EAI_NONAME");
  const { lookup } = await import("node:dns/promises");
  try {
    const found = await lookup(host, { all: true });
    return found.map(({ address }) => address).filter(fits);
  } catch (cause) {
    throw lookupFailure(action, cause);
  }
}

function lookupFailure(action: string, cause: unknown): Error {
  const code = (cause as { code?: unknown }).code;
  if (code === "EPERM") return socketError(action, "EPERM", { cause });
  if (code === "EAI_AGAIN") return socketError(action, "EAI_AGAIN", { cause });
  return code === "ENOTFOUND" || code === "ENODATA"
    ? socketError(action, "EAI_NONAME", { cause })
    : socketFailure(action, cause);
}

function portOf(port: number | string | null): number | null {
  if (port === null) return 0;
  const number = typeof port === "string" && /^\d{1,5}$/.test(port) ? Number(port) : port;
  if (typeof number === "string") return SERVICES.get(number) ?? null;
  return Number.isInteger(number) && number >= 0 && number <= 65535 ? number : null;
}

function addressInfo(
  family: number,
  type: number,
  proto: number,
  sockaddr: InetAddress,
): AddressInfo {
  const canonname = "";
  const tuple = [family, type, proto, canonname, sockaddr];
  const names = { family, type, proto, canonname, sockaddr };
  for (const [name, value] of Object.entries(names)) Object.defineProperty(tuple, name, { value });
  return Object.freeze(tuple) as unknown as AddressInfo;
}
