/**
 * What Deno must permit for rigs to reach the fans, each grant as narrow as it can be.
 *
 * @module
 */

import type { RigConfig } from "../../config/rig_config.ts";
import { parseUri } from "../../rig/uri.ts";
import { type Need, netNeed } from "./permissions.ts";

/** What is needed to listen, and to answer: a datagram's sender has any port. */
export function rigNeeds(config: RigConfig | null): Need[] {
  if (config === null) return [];
  const { proc, host, port } = parseUri(config.listen, { allowsZero: true });
  const listening = netNeed(host, port);
  if (proc !== "udp") return [listening];
  const isOfFamily = (peer: string): boolean => peer.includes(":") === host.includes(":");
  return [listening, ...config.peers.filter(isOfFamily).map((peer) => netNeed(peer, 0))];
}
