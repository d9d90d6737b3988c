/**
 * Messages over TCP, one behind the other.
 *
 * @module
 */
import { formatEndpoint } from "../../sockets/address.ts";
import { IPPROTO_TCP, SO_KEEPALIVE, SOL_SOCKET, TCP_NODELAY } from "../../sockets/constants.ts";
import { familyOf } from "../../sockets/inet.ts";
import { Socket } from "../../sockets/socket.ts";
import { SocketError, socketError } from "../../sockets/socket_error.ts";
import type { RigAddress } from "../communicator.ts";
import { JsonSplitter } from "./json_splitter.ts";
import {
  checkLength,
  CONNECT_TIMEOUT_MS,
  keyOf,
  type Link,
  type LinkEvents,
  type LinkParts,
  MAX_PEERS,
  MAX_UNSENT_BYTES,
} from "./link.ts";

const READ_BYTES = 65_536;
/** How long the end of a message may take to come after its beginning, in milliseconds. */
export const PARTIAL_MS = 5000;

/** A connection. */
interface Peer {
  readonly socket: Socket;
  readonly address: RigAddress;
  unsentBytes: number;
  reading: Promise<void>;
}

/** Connections of TCP: those that come to a server, or the one of a client. */
export class TcpLink implements Link {
  readonly #parts: LinkParts;
  readonly #socket: Socket;
  readonly #isServer: boolean;
  readonly #peers: Map<string, Peer> = new Map();
  #accepting: Promise<void> | null = null;
  #isClosed = false;

  private constructor(socket: Socket, isServer: boolean, parts: LinkParts) {
    this.#socket = socket;
    this.#isServer = isServer;
    this.#parts = parts;
  }

  /** Listens at an address, for everybody that is allowed. */
  static async listen(at: RigAddress, parts: LinkParts): Promise<TcpLink> {
    return await TcpLink.#open(at, true, parts, async (socket) => {
      await socket.bind(at);
      await socket.listen();
    });
  }

  /** Connects to an address. */
  static async connect(to: RigAddress, parts: LinkParts): Promise<TcpLink> {
    return await TcpLink.#open(to, false, parts, async (socket) => {
      socket.settimeout(CONNECT_TIMEOUT_MS / 1000);
      await socket.connect(to);
      socket.settimeout(null);
    });
  }

  static async #open(
    [host]: RigAddress,
    isServer: boolean,
    parts: LinkParts,
    open: (socket: Socket) => Promise<void>,
  ): Promise<TcpLink> {
    const socket = new Socket(familyOf(host) ?? undefined, undefined, 0, parts.clock);
    try {
      socket.setsockopt(IPPROTO_TCP, TCP_NODELAY, true);
      socket.setsockopt(SOL_SOCKET, SO_KEEPALIVE, true);
      await open(socket);
    } catch (error) {
      await socket.close();
      throw error;
    }
    return new TcpLink(socket, isServer, parts);
  }

  get address(): RigAddress {
    return addressOf(this.#socket.getsockname());
  }

  get isConnected(): boolean {
    return this.#peers.size > 0;
  }

  start(events: LinkEvents): void {
    if (this.#isServer) this.#accepting = this.#accept(events);
    else this.#adopt(this.#socket, addressOf(this.#socket.getpeername()), events);
  }

  async send(bytes: Uint8Array, to: RigAddress): Promise<void> {
    checkLength(bytes);
    const peer = this.#peers.get(keyOf(to));
    const action = `send to ${formatEndpoint(...to)}`;
    if (peer === undefined) throw socketError(action, "ENOTCONN");
    if (peer.unsentBytes + bytes.length > MAX_UNSENT_BYTES) {
      this.#parts.counters.refusedSends++;
      throw new SocketError(action, "ENOBUFS", "see to it that the peer reads");
    }
    peer.unsentBytes += bytes.length;
    try {
      await peer.socket.sendall(bytes);
    } finally {
      peer.unsentBytes -= bytes.length;
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const peers = [...this.#peers.values()];
    // What a peer does not read is not waited for.
    for (const { socket } of peers) void socket.close();
    if (this.#isServer) await this.#socket.close();
    await this.#accepting;
    const others = peers.filter(({ unsentBytes }) => unsentBytes === 0);
    await Promise.all(others.map(({ reading }) => reading));
  }

  async #accept(events: LinkEvents): Promise<void> {
    const { counters } = this.#parts;
    while (!this.#isClosed) {
      try {
        const [socket, from] = await this.#socket.accept();
        const address = addressOf(from);
        const isAllowed = this.#parts.allows(address[0]);
        if (isAllowed && this.#peers.size < MAX_PEERS) this.#adopt(socket, address, events);
        else {
          if (isAllowed) counters.refusedPeers++;
          else counters.foreign++;
          void socket.close();
        }
      } catch (error) {
        if (!(error instanceof SocketError)) throw error;
        // Closed by us; a connection that was given up meanwhile is nothing.
        if (error.code === "EBADF") return;
      }
    }
  }

  #adopt(socket: Socket, address: RigAddress, events: LinkEvents): void {
    const peer: Peer = { socket, address, unsentBytes: 0, reading: Promise.resolve() };
    this.#peers.set(keyOf(address), peer);
    peer.reading = this.#read(peer, events);
  }

  async #read(peer: Peer, events: LinkEvents): Promise<void> {
    const splitter = new JsonSplitter(this.#parts.counters);
    let failure: Error | null = null;
    try {
      await this.#readAll(peer, splitter, events);
    } catch (error) {
      if (!(error instanceof SocketError)) throw error;
      failure = error;
    }
    this.#peers.delete(keyOf(peer.address));
    void peer.socket.close();
    if (!this.#isClosed) events.lost(peer.address, failure);
  }

  /** While a message is handled nothing is read: the peer waits as well. */
  async #readAll(peer: Peer, splitter: JsonSplitter, events: LinkEvents): Promise<void> {
    const { clock, counters } = this.#parts;
    for (;;) {
      const cancel = splitter.isPartial
        ? clock.after(PARTIAL_MS, () => void (splitter.reset() && counters.malformed++))
        : null;
      const chunk = await peer.socket.recv(READ_BYTES).finally(() => cancel?.());
      if (chunk.length === 0) return;
      for (const message of splitter.push(chunk)) await events.received(message, peer.address);
    }
  }
}

function addressOf(address: string | readonly [string, number, ...unknown[]]): RigAddress {
  return typeof address === "string" ? [address, 0] : [address[0], address[1]];
}
