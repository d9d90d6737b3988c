/**
 * Messages as datagrams.
 *
 * @module
 */
import { SOCK_DGRAM } from "../../sockets/constants.ts";
import { familyOf } from "../../sockets/inet.ts";
import { Socket } from "../../sockets/socket.ts";
import { SocketError } from "../../sockets/socket_error.ts";
import type { RigAddress } from "../communicator.ts";
import { FairInbox } from "./fair_inbox.ts";
import {
  checkLength,
  type Link,
  type LinkEvents,
  type LinkParts,
  MAX_MESSAGE_BYTES,
} from "./link.ts";

/** One datagram is one message. */
export class UdpLink implements Link {
  readonly #socket: Socket;
  readonly #parts: LinkParts;
  #inbox: FairInbox | null = null;
  #receiving: Promise<void> | null = null;
  #isClosed = false;

  private constructor(socket: Socket, parts: LinkParts) {
    this.#socket = socket;
    this.#parts = parts;
  }

  /** Listens at an address, for everybody that is allowed. */
  static async listen(at: RigAddress, parts: LinkParts): Promise<UdpLink> {
    return await UdpLink.#open(at, parts, (socket) => socket.bind(at));
  }

  /** Sends to an address, and hears nobody else. */
  static async connect(to: RigAddress, parts: LinkParts): Promise<UdpLink> {
    return await UdpLink.#open(to, parts, (socket) => socket.connect(to));
  }

  static async #open(
    [host]: RigAddress,
    parts: LinkParts,
    open: (socket: Socket) => Promise<void>,
  ): Promise<UdpLink> {
    const socket = new Socket(familyOf(host) ?? undefined, SOCK_DGRAM, 0, parts.clock);
    try {
      await open(socket);
    } catch (error) {
      await socket.close();
      throw error;
    }
    return new UdpLink(socket, parts);
  }

  get address(): RigAddress {
    return addressOf(this.#socket.getsockname());
  }

  get isConnected(): boolean {
    return !this.#isClosed;
  }

  start(events: LinkEvents): void {
    this.#inbox = new FairInbox(events.received, this.#parts.counters);
    this.#receiving = this.#receive(this.#inbox);
  }

  async send(bytes: Uint8Array, to: RigAddress): Promise<void> {
    checkLength(bytes);
    await this.#socket.sendto(bytes, to);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#inbox?.clear();
    await this.#socket.close();
    await this.#receiving;
  }

  async #receive(inbox: FairInbox): Promise<void> {
    const { counters } = this.#parts;
    let dropped = 0;
    while (!this.#isClosed) {
      try {
        const [bytes, from] = await this.#socket.recvfrom(MAX_MESSAGE_BYTES);
        const address = addressOf(from);
        if (this.#parts.allows(address[0])) inbox.push(bytes, address);
        else counters.foreign++;
        counters.dropped += this.#socket.dropped - dropped;
        dropped = this.#socket.dropped;
      } catch (error) {
        if (!(error instanceof SocketError)) throw error;
        // Closed by us; nothing else ends receiving.
        if (error.code === "EBADF") return;
      }
    }
  }
}

function addressOf(address: string | readonly [string, number, ...unknown[]]): RigAddress {
  return typeof address === "string" ? [address, 0] : [address[0], address[1]];
}
