/**
 * A communicator whose messages are confirmed: the other end sends back what it received.
 *
 * @module
 */
import { type Clock, systemClock } from "../../clock.ts";
import { CorruptedDataError, FandConnectionResetError, LimitError } from "../../errors.ts";
import { type Log, silentLog } from "../../log.ts";
import { Waiter } from "../../sockets/waiter.ts";
import type { RigAddress } from "../communicator.ts";
import { Future } from "../future.ts";
import { encodeData, textOf } from "../json.ts";
import { type Link, newCounters, type RigCounters } from "../link/link.ts";
import { openLink, type Role } from "../link/open_link.ts";
import { plain } from "../quoted.ts";
import { formatUri } from "../uri.ts";
import { ConfirmedCommunicator } from "./confirmed_communicator.ts";
import { isConfirmed, isNullMessage, marked, unconfirmed } from "./confirmation.ts";
import { Peers } from "./peers.ts";
import { MAX_OWED, type PeerEchoes } from "./peer_echoes.ts";

/** Messages to one peer that may wait for their turn. */
export const MAX_WAITING_SENDS = 64;
/** A peer of Python must have handled the echo of his message before another one comes. */
export const ANSWER_GAP_MS = 10;
const ECHO_TIMEOUT_MS = 1000;

/** What is asked of a communicator besides its URI. */
export interface EchoOptions {
  /** A label for the other end. */
  readonly name?: string | null;
  /** Where it tells what happens; nowhere without it. */
  readonly logger?: Log;
  /** How long the other end has to confirm a message, in milliseconds; 1000. */
  readonly echoTimeoutMs?: number;
  /** Addresses of the hosts that a server listens to; all of them without it. */
  readonly peers?: readonly string[];
  /** Where time limits come from. */
  readonly clock?: Clock;
}

/**
 * Reaches a rig over UDP, TCP (`tcp://`) or WebSocket (`ws://`), and has every message confirmed.
 * A server listens, a client is connected to one. It lives until {@linkcode close}: nothing that a
 * peer sends, or does not send, ends it.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 *
 * await using server = await EchoCommunicator.server("udp://127.0.0.1:0");
 * await using client = await EchoCommunicator.client(server.serverUri);
 *
 * const started = server.onEvent("EXPSTART");
 * await client.start("2030-01-31_1_subject");
 * const [data] = await started;
 * assert.deepEqual(data, ["2030-01-31_1_subject", null]);
 * ```
 */
export class EchoCommunicator extends ConfirmedCommunicator {
  /** Whether this end listens or is connected. */
  readonly role: "server" | "client";
  /** What has become of messages. */
  readonly counters: Readonly<RigCounters>;
  /** Resolved with the reason when a connection is lost, or when this is closed. */
  readonly onConnectionLost: Future<string> = new Future();
  /** Resolved with the first error of the system about a connection or a datagram. */
  readonly onErrorReceived: Future<Error> = new Future();
  /** Resolved when a peer has ended its side of a connection for the first time. */
  readonly onEofReceived: Future<void> = new Future();
  readonly #link: Link;
  readonly #counters: RigCounters;
  readonly #clock: Clock;
  readonly #echoTimeoutMs: number;
  readonly #peers = new Peers();
  readonly #waiters: Set<Waiter<void>> = new Set();
  #closed: Promise<void> | null = null;

  private constructor(uri: string, role: Role, link: Link, options: EchoParts) {
    super(uri, options.name, options.logger ?? silentLog);
    this.role = role;
    this.#link = link;
    this.#clock = options.clock;
    this.#counters = options.counters;
    this.counters = options.counters;
    this.#echoTimeoutMs = options.echoTimeoutMs ?? ECHO_TIMEOUT_MS;
    link.start({
      received: (bytes, from) => this.#received(bytes, from),
      lost: (from, error) => this.#lost(from, error),
    });
  }

  /**
   * Listens.
   *
   * @param serverUri Where; port 0 lets the system choose one, which `serverUri` then tells.
   * @throws {TypeError | RangeError} If the URI cannot be used.
   * @throws {SocketError} If the address cannot be had.
   */
  static server(serverUri: string, options: EchoOptions = {}): Promise<EchoCommunicator> {
    return EchoCommunicator.#open("server", serverUri, options);
  }

  /**
   * Connects to a server; over UDP that does not show whether it is there.
   *
   * @throws {TypeError | RangeError} If the URI cannot be used.
   * @throws {SocketError} If nobody listens there.
   */
  static client(serverUri: string, options: EchoOptions = {}): Promise<EchoCommunicator> {
    return EchoCommunicator.#open("client", serverUri, options);
  }

  static async #open(
    role: Role,
    serverUri: string,
    options: EchoOptions,
  ): Promise<EchoCommunicator> {
    const clock = options.clock ?? systemClock;
    const counters = newCounters();
    const { uri, link } = await openLink(role, serverUri, options.peers, { clock, counters });
    const name = options.name || serverUri;
    return new EchoCommunicator(formatUri(uri), role, link, { ...options, name, clock, counters });
  }

  /** Whether a message can be sent to somebody, as far as that is known. */
  override get isConnected(): boolean {
    return this.#closed === null && this.#link.isConnected;
  }

  /** Whether a message, to this address or to any, is not confirmed yet. */
  awaitingResponse(address?: RigAddress): boolean {
    if (address !== undefined) return this.#peers.find(address)?.isAwaiting ?? false;
    return this.#waiters.size > 0;
  }

  /**
   * Sends something and does not wait until it is confirmed.
   *
   * @param address Who gets it; a server must tell.
   * @throws {TypeError | RangeError} If there is no such peer for this role.
   * @throws {SocketError} If it cannot be sent: too long, or the peer is not connected.
   * @throws {LimitError} If {@linkcode MAX_OWED} were sent so within 10 s, and did not come back.
   */
  override async send(data: unknown, address?: RigAddress): Promise<void> {
    this.#check("send");
    const target = this.#target("send", address);
    const { bytes, isMarked } = this.#encoded(data);
    if (!isConfirmed(bytes)) return await this.#link.send(bytes, target);
    // Else the echo would be taken for a message, and go there and back for ever.
    const peer = this.#peers.get(target);
    if (!peer.owe(bytes, isMarked, this.#clock.monotonicMs())) {
      throw this.#refusal(target, `${MAX_OWED} messages have not come back`);
    }
    try {
      await this.#link.send(bytes, target);
    } catch (error) {
      peer.disown(bytes);
      throw error;
    }
  }

  /**
   * Sends something and waits until the other end has sent it back. Messages to one address are
   * sent one after the other.
   *
   * @param address Who gets it; a server must tell.
   * @param timeoutMs How long it may take; 0 is the time that this communicator has for it.
   * @throws {TypeError | RangeError} If there is no such peer for this role, or no such time.
   * @throws {FandTimeoutError} If it is not confirmed in time.
   * @throws {FandConnectionResetError} If the peer is lost meanwhile, or this is closed.
   * @throws {LimitError} If {@linkcode MAX_WAITING_SENDS} wait for that address.
   */
  override async confirmedSend(
    data: unknown,
    address?: RigAddress,
    timeoutMs?: number,
  ): Promise<void> {
    this.#check("send");
    const target = this.#target("send a confirmed message", address);
    const limitMs = this.#limitMs(timeoutMs);
    const { bytes, isMarked } = this.#encoded(data);
    const peer = this.#peers.get(target);
    if (peer.waiting >= MAX_WAITING_SENDS) {
      throw this.#refusal(target, `${peer.waiting} messages wait for their turn`);
    }
    const turn = peer.last;
    const { promise, resolve } = Promise.withResolvers<void>();
    peer.last = promise;
    peer.waiting++;
    try {
      await turn;
      this.#check("send");
      await this.#gap(peer);
      await this.#exchange(peer, target, bytes, isMarked, limitMs);
    } finally {
      peer.waiting--;
      resolve();
    }
  }

  /** Ends it: who waits is told, the futures are cancelled, the port is free afterwards. */
  override close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    for (const waiter of [...this.#waiters]) waiter.reject(closed("go on"));
    this.onErrorReceived.cancel();
    this.onEofReceived.cancel();
    settle(this.onConnectionLost, "Close called on communicator");
    await super.close();
    await this.#link.close();
  }

  #encoded(data: unknown): { bytes: Uint8Array<ArrayBuffer>; isMarked: boolean } {
    const isMarked = this.role === "server" && Array.isArray(data);
    return { bytes: isMarked ? marked(encodeData(data)) : encodeData(data), isMarked };
  }

  #refusal(target: RigAddress, found: string): LimitError {
    this.#counters.refusedSends++;
    return new LimitError(
      `Cannot send to ${this.#shown(target)}: ${found}; wait until they are confirmed`,
    );
  }

  #check(action: string): void {
    if (this.#closed !== null) throw closed(action);
  }

  #target(action: string, address: RigAddress | undefined): RigAddress {
    if (this.role === "server") {
      if (address !== undefined) return address;
      throw new TypeError(`Cannot ${action}: a server has many peers; name the address of one`);
    }
    const [host, port] = address ?? [this.hostname, this.port];
    if (host === this.hostname && port === this.port) return [host, port];
    throw new RangeError(
      `Cannot ${action} to ${this.#shown([host, port])}: this is a client of ${this.serverUri}; ` +
        "leave the address out",
    );
  }

  #limitMs(timeoutMs: number | undefined): number {
    const limitMs = timeoutMs || this.#echoTimeoutMs;
    if (limitMs > 0) return limitMs;
    throw new RangeError(
      `Cannot wait ${limitMs} ms for a confirmation: it is no time; give more than 0`,
    );
  }

  /** The answer must not come together with the echo: a peer of Python would lose one of them. */
  async #gap(peer: PeerEchoes): Promise<void> {
    const timeoutMs = peer.echoedMs + ANSWER_GAP_MS - this.#clock.monotonicMs();
    if (!(timeoutMs > 0)) return;
    const limits = { timeoutMs };
    await new Waiter<void>(this.#waiters, this.#clock, limits, (over) => over.resolve()).promise;
  }

  async #exchange(
    peer: PeerEchoes,
    target: RigAddress,
    bytes: Uint8Array,
    isMarked: boolean,
    timeoutMs: number,
  ): Promise<void> {
    const waiter = new Waiter<void>(this.#waiters, this.#clock, { timeoutMs }, (late) => {
      this.#counters.unconfirmed++;
      late.reject(unconfirmed(this.name, this.#shown(target), timeoutMs, peer.others));
    });
    peer.expect(bytes, isMarked, this.#clock.monotonicMs(), waiter);
    this.#link.send(bytes, target).catch((error) => {
      settle(this.onErrorReceived, error);
      waiter.reject(error);
    });
    try {
      await waiter.promise;
      this.#counters.confirmed++;
    } finally {
      peer.abandon();
    }
  }

  /** Never throws: what a peer sends ends nothing here. */
  async #received(bytes: Uint8Array<ArrayBuffer>, from: RigAddress): Promise<void> {
    this.#counters.received++;
    const peer = this.#peers.get(from);
    const verdict = peer.judge(bytes, this.#clock.monotonicMs());
    if (verdict === "late") this.#counters.lateEchoes++;
    if (verdict !== "message") return;
    try {
      const text = textOf(bytes);
      if (text.length < 2) {
        throw new CorruptedDataError("Cannot read a message: it is too short; send JSON");
      }
      this.logger.info(`Received '${plain(text)}' from ${this.#shown(from)}`);
      if (!isNullMessage(text)) {
        await this.#link.send(bytes, from);
        this.#counters.echoed++;
        peer.echoedMs = this.#clock.monotonicMs();
      }
      if (this.#closed === null) this.receive(bytes, from);
    } catch (error) {
      if (error instanceof CorruptedDataError) this.#counters.malformed++;
      const found = error instanceof Error ? error.message : String(error);
      this.logger.warn(`From ${this.#shown(from)}: ${plain(found, 400)}`);
    }
  }

  #lost(from: RigAddress, error: Error | null): void {
    const reason = error?.message ?? `${this.#shown(from)} has closed the connection`;
    this.#peers.forget(from)?.lose(
      new FandConnectionResetError(`Cannot go on: ${plain(reason)}; connect again`),
    );
    if (error === null) settle(this.onEofReceived, undefined);
    else settle(this.onErrorReceived, error);
    settle(this.onConnectionLost, reason);
    this.logger.info(`Connection lost: ${reason}`);
  }

  #shown([host, port]: RigAddress): string {
    return formatUri({ proc: this.protocol, host, port });
  }
}

interface EchoParts extends EchoOptions {
  readonly clock: Clock;
  readonly counters: RigCounters;
}

function closed(action: string): FandConnectionResetError {
  return new FandConnectionResetError(
    `Cannot ${action}: the communicator was closed; open another one`,
  );
}

function settle<T>(future: Future<T>, value: T): void {
  if (!future.done()) future.setResult(value);
}
