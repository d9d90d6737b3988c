/**
 * What is behind a {@linkcode Socket} of type SOCK_STREAM.
 *
 * @module
 */
import type { Clock } from "../../clock.ts";
import { Acceptor } from "./acceptor.ts";
import { formatEndpoint } from "../address.ts";
import { AF_UNIX } from "../constants.ts";
import { listenNet, type NetTarget, openNet } from "../net.ts";
import { openConn } from "../open_conn.ts";
import {
  addressOf,
  checkInet,
  checkPath,
  noAddress,
  type SocketAddress,
  toAddress,
} from "../socket_address.ts";
import {
  lateError,
  SocketError,
  socketError,
  socketFailure,
  SocketTimeout,
} from "../socket_error.ts";
import { type OptionName, readOption } from "../socket_options.ts";
import { type NetEnd, openNodeConn } from "./node_conn.ts";
import { holdPort, openAfterListener } from "./hold_port.ts";
import type { StreamConn } from "./stream_conn.ts";
import { LINGER_MS, StreamEnd } from "./stream_end.ts";
import { turnClock } from "../turn_clock.ts";
import { MAX_TIMEOUT_MS } from "../waiter.ts";

/** What waits to be accepted where the program does not say; what Deno has. */
const DEFAULT_BACKLOG = 511;

const IP_OPTIONS: readonly OptionName[] = ["reuseAddress", "keepAlive", "linger", "noDelay"];
const UNIX_OPTIONS: readonly OptionName[] = ["reuseAddress", "keepAlive", "linger"];

/** Streams over TCP and over paths of this machine. */
export class StreamSocket {
  readonly family: number;
  /** `Infinity` blocks, 0 never does. */
  timeoutMs = Infinity;
  readonly #clock: Clock;
  /** Ends the connection that is being made. */
  #giveUp: AbortController | null = null;
  readonly #options: Map<OptionName, boolean> = new Map();
  #lingerMs = LINGER_MS;
  /** It is opened by `bind`, which reserves the address. */
  #listener: Deno.Listener | null = null;
  /** The address that was bound, when its listener has been given up for a connection. */
  #bound: NetEnd | null = null;
  #acceptor: Acceptor | null = null;
  /** Another listener is taking the place of the one that binding has opened. */
  #exchange: Promise<void> | null = null;
  /** A connection that is being made, or has been and nobody was told. */
  #attempt: Promise<StreamEnd> | null = null;
  #end: StreamEnd | null = null;
  #closed: Promise<void> | null = null;

  constructor(family: number, clock: Clock) {
    this.family = family;
    this.#clock = turnClock(clock);
  }

  get isClosed(): boolean {
    return this.#closed !== null;
  }

  bind(address: SocketAddress | number): Promise<void> {
    return this.#try("bind", () => {
      if (this.#listener || this.#bound || this.#end || this.#attempt) {
        throw socketError("bind", "EINVAL");
      }
      this.#listener = this.#openListener(address, DEFAULT_BACKLOG);
    });
  }

  listen(backlog?: number): Promise<void> {
    return this.#try("listen", async () => {
      if (this.#end || this.#attempt) throw socketError("listen", "EINVAL");
      if (this.#acceptor !== null) return;
      if (this.#isReset) throw resetRefusal("listen with SO_LINGER of 0 s");
      if (this.family === AF_UNIX) {
        if (this.#listener === null) throw socketError("listen without a path", "EINVAL");
      } else {
        const most = Math.max(0, Math.trunc(backlog ?? DEFAULT_BACKLOG));
        if (this.#listener !== null && backlog !== undefined) {
          this.#exchange ??= this.#relisten(this.#listener, most);
        }
        if (this.#exchange !== null) return await this.#exchange;
        this.#listener ??= this.#openListener(this.getsockname(), most);
      }
      this.#acceptor = new Acceptor(this.#listener, this.#clock);
    });
  }

  /** Listens with this backlog, which the listener does not have that binding has opened. */
  async #relisten(reserved: Deno.Listener, backlog: number): Promise<void> {
    const address = this.getsockname();
    const release = await holdPort(reserved, this.#clock);
    try {
      this.check("listen");
      reserved.close();
      this.#bound = reserved.addr as Deno.NetAddr;
      this.#listener = null;
      const listener = await openAfterListener(
        this.#clock,
        () => this.#openListener(address, backlog),
      );
      if (this.#closed !== null) listener.close();
      this.check("listen");
      this.#listener = listener;
      this.#acceptor = new Acceptor(listener, this.#clock);
    } finally {
      release();
      this.#exchange = null;
    }
  }

  async accept(): Promise<[StreamSocket, SocketAddress]> {
    this.check("accept");
    if (this.#acceptor === null) throw new SocketError("accept", "EINVAL", "listen first");
    const conn = await this.#acceptor.accept(
      this.timeoutMs,
      () => lateError("accept", this.timeoutMs),
    );
    const socket = new StreamSocket(this.family, this.#clock);
    for (const [name, value] of this.#options) socket.#options.set(name, value);
    socket.#lingerMs = this.#lingerMs;
    socket.#adopt(conn);
    return [socket, addressOf(this.family, conn.remoteAddr)];
  }

  async connect(address: SocketAddress): Promise<void> {
    this.check("connect");
    const isTold = this.#attempt === null;
    const isListening = this.#acceptor !== null || this.#exchange !== null;
    if (isListening || (this.#end && isTold)) throw socketError("connect", "EISCONN");
    if (this.#attempt === null) {
      this.#attempt = this.#open(address);
      // Whoever asks next hears of it.
      this.#attempt.catch(() => {});
      if (this.timeoutMs === 0) throw socketError("connect", "EINPROGRESS");
    } else if (this.timeoutMs === 0) {
      await this.#finish("connect", "EALREADY");
      return;
    }
    await this.#connected("connect");
  }

  /** The connected end: at once when there is one, so that calls keep their order. */
  connected(action: string): StreamEnd | Promise<StreamEnd> {
    this.check(action);
    if (this.#end !== null) return this.#end;
    if (this.#attempt === null) {
      // A kernel says so of a TCP socket: nobody will ever read this.
      const isPipe = action === "send" && this.family !== AF_UNIX;
      throw new SocketError(action, isPipe ? "EPIPE" : "ENOTCONN", "connect it first");
    }
    return this.timeoutMs === 0 ? this.#finish(action, "EAGAIN") : this.#connected(action);
  }

  /** The connected end, or null while there is none. */
  get end(): StreamEnd | null {
    return this.#end;
  }

  setsockopt(level: number, option: number, value: number | boolean | Uint8Array): void {
    this.check("set an option");
    const allowed = this.family === AF_UNIX ? UNIX_OPTIONS : IP_OPTIONS;
    const found = readOption(level, option, value, allowed);
    if (found.name === "linger") return this.#setLinger(found.seconds);
    if (!("value" in found)) return;
    this.#options.set(found.name, found.value !== 0);
    this.#end?.setOption(found.name, found.value !== 0);
  }

  getsockname(): SocketAddress {
    this.check("tell the address");
    const address = this.#end?.conn.localAddr ?? this.#listener?.addr;
    if (address !== undefined) return addressOf(this.family, address);
    const { hostname, port } = this.#bound ?? {};
    return hostname === undefined || port === undefined
      ? noAddress(this.family)
      : toAddress(this.family, hostname, port);
  }

  getpeername(): SocketAddress {
    this.check("tell the peer");
    if (this.#end === null) throw socketError("tell the peer", "ENOTCONN");
    return addressOf(this.family, this.#end.conn.remoteAddr);
  }

  /** Closes it; what was sent before still goes out. Later calls wait for the first. */
  close(): Promise<void> {
    if (this.#closed !== null) return this.#closed;
    const error = socketError("go on", "EBADF");
    this.#giveUp?.abort(error);
    if (this.#acceptor === null) this.#listener?.close();
    this.#closed = Promise.resolve(this.#acceptor?.close(error) ?? this.#end?.close(error));
    return this.#closed;
  }

  /** @throws {SocketError} EBADF if it is closed. */
  check(action: string): void {
    if (this.#closed !== null) throw socketError(action, "EBADF");
  }

  #setLinger(seconds: number | null): void {
    // Paths know no reset.
    const isOff = seconds === null || (seconds === 0 && this.family === AF_UNIX);
    const lingerMs = isOff ? LINGER_MS : Math.min(seconds * 1000, MAX_TIMEOUT_MS);
    const isLate = this.#acceptor !== null || (this.#end !== null && !this.#end.conn.reset);
    if (lingerMs === 0 && isLate) throw resetRefusal("set SO_LINGER to 0 s");
    this.#lingerMs = lingerMs;
    if (this.#end !== null) this.#end.lingerMs = lingerMs;
  }

  #openListener(address: SocketAddress | number, tcpBacklog: number): Deno.Listener {
    if (this.family === AF_UNIX) {
      return listenNet({ path: checkPath("bind", address) });
    }
    return listenNet(checkInet("bind", this.family, address, true), tcpBacklog);
  }

  /** Makes the connection, which is this socket's as soon as it exists. */
  #open(address: SocketAddress): Promise<StreamEnd> {
    const action = `connect to ${
      typeof address === "string" ? address : formatEndpoint(address[0], address[1])
    }`;
    const target = this.#target(address);
    const reserved = target === null ? null : this.#giveUpListener();
    this.#giveUp = new AbortController();
    const limits = { timeoutMs: this.timeoutMs || Infinity, signal: this.#giveUp.signal };
    return openConn<StreamConn>(
      (signal) => target === null ? refused(action) : this.#dial(target, reserved, signal),
      this.#clock,
      limits,
      {
        adopt: (conn) => this.#adopt(conn),
        failure: (cause) => socketFailure(action, cause),
        timeout: () => new SocketTimeout(action),
      },
    ).then(() => this.#end as StreamEnd);
  }

  /** Null for port 0, where never anybody listens, but which Deno does not even try. */
  #target(address: SocketAddress): NetTarget | null {
    if (this.family === AF_UNIX) return { path: checkPath("connect", address) };
    const target = checkInet("connect to", this.family, address, false);
    return target.port === 0 ? null : target;
  }

  /** What binding has opened, from now on for a connection that comes from there. */
  #giveUpListener(): Deno.Listener | null {
    const listener = this.#listener;
    if (listener === null) return null;
    if (listener.addr.transport !== "tcp") {
      const remedy = "leave out bind: who connects to a path has none";
      throw new SocketError("connect a bound stream", "EOPNOTSUPP", remedy);
    }
    this.#bound = listener.addr;
    this.#listener = null;
    return listener;
  }

  #dial(
    target: NetTarget,
    reserved: Deno.Listener | null,
    signal: AbortSignal,
  ): Promise<StreamConn> {
    return "path" in target || (this.#bound === null && !this.#isReset)
      ? openNet(target, signal)
      : this.#dialFrom(target, reserved, signal);
  }

  async #dialFrom(
    target: NetEnd,
    reserved: Deno.Listener | null,
    signal: AbortSignal,
  ): Promise<StreamConn> {
    const release = reserved === null ? null : await holdPort(reserved, this.#clock);
    reserved?.close();
    try {
      const bound = this.#bound;
      return await (reserved === null
        ? openNodeConn(target, bound, signal)
        : openAfterListener(this.#clock, () => openNodeConn(target, bound, signal)));
    } finally {
      release?.();
    }
  }

  /** Whether closing is to reset the connection. */
  get #isReset(): boolean {
    return this.#lingerMs === 0;
  }

  #adopt(conn: StreamConn): void {
    this.#giveUp = null;
    this.#end = new StreamEnd(conn, this.#clock);
    this.#end.lingerMs = this.#lingerMs;
    for (const [name, value] of this.#options) this.#end.setOption(name, value);
  }

  /** Waits for the attempt, and forgets it. */
  async #connected(action: string): Promise<StreamEnd> {
    try {
      return await (this.#attempt as Promise<StreamEnd>);
    } catch (error) {
      this.check(action);
      throw error;
    } finally {
      this.#attempt = null;
    }
  }

  /** The result of an attempt that has ended, or else this error. */
  async #finish(action: string, code: "EAGAIN" | "EALREADY"): Promise<StreamEnd> {
    const pending = this.#attempt;
    let isOver = false;
    const note = (): void => void (isOver = true);
    pending?.then(note, note);
    await new Promise<void>((resolve) => void this.#clock.after(0, resolve));
    if (!isOver) throw socketError(action, code);
    return await this.#connected(action);
  }

  /** Does it, with its failure told in our terms. */
  async #try(action: string, act: () => void | Promise<void>): Promise<void> {
    this.check(action);
    try {
      await act();
    } catch (cause) {
      throw cause instanceof RangeError ? cause : socketFailure(action, cause);
    }
  }
}

/** Deno resets no connection that it has made itself. */
function resetRefusal(action: string): SocketError {
  return new SocketError(action, "ENOPROTOOPT", "set it before connect, and on no listener");
}

function refused(action: string): Promise<never> {
  return Promise.reject(socketError(action, "ECONNREFUSED"));
}
