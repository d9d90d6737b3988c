/**
 * The sockets that are told and closed when everything ends, and what is said over them.
 *
 * @module
 */
import { type Clock, systemClock } from "../clock.ts";
import { errorFromReply, TerminatingError } from "../errors.ts";
import type { TlsOptions } from "../sockets/net.ts";
import { Waiter } from "../sockets/waiter.ts";
import { DEFAULT_WIRE_LIMITS, type WireLimits } from "../wire/limits.ts";
import type { Message } from "../wire/message.ts";
import { Request } from "../wire/request.ts";
import type { WireValue } from "../wire/value.ts";
import { Connection } from "./connection.ts";
import { dial, openListener } from "./dial.ts";
import { closedHere } from "./failure.ts";

/** How long `connect`, `send`, `recv` and `call` wait unless told otherwise, in milliseconds. */
export const DEFAULT_TIMEOUT_MS = 10_000;

/** The port of fand. */
export const DEFAULT_PORT = 9999;

/** How long to wait, and what else ends the wait. */
export interface WaitOptions {
  /**
   * Milliseconds, up to almost 25 days, or `Infinity` for no limit.
   *
   * @default {10000}
   */
  timeoutMs?: number;
  /** Ends the wait with the signal's reason. */
  signal?: AbortSignal;
}

/** How a connection is made. */
export interface ConnectOptions extends WaitOptions {
  /** Encrypts, and proves who is at the other end; an empty object trusts public CAs only. */
  tls?: TlsOptions | undefined;
}

/** How a call waits, and what it does with other messages. */
export interface CallOptions extends WaitOptions {
  /**
   * Takes messages that come before the reply and are for nobody else: pushes, while no `recv`
   * waits. Without it they stay for the next `recv`.
   */
  onPush?: (request: string, args: WireValue[]) => void;
}

/** What was received: the request, its arguments, and its id when it has one. */
export type Received = [request: string, args: WireValue[], id?: number];

/** A function that runs when everything ends. */
export type TerminateHook = () => void | Promise<void>;

/** What a {@linkcode SocketManager} works with. */
export interface SocketManagerOptions {
  /** Where time comes from. */
  clock?: Clock;
  /** How much one message may hold. */
  limits?: Readonly<WireLimits>;
}

/**
 * A set of sockets that live and end together. The functions of this module use one for the
 * whole process; a program that embeds a server gives it one of its own.
 *
 * @example Both ends of a connection
 * ```ts
 * import assert from "node:assert/strict";
 *
 * const sockets = new SocketManager();
 * const listener = sockets.listen("127.0.0.1", 0);
 * const accepted = listener.accept();
 * const near = await sockets.connect("127.0.0.1", listener.addr.port);
 * const far = await accepted;
 * sockets.addSocket(far);
 *
 * await sockets.send(near, "get_pwm", "shelf1");
 * assert.deepEqual(await sockets.recv(far), ["get_pwm", ["shelf1"]]);
 *
 * await sockets.terminate();
 * assert.ok(!sockets.isSocketOpen(near));
 * ```
 */
export class SocketManager {
  readonly #clock: Clock;
  readonly #limits: Readonly<WireLimits>;
  readonly #sockets: Set<Deno.Conn | Deno.Listener> = new Set();
  readonly #connections: WeakMap<Deno.Conn, Connection> = new WeakMap();
  readonly #hooks: Set<TerminateHook> = new Set();
  readonly #sleepers: Set<Waiter<void>> = new Set();
  /** Aborts the connections that are being made. */
  readonly #stop = new AbortController();
  #terminated: Promise<void> | null = null;
  #terminationError: string | undefined;

  /** A set without sockets. */
  constructor(options: SocketManagerOptions = {}) {
    this.#clock = options.clock ?? systemClock;
    this.#limits = options.limits ?? DEFAULT_WIRE_LIMITS;
  }

  /** The error that {@linkcode terminate} was given first, if it was given one. */
  get terminationError(): string | undefined {
    return this.#terminationError;
  }

  /** See {@linkcode connect}. */
  async connect(
    address: string,
    port: number = DEFAULT_PORT,
    options: ConnectOptions = {},
  ): Promise<Deno.Conn> {
    this.#checkRunning("connect");
    const signals = options.signal ? [options.signal, this.#stop.signal] : [this.#stop.signal];
    const limits = {
      timeoutMs: options.timeoutMs ?? DEFAULT_TIMEOUT_MS,
      signal: AbortSignal.any(signals),
      tls: options.tls,
    };
    return await dial(address, port, this.#clock, limits, (socket) => this.#sockets.add(socket));
  }

  /**
   * Listens for TCP connections; the listener is managed, what it accepts is not until
   * {@linkcode addSocket} is called with it.
   *
   * @param port 0 to 65535; 0 lets the system choose one.
   * @throws {ListeningError} If the address or the port cannot be had.
   * @throws {TerminatingError} If everything is ending.
   */
  listen(address: string, port: number): Deno.TcpListener {
    this.#checkRunning("listen");
    const listener = openListener(address, port);
    this.#sockets.add(listener);
    return listener;
  }

  /** See {@linkcode addSocket}. */
  addSocket(socket: Deno.Conn | Deno.Listener): void {
    this.#checkRunning("add a socket");
    this.#sockets.add(socket);
    if ("setNoDelay" in socket) (socket as Deno.TcpConn).setNoDelay(true);
  }

  /** See {@linkcode isSocketOpen}. */
  isSocketOpen(socket: Deno.Conn | Deno.Listener): boolean {
    return this.#sockets.has(socket);
  }

  /** See {@linkcode send}. */
  send(socket: Deno.Conn, request: string, ...args: WireValue[]): Promise<void> {
    return this.sendMessage(socket, { request, args });
  }

  /** See {@linkcode sendMessage}. */
  sendMessage(socket: Deno.Conn, message: Message, options: WaitOptions = {}): Promise<void> {
    return this.#connection(socket).send(message, withDefaults(options));
  }

  /** See {@linkcode recv}. */
  async recv(socket: Deno.Conn, options: WaitOptions = {}): Promise<Received> {
    return toReceived(await this.#connection(socket).receive(withDefaults(options)));
  }

  /** See {@linkcode call}. */
  async call(
    socket: Deno.Conn,
    request: string,
    args: WireValue[] = [],
    options: CallOptions = {},
  ): Promise<Received> {
    const { onPush } = options;
    const reply = await this.#connection(socket).call(
      request,
      args,
      withDefaults(options),
      onPush && ((message) => onPush(message.request, message.args)),
    );
    if (reply.request !== Request.ERROR) return toReceived(reply);
    const [code, words] = reply.args;
    throw errorFromReply(String(code), String(words));
  }

  /** See {@linkcode resetConnection}. */
  async resetConnection(
    socket: Deno.Conn | Deno.Listener,
    error?: string,
    notice = true,
  ): Promise<void> {
    const wasManaged = this.#sockets.delete(socket);
    if (!("read" in socket)) {
      if (wasManaged) closeListener(socket);
      return;
    }
    if (!wasManaged && !this.#connections.has(socket)) return;
    await this.#connection(socket).close(closedHere(), notice ? { reason: error ?? null } : null);
  }

  /** See {@linkcode terminate}. */
  terminate(error?: string): Promise<void> {
    if (this.#terminated !== null) return this.#terminated;
    this.#terminationError = error;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#terminated = promise;
    this.#stop.abort(terminatingError("connect"));
    for (const sleeper of [...this.#sleepers]) sleeper.resolve();
    resolve(this.#endAll(error));
    return promise;
  }

  /** See {@linkcode terminating}. */
  terminating(): boolean {
    return this.#terminated !== null;
  }

  /** See {@linkcode whenTerminate}. */
  whenTerminate(hook: TerminateHook): () => void {
    this.#checkRunning("add a hook");
    this.#hooks.add(hook);
    return () => void this.#hooks.delete(hook);
  }

  /** See {@linkcode sleep}. */
  sleep(durationMs: number, options: Omit<WaitOptions, "timeoutMs"> = {}): Promise<void> {
    const limits = { timeoutMs: durationMs, signal: options.signal };
    const sleeper = new Waiter<void>(
      this.#sleepers,
      this.#clock,
      limits,
      (rested) => rested.resolve(),
    );
    if (this.terminating()) sleeper.resolve();
    return sleeper.promise;
  }

  async #endAll(error: string | undefined): Promise<void> {
    await Promise.all([...this.#sockets].map((socket) => this.resetConnection(socket, error)));
    const failures: unknown[] = [];
    for (const hook of this.#hooks) {
      try {
        await hook();
      } catch (failure) {
        failures.push(failure);
      }
    }
    if (failures.length > 0) {
      throw new AggregateError(
        failures,
        `Cannot terminate cleanly: ${failures.length} hooks have thrown; see errors`,
      );
    }
  }

  #checkRunning(action: string): void {
    if (this.terminating()) throw terminatingError(action);
  }

  #connection(socket: Deno.Conn): Connection {
    let connection = this.#connections.get(socket);
    if (connection === undefined) {
      connection = new Connection(
        socket,
        this.#clock,
        this.#limits,
        () => this.#sockets.delete(socket),
      );
      this.#connections.set(socket, connection);
    }
    return connection;
  }
}

function withDefaults(options: WaitOptions): { timeoutMs: number; signal?: AbortSignal } {
  return { timeoutMs: DEFAULT_TIMEOUT_MS, ...options };
}

function toReceived({ request, args, id }: Message): Received {
  return id === undefined ? [request, args] : [request, args, id];
}

function terminatingError(action: string): TerminatingError {
  return new TerminatingError(`Cannot ${action}: everything is ending; start again afterwards`);
}

function closeListener(listener: Deno.Listener): void {
  try {
    listener.close();
  } catch (error) {
    // Its owner may have closed it without us.
    if (!(error instanceof Deno.errors.BadResource)) throw error;
  }
}
