/**
 * The link that a URI asks for.
 *
 * @module
 */
import { familyOf } from "../../sockets/inet.ts";
import type { RigAddress } from "../communicator.ts";
import { hostname2ip, isValidIp, plainHost } from "../hosts.ts";
import { quoted } from "../quoted.ts";
import { parseUri, type RigUri } from "../uri.ts";
import type { Link, LinkParts } from "./link.ts";
import { TcpLink } from "./tcp_link.ts";
import { UdpLink } from "./udp_link.ts";
import { WebSocketLink } from "./websocket_link.ts";

/** Whether an end listens, or is connected to one that does. */
export type Role = "server" | "client";

/** A way to make links. */
interface LinkKind {
  listen(at: RigAddress, parts: LinkParts): Promise<Link>;
  connect(to: RigAddress, parts: LinkParts): Promise<Link>;
}

const KINDS: ReadonlyMap<string, LinkKind> = new Map<string, LinkKind>([
  ["udp", UdpLink],
  ["tcp", TcpLink],
  ["ws", WebSocketLink],
]);

/**
 * Opens a link.
 *
 * @param peers Addresses of the hosts that may talk to a server; null for all.
 * @returns It, and its URI with the host's address and the port that it has got.
 * @throws {TypeError | RangeError} If the URI or a peer cannot be used.
 * @throws {SocketError} If it cannot be opened.
 */
export async function openLink(
  role: Role,
  serverUri: string,
  peers: readonly string[] | undefined,
  parts: Omit<LinkParts, "allows">,
): Promise<{ uri: RigUri; link: Link }> {
  const isServer = role === "server";
  const uri = parseUri(serverUri, { allowsZero: isServer });
  const kind = KINDS.get(uri.proc.toLowerCase());
  if (kind === undefined) {
    throw new RangeError(
      `Cannot use the scheme ${quoted(uri.proc)} of ${quoted(serverUri)}: it is none of ` +
        `${[...KINDS.keys()].join(", ")}; give one of them`,
    );
  }
  const allowed = peers === undefined ? null : new Set(peers.map(checkPeer));
  const allows = (host: string): boolean =>
    allowed === null || allowed.has(host) || allowed.has(plainHost(host));
  const host = familyOf(uri.host) === null ? await hostname2ip(uri.host) : plainHost(uri.host);
  const address: RigAddress = [host, uri.port];
  const all = { ...parts, allows };
  const link = isServer ? await kind.listen(address, all) : await kind.connect(address, all);
  const port = isServer ? link.address[1] : uri.port;
  return { uri: { ...uri, host, port }, link };
}

function checkPeer(peer: string): string {
  if (isValidIp(peer)) return plainHost(peer);
  throw new RangeError(
    `Cannot listen to the peer ${quoted(String(peer))}: it is no address; give one`,
  );
}
