/**
 * What Deno must permit for rigs to reach the fans, each grant as narrow as it can be.
 *
 * @module
 */

import type { RigConfig } from "../../config/rig_config.ts";
import { plainHost } from "../../rig/hosts.ts";
import { parseUri } from "../../rig/uri.ts";
import { type Need, netNeed } from "./permissions.ts";

/** What is needed to listen, and to answer: a datagram's sender has any port. */
export function rigNeeds(config: RigConfig | null): Need[] {
  if (config === null) return [];
  const { proc, host, port } = parseUri(config.listen, { allowsZero: true });
  const listening = netNeed(host, port);
  if (proc !== "udp") return [listening];
  // All addresses of IPv6 are those of IPv4 too.
  const isReached = (peer: string): boolean =>
    plainHost(host) === "::" || peer.includes(":") === host.includes(":");
  return [listening, ...config.peers.filter(isReached).map((peer) => netNeed(peer, 0))];
}
