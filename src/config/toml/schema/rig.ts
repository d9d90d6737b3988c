/**
 * `[rig]`.
 *
 * @module
 */

import { isValidIp } from "../../../rig/hosts.ts";
import { parseUri } from "../../../rig/uri.ts";
import { text, v } from "../rules.ts";
import { milliseconds, table } from "./table.ts";

const WEEK_MS = 604_800_000;
/** More hosts than a rig has. */
const MOST_PEERS = 64;

/** `[rig]`. */
export const RIG = table({
  listen: v.custom<string>(isListened, "udp://, tcp:// or ws:// with an IP address and a port"),
  peers: v.optional(v.custom<string[]>(
    (value) =>
      Array.isArray(value) && value.length > 0 && value.length <= MOST_PEERS &&
      value.every((peer) => typeof peer === "string" && isValidIp(peer)),
    `an array of 1 to ${MOST_PEERS} addresses, such as 192.0.2.1`,
  )),
  profile: v.optional(text, "quiet"),
  max_ms: v.optional(milliseconds(1000, WEEK_MS)),
});

function isListened(value: unknown): boolean {
  if (typeof value !== "string" || !/^(udp|tcp|ws):\/\//.test(value)) return false;
  try {
    return isValidIp(parseUri(value, { allowsZero: true }).host);
  } catch {
    return false;
  }
}
