/**
 * Where rigs are reached: `udp://host:port`.
 *
 * @module
 */
import { formatEndpoint, parsePort } from "../sockets/address.ts";
import { AF_INET6 } from "../sockets/constants.ts";
import { familyOf } from "../sockets/inet.ts";
import { hostname2ip } from "./hosts.ts";
import { quoted } from "./quoted.ts";

/** The port of rigs. */
export const LISTEN_PORT = 11001;

const DEFAULT_PROC = "udp";

/** The parts of a URI; the host of IPv6 has no brackets. */
export interface RigUri {
  /** Such as `udp`. */
  readonly proc: string;
  readonly host: string;
  readonly port: number;
}

/**
 * Completes a URI and checks it.
 *
 * @param uri A URI without a path, a host, or a host and a port; an address of IPv6 goes between
 * brackets where a port follows.
 * @param resolveHost Whether a name becomes an address. Else a name is only checked: lower-case
 * letters, digits and hyphens.
 * @param defaultPort The port where none is given, 1 to 65535.
 * @param defaultProc The scheme where none is given.
 * @returns `scheme://host:port`.
 * @throws {TypeError} If it is not a text.
 * @throws {RangeError} If host or port cannot be used, or the host is not known.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 *
 * assert.equal(await validateUri("192.0.2.1"), "udp://192.0.2.1:11001");
 * assert.equal(await validateUri("tcp://[::1]:80"), "tcp://[::1]:80");
 * ```
 */
export async function validateUri(
  uri: string,
  resolveHost = true,
  defaultPort: number | string = LISTEN_PORT,
  defaultProc: string = DEFAULT_PROC,
): Promise<string> {
  const parts = parseUri(uri, { defaultPort, defaultProc });
  if (familyOf(parts.host) !== null) return formatUri(parts);
  if (!resolveHost) return formatUri(checkName(uri, parts));
  return formatUri({ ...parts, host: await hostname2ip(parts.host) });
}

/** What {@linkcode parseUri} takes for granted. */
export interface UriDefaults {
  readonly defaultPort?: number | string;
  readonly defaultProc?: string;
  /** Whether port 0 is allowed, which lets the system choose one to listen at. */
  readonly allowsZero?: boolean;
}

/**
 * Takes a URI apart; names are not looked up, and not checked either.
 *
 * @throws {TypeError} If it is not a text.
 * @throws {RangeError} If it has no host, or its port cannot be used.
 */
export function parseUri(uri: string, defaults: UriDefaults = {}): RigUri {
  if (typeof uri !== "string") {
    throw new TypeError(
      `Cannot use a URI of type ${uri === null ? "null" : typeof uri}: it is not a text; give one`,
    );
  }
  const proc = /^[a-zA-Z]+(?=:\/\/)/.exec(uri)?.[0];
  const rest = proc === undefined ? uri : uri.slice(proc.length + 3);
  const [host, portText] = splitHost(uri, rest);
  if (host === "") {
    throw new RangeError(`Cannot use the URI ${quoted(uri)}: it names no host; give one`);
  }
  const port = readPort(uri, portText || String(defaults.defaultPort ?? LISTEN_PORT), defaults);
  return { proc: proc ?? defaults.defaultProc ?? DEFAULT_PROC, host, port };
}

/** The text of it. */
export function formatUri({ proc, host, port }: RigUri): string {
  return `${proc}://${formatEndpoint(host, port)}`;
}

/** @throws {RangeError} If the host is a name that has other characters than names have here. */
export function checkName(uri: string, parts: RigUri): RigUri {
  if (familyOf(parts.host) !== null || /^[a-z0-9-]+$/.test(parts.host)) return parts;
  throw new RangeError(
    `Cannot use the host name ${quoted(parts.host)} of ${quoted(uri)}: only a to z, 0 to 9 and ` +
      '"-" are allowed; have it resolved, or give an address',
  );
}

function splitHost(uri: string, rest: string): [host: string, port: string] {
  if (familyOf(rest) === AF_INET6) return [rest, ""];
  if (!rest.startsWith("[")) {
    const at = rest.indexOf(":");
    return at < 0 ? [rest, ""] : [rest.slice(0, at), rest.slice(at + 1)];
  }
  const [, host = "", , port = ""] = /^\[([^\]]*)\](:(.*))?$/s.exec(rest) ?? [];
  if (familyOf(host) === AF_INET6) return [host, port];
  throw new RangeError(
    `Cannot use the URI ${quoted(uri)}: between the brackets is no address of IPv6; ` +
      "write it as [::1]:11001",
  );
}

function readPort(uri: string, text: string, { allowsZero }: UriDefaults): number {
  const port = allowsZero && text === "0" ? 0 : parsePort(text);
  if (port !== null) return port;
  throw new RangeError(
    `Cannot use the port ${quoted(text)} of ${quoted(uri)}: it is no whole number of 1 to 65535; ` +
      "give such a port",
  );
}
