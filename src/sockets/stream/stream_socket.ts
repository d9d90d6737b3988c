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
} from "../socket_address.ts";
import {
  lateError,
  SocketError,
  socketError,
  socketFailure,
  SocketTimeout,
} from "../socket_error.ts";
import { type OptionName, readOption } from "../socket_options.ts";
import { StreamEnd } from "./stream_end.ts";
import { turnClock } from "../turn_clock.ts";

/** What waits to be accepted where the program does not say; what Deno has. */
const DEFAULT_BACKLOG = 511;

const IP_OPTIONS: readonly OptionName[] = ["reuseAddress", "keepAlive", "noDelay"];
const UNIX_OPTIONS: readonly OptionName[] = ["reuseAddress", "keepAlive"];

/** Streams over TCP and over paths of this machine. */
export class StreamSocket {
  readonly family: number;
  /** `Infinity` blocks, 0 never does. */
  timeoutMs = Infinity;
  readonly #clock: Clock;
  /** Ends the connection that is being made. */
  #giveUp: AbortController | null = null;
  readonly #options: Map<OptionName, boolean> = new Map();
  /** It is opened by `bind`, which reserves the address. */
  #listener: Deno.Listener | null = null;
  #acceptor: Acceptor | null = null;
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
      if (this.#listener || this.#end || this.#attempt) throw socketError("bind", "EINVAL");
      this.#listener = this.#openListener(address, DEFAULT_BACKLOG);
    });
  }

  listen(backlog?: number): Promise<void> {
    return this.#try("listen", () => {
      if (this.#end || this.#attempt) throw socketError("listen", "EINVAL");
      if (this.#acceptor !== null) return;
      if (this.family === AF_UNIX) {
        if (this.#listener === null) throw socketError("listen without a path", "EINVAL");
      } else if (this.#listener === null || backlog !== undefined) {
        const address = this.getsockname();
        // What binding has reserved is given up for a moment, to be had with that backlog.
        this.#listener?.close();
        this.#listener = null;
        const most = Math.max(0, Math.trunc(backlog ?? DEFAULT_BACKLOG));
        this.#listener = this.#openListener(address, most);
      }
      this.#acceptor = new Acceptor(this.#listener, this.#clock);
    });
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
    socket.#adopt(conn);
    return [socket, addressOf(this.family, conn.remoteAddr)];
  }

  async connect(address: SocketAddress): Promise<void> {
    this.check("connect");
    const isTold = this.#attempt === null;
    if (this.#acceptor || (this.#end && isTold)) throw socketError("connect", "EISCONN");
    if (this.#listener !== null) {
      const remedy = "leave out bind: the system chooses the address";
      throw new SocketError("connect a bound stream", "EOPNOTSUPP", remedy);
    }
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
    if (!("value" in found)) return;
    this.#options.set(found.name, found.value !== 0);
    this.#end?.setOption(found.name, found.value !== 0);
  }

  getsockname(): SocketAddress {
    this.check("tell the address");
    const address = this.#end?.conn.localAddr ?? this.#listener?.addr;
    return address === undefined ? noAddress(this.family) : addressOf(this.family, address);
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
    this.#giveUp = new AbortController();
    const limits = { timeoutMs: this.timeoutMs || Infinity, signal: this.#giveUp.signal };
    return openConn<Deno.Conn>(
      (signal) => target === null ? refused(action) : openNet(target, signal),
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

  #adopt(conn: Deno.Conn): void {
    this.#giveUp = null;
    this.#end = new StreamEnd(conn, this.#clock);
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
  // deno-lint-ignore require-await
  async #try(action: string, act: () => void): Promise<void> {
    this.check(action);
    try {
      act();
    } catch (cause) {
      throw cause instanceof RangeError ? cause : socketFailure(action, cause);
    }
  }
}

function refused(action: string): Promise<never> {
  return Promise.reject(socketError(action, "ECONNREFUSED"));
}
