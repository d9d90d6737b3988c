/**
 * Messages over WebSocket.
 *
 * @module
 */
import { openConn } from "../../sockets/open_conn.ts";
import { formatEndpoint } from "../../sockets/address.ts";
import {
  SocketError,
  socketError,
  socketFailure,
  SocketTimeout,
} from "../../sockets/socket_error.ts";
import { Waiter } from "../../sockets/waiter.ts";
import type { RigAddress } from "../communicator.ts";
import { FairInbox } from "./fair_inbox.ts";
import {
  checkLength,
  CONNECT_TIMEOUT_MS,
  keyOf,
  type Link,
  type LinkEvents,
  type LinkParts,
  MAX_MESSAGE_BYTES,
  MAX_PEERS,
  MAX_UNSENT_BYTES,
} from "./link.ts";

/** A peer that answers no ping within this time is gone, in seconds. */
const IDLE_SECONDS = 30;
/** How long the peers have to say goodbye, in milliseconds. */
const CLOSE_MS = 1000;

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Connections of WebSocket: those that come to a server, or the one of a client. */
export class WebSocketLink implements Link {
  readonly #parts: LinkParts;
  readonly #peers: Map<string, WebSocket> = new Map();
  #server: Deno.HttpServer<Deno.NetAddr> | null = null;
  /** What has connected before `start`. */
  #early: { socket: WebSocket; address: RigAddress }[] = [];
  #events: LinkEvents | null = null;
  #inbox: FairInbox | null = null;

  private constructor(parts: LinkParts) {
    this.#parts = parts;
  }

  /** Listens at an address, for everybody that is allowed. */
  // deno-lint-ignore require-await
  static async listen([hostname, port]: RigAddress, parts: LinkParts): Promise<WebSocketLink> {
    const link = new WebSocketLink(parts);
    try {
      link.#server = Deno.serve(
        { hostname, port, onListen() {} },
        (request, { remoteAddr }) => link.#upgrade(request, remoteAddr as Deno.NetAddr),
      );
    } catch (cause) {
      throw socketFailure(`listen at ${formatEndpoint(hostname, port)}`, cause);
    }
    return link;
  }

  /** Connects to an address. */
  static async connect(to: RigAddress, parts: LinkParts): Promise<WebSocketLink> {
    const action = `connect to ${formatEndpoint(...to)}`;
    const link = new WebSocketLink(parts);
    const socket = await openConn(
      (signal) => opened(new WebSocket(`ws://${formatEndpoint(...to)}`), signal),
      parts.clock,
      { timeoutMs: CONNECT_TIMEOUT_MS },
      {
        failure: (cause) => socketError(action, "ECONNREFUSED", { cause }),
        timeout: () => new SocketTimeout(action),
      },
    );
    link.#early.push({ socket, address: to });
    return link;
  }

  get address(): RigAddress {
    return this.#server === null ? ["", 0] : addressOf(this.#server.addr);
  }

  get isConnected(): boolean {
    return this.#peers.size > 0;
  }

  start(events: LinkEvents): void {
    this.#events = events;
    this.#inbox = new FairInbox(events.received, this.#parts.counters);
    for (const { socket, address } of this.#early) this.#adopt(socket, address);
    this.#early = [];
  }

  // deno-lint-ignore require-await
  async send(bytes: Uint8Array, to: RigAddress): Promise<void> {
    checkLength(bytes);
    const action = `send to ${formatEndpoint(...to)}`;
    const socket = this.#peers.get(keyOf(to));
    if (socket?.readyState !== WebSocket.OPEN) throw socketError(action, "ENOTCONN");
    if (socket.bufferedAmount + bytes.length > MAX_UNSENT_BYTES) {
      this.#parts.counters.refusedSends++;
      throw new SocketError(action, "ENOBUFS", "see to it that the peer reads");
    }
    socket.send(frameOf(bytes));
  }

  async close(): Promise<void> {
    this.#inbox?.clear();
    const ended = [...this.#peers.values()].map((socket) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      socket.addEventListener("close", () => resolve());
      socket.close();
      return promise;
    });
    // A peer that does not answer is not waited for.
    const limits = { timeoutMs: CLOSE_MS };
    const over = new Waiter<void>(new Set(), this.#parts.clock, limits, (late) => late.resolve());
    Promise.all(ended).then(() => over.resolve());
    await over.promise;
    await this.#server?.shutdown();
  }

  #upgrade(request: Request, from: Deno.NetAddr): Response {
    const { counters } = this.#parts;
    // A web page somewhere must not get at a rig through a browser here.
    if (!this.#parts.allows(from.hostname) || request.headers.has("origin")) {
      counters.foreign++;
      return new Response("Cannot connect: this host or page is not listed\n", { status: 403 });
    }
    if (request.headers.get("upgrade")?.toLowerCase() !== "websocket") {
      return new Response("Cannot answer: this is a WebSocket; connect to it\n", { status: 426 });
    }
    if (this.#peers.size + this.#early.length >= MAX_PEERS) {
      counters.refusedPeers++;
      return new Response("Cannot connect: too many peers\n", { status: 503 });
    }
    const { socket, response } = Deno.upgradeWebSocket(request, { idleTimeout: IDLE_SECONDS });
    const address = addressOf(from);
    if (this.#events === null) this.#early.push({ socket, address });
    else this.#adopt(socket, address);
    return response;
  }

  #adopt(socket: WebSocket, address: RigAddress): void {
    let failure: Error | null = null;
    socket.binaryType = "arraybuffer";
    this.#peers.set(keyOf(address), socket);
    socket.addEventListener("message", ({ data }) => this.#received(data, address));
    socket.addEventListener("error", (event) => {
      const found = event instanceof ErrorEvent ? event.message : "the connection failed";
      failure = socketError("receive", "ECONNRESET", { cause: new Error(found) });
    });
    socket.addEventListener("close", () => {
      this.#peers.delete(keyOf(address));
      this.#events?.lost(address, failure);
    });
  }

  #received(data: string | ArrayBuffer, from: RigAddress): void {
    const bytes = typeof data === "string" ? encoder.encode(data) : new Uint8Array(data);
    if (bytes.length > MAX_MESSAGE_BYTES) this.#parts.counters.oversized++;
    else this.#inbox?.push(bytes, from);
  }
}

function opened(socket: WebSocket, signal: AbortSignal): Promise<WebSocket> {
  const { promise, resolve, reject } = Promise.withResolvers<WebSocket>();
  socket.addEventListener("open", () => resolve(socket), { once: true });
  socket.addEventListener("error", (event) => {
    reject(new Error(event instanceof ErrorEvent ? event.message : "it could not be opened"));
  }, { once: true });
  signal.addEventListener("abort", () => socket.close(), { once: true });
  return promise;
}

/** Texts are sent as such; bytes that are none stay bytes. */
function frameOf(bytes: Uint8Array): string | Uint8Array<ArrayBuffer> {
  try {
    return decoder.decode(bytes);
  } catch {
    return Uint8Array.from(bytes);
  }
}

function addressOf({ hostname, port }: Deno.NetAddr): RigAddress {
  return [hostname, port];
}
