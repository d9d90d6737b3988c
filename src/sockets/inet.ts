/**
 * IP addresses between text and bytes.
 *
 * @module
 */
import { AF_INET, AF_INET6 } from "./constants.ts";
import { socketError } from "./socket_error.ts";

/**
 * Writes an address as text; the documents' `inet_ntop`. IPv6 comes out in its shortest form.
 *
 * @param family {@linkcode AF_INET} or {@linkcode AF_INET6}.
 * @param bytes 4 or 16 bytes.
 * @throws {SocketError} EAFNOSUPPORT for another family, EINVAL for another length.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { AF_INET } from "../../mod.ts";
 *
 * assert.equal(inetNtop(AF_INET, Uint8Array.of(127, 0, 0, 1)), "127.0.0.1");
 * ```
 */
export function inetNtop(family: number, bytes: Uint8Array): string {
  if (bytes.length !== sizeOf(family, "write an address")) {
    throw socketError(`write an address of ${bytes.length} bytes`, "EINVAL");
  }
  return family === AF_INET ? bytes.join(".") : formatIpv6(bytes);
}

/**
 * Reads an address; the documents' `inet_pton`. Only the strict forms are read: four decimal
 * numbers without leading zeros, or eight groups with at most one `::`.
 *
 * @param family {@linkcode AF_INET} or {@linkcode AF_INET6}.
 * @returns 4 or 16 bytes.
 * @throws {SocketError} EAFNOSUPPORT for another family, EINVAL if it is no such address.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { AF_INET } from "../../mod.ts";
 *
 * assert.deepEqual(inetPton(AF_INET, "192.0.2.1"), Uint8Array.of(192, 0, 2, 1));
 * ```
 */
export function inetPton(family: number, address: string): Uint8Array<ArrayBuffer> {
  sizeOf(family, "read an address");
  const bytes = family === AF_INET ? parseIpv4(address) : parseIpv6(address);
  if (bytes === null) throw socketError(`read the address "${address}"`, "EINVAL");
  return Uint8Array.from(bytes);
}

/** The family of an address, or null if it is a name or nothing at all. */
export function familyOf(address: string): typeof AF_INET | typeof AF_INET6 | null {
  if (parseIpv4(address) !== null) return AF_INET;
  return parseIpv6(address) === null ? null : AF_INET6;
}

function sizeOf(family: number, action: string): number {
  if (family === AF_INET) return 4;
  if (family === AF_INET6) return 16;
  throw socketError(`${action} of family ${family}`, "EAFNOSUPPORT");
}

function parseIpv4(text: string): number[] | null {
  const parts = text.split(".");
  const numbers = parts.map((part) => /^(0|[1-9]\d{0,2})$/.test(part) ? Number(part) : 256);
  return parts.length === 4 && numbers.every((number) => number < 256) ? numbers : null;
}

function parseIpv6(text: string): number[] | null {
  const halves = text.split("::").map(groupsOf);
  const [head, tail] = halves;
  if (head === null || head === undefined || tail === null || halves.length > 2) return null;
  if (tail === undefined) return head.length === 16 ? head : null;
  const gap = 16 - head.length - tail.length;
  // Only the last group of all may be written as IPv4, and "::" stands for a group at least.
  if (gap < 2 || text.split("::")[0]?.includes(".")) return null;
  return [...head, ...new Array<number>(gap).fill(0), ...tail];
}

/** The bytes of groups between colons, the last of which may be an IPv4 address. */
function groupsOf(text: string): number[] | null {
  if (text === "") return [];
  const bytes: number[] = [];
  const groups = text.split(":");
  for (const [index, group] of groups.entries()) {
    const ipv4 = index === groups.length - 1 ? parseIpv4(group) : null;
    if (ipv4 !== null) bytes.push(...ipv4);
    else if (/^[\da-f]{1,4}$/i.test(group)) {
      const value = parseInt(group, 16);
      bytes.push(value >> 8, value & 0xff);
    } else return null;
  }
  return bytes;
}

function formatIpv6(bytes: Uint8Array): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, 16);
  const groups = Array.from({ length: 8 }, (_, index) => view.getUint16(index * 2));
  const run = longestZeros(groups);
  // IPv4 inside IPv6 is written as such: ::127.0.0.1 and ::ffff:127.0.0.1.
  const holdsIpv4 = run.start === 0 &&
    (run.length === 6 || (run.length === 5 && groups[5] === 0xffff));
  const words = groups.slice(0, holdsIpv4 ? 6 : 8).map((group) => group.toString(16));
  if (holdsIpv4) words.push(bytes.subarray(12).join("."));
  if (run.length < 2) return words.join(":");
  const head = words.slice(0, run.start).join(":");
  return `${head}::${words.slice(run.start + run.length).join(":")}`;
}

/** The first of the longest runs of zeros. */
function longestZeros(groups: readonly number[]): { start: number; length: number } {
  let best = { start: 0, length: 0 };
  let start = 0;
  for (const [index, group] of groups.entries()) {
    if (group !== 0) start = index + 1;
    else if (index + 1 - start > best.length) best = { start, length: index + 1 - start };
  }
  return best;
}
