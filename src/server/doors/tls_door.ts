/**
 * The door for TLS 1.3, with certificates of clients or without.
 *
 * @module
 */

import { AsyncLocalStorage } from "node:async_hooks";
import type { X509Certificate } from "node:crypto";
import { setImmediate } from "node:timers";
import { createServer, type Server as TlsServer, type TLSSocket } from "node:tls";
import type { Clock } from "../../clock.ts";
import type { TlsIdentityParts } from "../../config/tls/identity.ts";
import type { TlsConfig } from "../../config/tls/tls_config.ts";
import { ListeningError } from "../../errors.ts";
import type { Log } from "../../log.ts";
import { formatEndpoint, isLoopback } from "../../sockets/address.ts";
import { listenNet } from "../../sockets/net.ts";
import { encodeMessage } from "../../wire/message.ts";
import { Request } from "../../wire/request.ts";
import { judge } from "./client_certificate.ts";
import { longestOfMost } from "./crowd.ts";
import type { Arrival, Door } from "./door.ts";
import { TcpStream } from "./tcp_stream.ts";
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

/** A handshake under way. */
interface Handshake {
  readonly stream: TcpStream;
  readonly address: Deno.NetAddr;
  /** Takes back its deadline. */
  cancel(): void;
}

/** So much later than this door node:tls gives a handshake up, so that only one of them does. */
const TLS_LATER_MS = 500;
/** The log is told of clients that are not let in at most this often; all are counted. */
const SAY_MS = 1000;
/** How long a client that is refused has to read why. */
const LINGER_MS = 500;
/** So many refused clients are told why at one time; those beyond are closed without a word. */
const MOST_REFUSED = 64;

/** What a client of fand reads that does not know of the TLS. */
const TO_STRANGERS = encodeMessage(Request.DISCONNECT, [
  "Cannot serve this client: TLS is spoken here, and what came is none; use TLS, or another port",
]);

/** Lets clients in over TLS. */
export class TlsDoor implements Door {
  readonly counters: TlsCounters = { crowded: 0, late: 0, failed: 0, refused: 0, revoked: 0 };
  readonly #parts: TlsDoorParts;
  readonly #listener: Deno.TcpListener;
  #config: TlsConfig;
  #identity: TlsIdentityParts;
  /** Never listens: it is handed the connections that may begin a handshake. */
  #tls: TlsServer;
  readonly #handshakes = new Set<Handshake>();
  /** Which handshake it is that node:tls tells about: it does not say so itself. */
  readonly #current = new AsyncLocalStorage<Handshake>();
  readonly #refused = new Set<TLSSocket>();
  /** Who is in by which certificate. */
  readonly #inside = new Map<TLSSocket, X509Certificate>();
  readonly #ready: Arrival[] = [];
  #waiting: PromiseWithResolvers<Arrival> | null = null;
  #isAccepting = false;
  #saidMs = -Infinity;
  #isClosed = false;

  /**
   * Listens.
   *
   * @param config With what its files hold.
   * @throws {ListeningError} when the address is not one of this machine or the port is taken.
   */
  constructor(config: TlsConfig, parts: TlsDoorParts) {
    this.#parts = parts;
    this.#config = config;
    this.#identity = identityOf(config);
    this.#tls = this.#serve();
    this.#listener = listen(config);
  }

  /** Where clients reach this door. */
  get address(): Deno.NetAddr {
    return this.#listener.addr;
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

  told(): Record<string, number> {
    const { crowded, late, failed, refused, revoked } = this.counters;
    return {
      tls_crowded: crowded,
      tls_late: late,
      tls_failed: failed,
      tls_refused: refused,
      tls_revoked: revoked,
    };
  }

  accept(): Promise<Arrival> {
    const arrival = this.#ready.shift();
    if (arrival !== undefined) return Promise.resolve(arrival);
    this.#waiting = Promise.withResolvers();
    const { promise } = this.#waiting;
    if (!this.#isAccepting) void this.#acceptAll();
    return promise;
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#listener.close();
    for (const { stream } of this.#handshakes) stream.destroy();
    for (const socket of this.#refused) socket.destroy();
    for (const { line } of this.#ready.splice(0)) line.close();
  }

  /** Goes on with handshakes while nobody waits; what fails is for the next one who does. */
  async #acceptAll(): Promise<void> {
    this.#isAccepting = true;
    try {
      for (;;) this.#meet(await this.#listener.accept());
    } catch (error) {
      this.#waiting?.reject(error);
      this.#waiting = null;
    } finally {
      this.#isAccepting = false;
    }
  }

  #serve(): TlsServer {
    const { cert, key, clientCa } = this.#identity;
    const server = createServer({
      cert,
      key,
      minVersion: "TLSv1.3",
      // Until then it keeps what it holds of a client that has gone before the end.
      handshakeTimeout: this.#config.handshakeMs + TLS_LATER_MS,
      // Whoever has the wrong certificate is told so, in words, instead of being cut off.
      ...clientCa !== null && { ca: clientCa, requestCert: true, rejectUnauthorized: false },
    });
    server.on("secureConnection", (socket) => this.#greet(socket));
    server.on("tlsClientError", (error) => this.#fail(this.#current.getStore(), error));
    return server;
  }

  /** A client has connected, and has said nothing yet. */
  #meet(conn: Deno.TcpConn): void {
    if (this.#handshakes.size + this.#ready.length >= this.#config.handshakes) {
      this.counters.crowded++;
      const longest = longestOfMost(this.#handshakes, conn.remoteAddr.hostname);
      if (longest === null) return conn.close();
      this.#finish(longest);
      longest.stream.destroy();
    }
    conn.setNoDelay();
    conn.setKeepAlive();
    const stream = new TcpStream(conn, TO_STRANGERS);
    const { clock } = this.#parts;
    const { handshakeMs } = this.#config;
    const handshake: Handshake = {
      stream,
      address: conn.remoteAddr,
      cancel: clock.after(handshakeMs, () => {
        this.counters.late++;
        this.#say(handshake, `cut off: no TLS handshake within ${handshakeMs} ms`);
        this.#finish(handshake);
        stream.destroy();
      }),
    };
    this.#handshakes.add(handshake);
    stream.on("error", (error) => this.#fail(handshake, error));
    stream.on("close", () => this.#fail(handshake, null));
    // Nothing else would tell; a handshake that is over by now has its turn first.
    stream.on("end", () => setImmediate(() => this.#fail(handshake, null)));
    this.#current.run(handshake, () => this.#tls.emit("connection", stream));
  }

  /** The handshake with a client is over. */
  #greet(socket: TLSSocket): void {
    const handshake = this.#current.getStore();
    if (handshake === undefined || !this.#finish(handshake)) return void socket.destroy();
    const { stream, address: { hostname: host } } = handshake;
    socket.on("close", () => stream.destroy());
    const verdict = judge(socket, this.#identity, this.#config.clientCertificate);
    if ("refusal" in verdict) return this.#refuse(socket, handshake, verdict.refusal);
    const { name, certificate } = verdict;
    if (certificate !== null) {
      this.#inside.set(socket, certificate);
      socket.once("close", () => this.#inside.delete(socket));
    }
    this.#hand({
      line: new TlsLine(socket, stream),
      origin: {
        way: "tls",
        peer: peerOf(handshake),
        host,
        isLocal: isLoopback(host),
        certificate: name,
      },
    });
  }

  /** No handshake has come about, unless it is over already. */
  #fail(handshake: Handshake | undefined, error: Error | null): void {
    if (handshake === undefined || !this.#finish(handshake)) return;
    this.counters.failed++;
    this.#parts.log.debug(`${peerOf(handshake)}: no TLS handshake: ${error?.message ?? "closed"}`);
    handshake.stream.destroy();
  }

  /** Tells of a client that is not let in, seldom enough that nobody can fill the log. */
  #say(handshake: Handshake, text: string): void {
    const nowMs = this.#parts.clock.monotonicMs();
    if (nowMs - this.#saidMs < SAY_MS) return;
    this.#saidMs = nowMs;
    this.#parts.log.info(`${peerOf(handshake)}: ${text}`);
  }

  /** Whether it was still under way. */
  #finish(handshake: Handshake): boolean {
    handshake.cancel();
    return this.#handshakes.delete(handshake);
  }

  #hand(arrival: Arrival): void {
    const waiting = this.#waiting;
    this.#waiting = null;
    if (waiting === null) this.#ready.push(arrival);
    else waiting.resolve(arrival);
  }

  /** Tells a client why it is not let in; what it says meanwhile is not read. */
  #refuse(socket: TLSSocket, handshake: Handshake, reason: string): void {
    this.counters.refused++;
    this.#say(handshake, reason);
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

function listen({ address, port }: TlsConfig): Deno.TcpListener {
  try {
    return listenNet({ hostname: address, port });
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw error;
    const found = error instanceof Error ? error.message : String(error);
    throw new ListeningError(
      `Cannot listen for TLS on ${formatEndpoint(address, port)}: ${found}; ` +
        'choose another with "address" and "port" of [tls]',
      { cause: error },
    );
  }
}

/** Host and port of a client. */
function peerOf({ address: { hostname, port } }: Handshake): string {
  return formatEndpoint(hostname, port);
}

function identityOf({ identity }: TlsConfig): TlsIdentityParts {
  if (identity === null) throw new TypeError("the files of [tls] have not been read");
  return identity.parts;
}
