/**
 * The door for TLS 1.3, with certificates of clients or without.
 *
 * @module
 */

import { createServer as listenTcp, type Server as TcpServer, type Socket } from "node:net";
import { createServer as serveTls, type Server as TlsServer, type TLSSocket } from "node:tls";
import type { X509Certificate } from "node:crypto";
import type { Clock } from "../../clock.ts";
import type { TlsIdentityParts } from "../../config/tls/identity.ts";
import type { TlsConfig } from "../../config/tls/tls_config.ts";
import { ListeningError } from "../../errors.ts";
import type { Log } from "../../log.ts";
import { formatEndpoint, isLoopback, plainHost } from "../../sockets/address.ts";
import { encodeMessage } from "../../wire/message.ts";
import { Request } from "../../wire/request.ts";
import { judge } from "./client_certificate.ts";
import type { Arrival, Door } from "./door.ts";
import { TlsLine } from "./tls_line.ts";

/** What has happened at the door since the start; only ever grows. */
export interface TlsCounters {
  /** Clients beyond the handshakes that may be under way. */
  crowded: number;
  /** Handshakes that were not over in time. */
  late: number;
  /** Handshakes that failed: no TLS, another version, a client that does not trust this server. */
  failed: number;
  /** Clients whose certificate did not prove what it should. */
  refused: number;
  /** Clients that were in when their certificate was revoked. */
  revoked: number;
}

/** What the door works with besides its configuration. */
export interface TlsDoorParts {
  readonly clock: Clock;
  readonly log: Log;
}

/** How long a client that is refused has to read why. */
const LINGER_MS = 500;
/** So many refused clients are told why at one time; those beyond are closed without a word. */
const MOST_REFUSED = 64;

/** Lets clients in over TLS. */
export class TlsDoor implements Door {
  readonly counters: TlsCounters = { crowded: 0, late: 0, failed: 0, refused: 0, revoked: 0 };
  readonly #parts: TlsDoorParts;
  readonly #tcp: TcpServer;
  #config: TlsConfig;
  #identity: TlsIdentityParts;
  /** Never listens: it is handed the connections that may begin a handshake. */
  #tls: TlsServer;
  /** Connections whose handshake is under way, by the address of the client. */
  readonly #handshakes = new Map<string, Handshake>();
  readonly #refused = new Set<TLSSocket>();
  /** Who is in by which certificate. */
  readonly #inside = new Map<TLSSocket, X509Certificate>();
  readonly #ready: Arrival[] = [];
  #waiting: PromiseWithResolvers<Arrival> | null = null;
  #isClosed = false;

  private constructor(config: TlsConfig, parts: TlsDoorParts) {
    this.#parts = parts;
    this.#config = config;
    this.#identity = identityOf(config);
    this.#tls = this.#serve();
    this.#tcp = listenTcp({ allowHalfOpen: true }, (socket) => this.#meet(socket));
  }

  /**
   * Listens.
   *
   * @param config With what its files hold.
   * @throws {ListeningError} when the address is not one of this machine or the port is taken.
   */
  static async open(config: TlsConfig, parts: TlsDoorParts): Promise<TlsDoor> {
    const door = new TlsDoor(config, parts);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    door.#tcp.once("error", reject);
    door.#tcp.listen(config.port, plainHost(config.address), resolve);
    try {
      await promise;
    } catch (error) {
      if (error instanceof Deno.errors.NotCapable) throw error;
      throw new ListeningError(
        `Cannot listen for TLS on ${formatEndpoint(config.address, config.port)}: ` +
          `${textOf(error)}; choose another with "address" and "port" of [tls]`,
        { cause: error },
      );
    }
    door.#tcp.off("error", reject);
    door.#tcp.on("error", (error) => door.#fail(error));
    return door;
  }

  /** Where clients reach this door. */
  get address(): Deno.NetAddr {
    const { address, port } = this.#tcp.address() as { address: string; port: number };
    return { transport: "tcp", hostname: address, port };
  }

  get place(): string {
    const { hostname, port } = this.address;
    return `${formatEndpoint(hostname, port)} (TLS)`;
  }

  /**
   * Takes other certificates, and everything else of `[tls]` but the address and the port. Clients
   * stay, but for those whose certificate is revoked now.
   */
  renew(config: TlsConfig): void {
    this.#config = config;
    this.#identity = identityOf(config);
    this.#tls = this.#serve();
    for (const [socket, certificate] of this.#inside) {
      if (!this.#identity.revocations.has(certificate)) continue;
      this.counters.revoked++;
      socket.destroy();
    }
  }

  accept(): Promise<Arrival> {
    const arrival = this.#ready.shift();
    if (arrival !== undefined) return Promise.resolve(arrival);
    if (this.#isClosed) return Promise.reject(new Deno.errors.BadResource("the door is closed"));
    this.#waiting = Promise.withResolvers();
    return this.#waiting.promise;
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#tcp.close();
    for (const { socket } of this.#handshakes.values()) socket.destroy();
    for (const socket of this.#refused) socket.destroy();
    for (const { line } of this.#ready.splice(0)) line.close();
    this.#fail(new Deno.errors.BadResource("the door is closed"));
  }

  #fail(error: Error): void {
    this.#waiting?.reject(error);
    this.#waiting = null;
  }

  #serve(): TlsServer {
    const { cert, key, clientCa } = this.#identity;
    const server = serveTls({
      cert,
      key,
      minVersion: "TLSv1.3",
      // Whoever has the wrong certificate is told so, in words, instead of being cut off.
      ...clientCa !== null && { ca: clientCa, requestCert: true, rejectUnauthorized: false },
    });
    server.on("secureConnection", (socket) => this.#greet(socket));
    // Said by the connection as well, when it closes.
    server.on("tlsClientError", () => {});
    return server;
  }

  /** A client has connected, and has said nothing yet. */
  #meet(socket: Socket): void {
    const peer = peerOf(socket);
    if (this.#isClosed || peer === null) return void socket.destroy();
    if (this.#handshakes.size + this.#ready.length >= this.#config.handshakes) {
      this.counters.crowded++;
      return void socket.destroy();
    }
    const { handshakeMs } = this.#config;
    const cancel = this.#parts.clock.after(handshakeMs, () => {
      this.counters.late++;
      this.#parts.log.info(`${peer}: cut off: no TLS handshake within ${handshakeMs} ms`);
      handshake.isLate = true;
      socket.destroy();
    });
    const handshake: Handshake = { socket, cancel, isLate: false };
    this.#handshakes.set(peer, handshake);
    socket.setNoDelay(true);
    socket.on("error", () => {});
    socket.on("close", () => {
      if (this.#handshakes.get(peer) !== handshake) return;
      this.#finish(peer, handshake);
      if (!handshake.isLate) this.counters.failed++;
      this.#parts.log.debug(`${peer}: no TLS handshake`);
    });
    this.#tls.emit("connection", socket);
  }

  /** The handshake with a client is over. */
  #greet(socket: TLSSocket): void {
    const peer = peerOf(socket);
    const handshake = peer === null ? undefined : this.#handshakes.get(peer);
    if (peer === null || handshake === undefined || this.#isClosed) return void socket.destroy();
    this.#finish(peer, handshake);
    const verdict = judge(socket, this.#identity, this.#config.clientCertificate);
    if ("refusal" in verdict) return this.#refuse(socket, peer, verdict.refusal);
    const { name, certificate } = verdict;
    if (certificate !== null) {
      this.#inside.set(socket, certificate);
      socket.once("close", () => this.#inside.delete(socket));
    }
    const host = socket.remoteAddress ?? "";
    const isLocal = isLoopback(host);
    this.#hand({
      line: new TlsLine(socket),
      origin: { way: "tls", peer, host, isLocal, certificate: name },
    });
  }

  #finish(peer: string, handshake: Handshake): void {
    this.#handshakes.delete(peer);
    handshake.cancel();
  }

  #hand(arrival: Arrival): void {
    const waiting = this.#waiting;
    this.#waiting = null;
    if (waiting === null) this.#ready.push(arrival);
    else waiting.resolve(arrival);
  }

  /** Tells a client why it is not let in; what it says meanwhile is not read. */
  #refuse(socket: TLSSocket, peer: string, reason: string): void {
    this.counters.refused++;
    this.#parts.log.info(`${peer}: ${reason}`);
    socket.on("error", () => {});
    if (this.#refused.size >= MOST_REFUSED) return void socket.destroy();
    this.#refused.add(socket);
    const cancel = this.#parts.clock.after(LINGER_MS, () => socket.destroy());
    socket.once("close", () => {
      cancel();
      this.#refused.delete(socket);
    });
    socket.resume();
    socket.once("end", () => socket.destroy());
    socket.end(encodeMessage(Request.DISCONNECT, [reason]));
  }
}

/** A handshake under way. */
interface Handshake {
  readonly socket: Socket;
  /** Takes back its deadline. */
  readonly cancel: () => void;
  isLate: boolean;
}

/** Host and port of a client; null when it has gone already. */
function peerOf({ remoteAddress, remotePort }: Socket): string | null {
  if (remoteAddress === undefined || remotePort === undefined) return null;
  return formatEndpoint(remoteAddress, remotePort);
}

function identityOf({ identity }: TlsConfig): TlsIdentityParts {
  if (identity === null) throw new TypeError("the files of [tls] have not been read");
  return identity.parts;
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
