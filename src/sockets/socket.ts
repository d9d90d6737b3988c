/**
 * BSD sockets.
 *
 * @module
 */
import { type Clock, systemClock } from "../clock.ts";
import { AF_INET, MSG_DONTWAIT, SOCK_STREAM } from "./constants.ts";
import {
  bytesOf,
  checkReceive,
  checkSize,
  type Core,
  isRaw,
  makeCore,
  rawRefusal,
  timeoutMsOf,
} from "./core.ts";
import type { Take } from "./stream/inbox.ts";
import type { SocketAddress } from "./socket_address.ts";
import { socketError } from "./socket_error.ts";
import { SocketFile } from "./socket_file.ts";
import { StreamEnd } from "./stream/stream_end.ts";
import { StreamSocket } from "./stream/stream_socket.ts";
import { takeExactly, takeInto, takeLine, takeSome } from "./stream/takes.ts";

/** Closes what belonged to sockets that nobody has any more. */
const abandoned = new FinalizationRegistry<Core>((core) => void core.close());

let lastFileno = 2;

/**
 * A socket as BSD, MicroPython and CPython have it, with promises. It blocks, in the sense of its
 * promises, until {@linkcode settimeout} or {@linkcode setblocking} says otherwise; no byte is lost
 * to a timeout. Close it, or hold it with `await using`; one that nobody references any more is
 * closed some time later.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 *
 * await using server = new Socket();
 * await server.bind(["127.0.0.1", 0]);
 * await server.listen();
 *
 * await using client = new Socket();
 * await client.connect(server.getsockname());
 * await client.sendall(new TextEncoder().encode("fans\n"));
 *
 * const [connection] = await server.accept();
 * assert.equal(new TextDecoder().decode(await connection.readline()), "fans\n");
 * await connection.close();
 * ```
 */
export class Socket implements AsyncDisposable {
  #core: Core;
  readonly #fileno: number = ++lastFileno;

  /**
   * A socket that is neither bound nor connected; nothing is opened yet.
   *
   * @param family {@linkcode AF_INET}, {@linkcode AF_INET6} or {@linkcode AF_UNIX}; with a radio
   * {@linkcode AF_LORA} or {@linkcode AF_SIGFOX}.
   * @param type {@linkcode SOCK_STREAM}, or {@linkcode SOCK_DGRAM} of an IP family;
   * {@linkcode SOCK_RAW} of a radio's.
   * @param proto 0, or the protocol that the type has.
   * @param clock Where time limits come from.
   * @throws {SocketError} EAFNOSUPPORT, ESOCKTNOSUPPORT, EPROTONOSUPPORT, EPERM or EINVAL for
   * anything else, as from a kernel that has no more; ENETDOWN while there is no radio.
   */
  constructor(
    family: number = AF_INET,
    type: number = SOCK_STREAM,
    proto = 0,
    clock: Clock = systemClock,
  ) {
    this.#core = makeCore(family, type, proto, clock);
    abandoned.register(this, this.#core, this);
  }

  /** Its address family. */
  get family(): number {
    return this.#core.family;
  }

  /** The type that it was made with. */
  get type(): number {
    return this.#core instanceof StreamSocket ? SOCK_STREAM : this.#core.type;
  }

  /** Datagrams that were lost because more than 1 MiB of them, or 7 of a radio, waited. */
  get dropped(): number {
    return this.#core instanceof StreamSocket ? 0 : this.#core.dropped;
  }

  /** A number that no other open socket of this process has; -1 when it is closed. */
  fileno(): number {
    return this.#core.isClosed ? -1 : this.#fileno;
  }

  /**
   * Reserves a local address.
   *
   * @param address `[address, port]`, where "" is every address of this machine and port 0 is one
   * that the system chooses; a path for {@linkcode AF_UNIX}; for {@linkcode AF_LORA} the FPort of
   * the uplinks, 0 to 224, which is 2 unless it is bound.
   * @throws {SocketError} EADDRINUSE, EADDRNOTAVAIL, EINVAL for a second time or a name.
   */
  bind(address: SocketAddress | number): Promise<void> {
    return this.#core.bind(address);
  }

  /**
   * Begins to take connections, at a port of the system's choice if it is not bound.
   *
   * @param backlog How many may wait to be accepted; below 0 is 0.
   * @throws {SocketError} EINVAL if it is connected, or a path's without a path.
   */
  async listen(backlog?: number): Promise<void> {
    await this.#stream("listen").listen(backlog);
  }

  /**
   * Waits for a connection.
   *
   * @returns Its socket, which blocks, and the peer's address.
   * @throws {SocketError} EINVAL if it does not listen; a SocketTimeout loses no connection.
   */
  async accept(): Promise<[socket: Socket, address: SocketAddress]> {
    const [core, address] = await this.#stream("accept").accept();
    return [Socket.#of(core), address];
  }

  /**
   * Connects to an address; names are for {@linkcode getaddrinfo}.
   *
   * @throws {SocketError} ECONNREFUSED, EISCONN and others; EINPROGRESS from a socket that does not
   * block: it is connected later, and another `connect` tells how that ended, or EALREADY. A
   * SocketTimeout gives the attempt up.
   */
  connect(address: SocketAddress): Promise<void> {
    return this.#core.connect(address);
  }

  /**
   * Sends some bytes.
   *
   * @returns How many, at most 65536; fewer than given is no error.
   * @throws {SocketError} EPIPE if the peer is gone; EAGAIN or a SocketTimeout if it does not read,
   * and then nothing is sent.
   */
  send(bytes: Uint8Array): Promise<number> {
    const core = this.#core;
    return core instanceof StreamSocket
      ? this.#withEnd("send", (end) => end.sendSome(bytesOf(bytes), core.timeoutMs))
      : core.send(bytesOf(bytes), null);
  }

  /**
   * Sends all bytes, unmixed with those of other calls.
   *
   * @returns How many: all of them, or what could be sent at once if it does not block.
   * @throws {SocketError} EPIPE if the peer is gone; a SocketTimeout tells `sentBytes`.
   */
  sendall(bytes: Uint8Array): Promise<number> {
    const core = this.#core;
    return core instanceof StreamSocket
      ? this.#withEnd("send", (end) => end.sendAll(bytesOf(bytes), core.timeoutMs))
      : this.send(bytes);
  }

  /**
   * Sends a datagram; the address of a connected stream is not looked at.
   *
   * @returns How many bytes were sent.
   * @throws {SocketError} EMSGSIZE above 65507 bytes, and what {@linkcode send} throws.
   */
  async sendto(bytes: Uint8Array, address: SocketAddress): Promise<number> {
    if (this.#core instanceof StreamSocket) return await this.send(bytes);
    return await this.#core.send(bytesOf(bytes), address);
  }

  /** The same as {@linkcode sendall}; a radio's has only that. */
  write(bytes: Uint8Array): Promise<number> {
    return isRaw(this.#core) ? Promise.reject(rawRefusal("write")) : this.sendall(bytes);
  }

  /**
   * Receives what comes next.
   *
   * @param bufsize How many bytes at most.
   * @param flags {@linkcode MSG_PEEK}, {@linkcode MSG_DONTWAIT}, both or 0.
   * @returns At least one byte; none when the peer has ended its side.
   * @throws {SocketError} ENOTCONN, ECONNRESET; EAGAIN if nothing is there and it does not block; a
   * SocketTimeout loses nothing.
   */
  recv(bufsize: number, flags = 0): Promise<Uint8Array<ArrayBuffer>> {
    if (this.#core instanceof StreamSocket) return this.#receiveBytes(bufsize, flags);
    return this.#receive(bufsize, flags).then(([bytes]) => bytes);
  }

  /**
   * Like {@linkcode recv}, with who sent it; what is left of a longer datagram is lost. Of
   * {@linkcode AF_LORA} it is the FPort: ask for `recvfrom<number>`.
   */
  async recvfrom<A extends SocketAddress | number = SocketAddress>(
    bufsize: number,
    flags = 0,
  ): Promise<[bytes: Uint8Array<ArrayBuffer>, address: A]> {
    const [bytes, address] = await this.#receive(bufsize, flags);
    return [bytes, (address ?? this.#core.getpeername()) as A];
  }

  /**
   * Reads exactly so many bytes; fewer only where the peer ends its side, or, from a socket that
   * does not block, as many as are there.
   *
   * @param size How many; without it everything, like {@linkcode readall}.
   * @throws {SocketError} ENOBUFS beyond 64 MiB, and what {@linkcode recv} throws. At a timeout,
   * what has come stays for the next read.
   */
  read(size?: number): Promise<Uint8Array<ArrayBuffer>> {
    return this.#take("read", () => takeExactly(size === undefined ? Infinity : checkSize(size)));
  }

  /** Reads everything until the peer ends its side; throws like {@linkcode read}. */
  readall(): Promise<Uint8Array<ArrayBuffer>> {
    return this.read();
  }

  /**
   * Reads into a buffer, like {@linkcode read}.
   *
   * @param nbytes How many bytes; without it as many as the buffer has room for.
   * @returns How many were read.
   */
  readinto(buffer: Uint8Array, nbytes: number = buffer.length): Promise<number> {
    return this.#take("read", () => takeInto(buffer, Math.min(checkSize(nbytes), buffer.length)));
  }

  /**
   * Reads a line with its end; the last one of a stream may have none. Throws like
   * {@linkcode read}; a socket that does not block gives no part of a line, but EAGAIN.
   */
  readline(): Promise<Uint8Array<ArrayBuffer>> {
    return this.#take("read a line", takeLine);
  }

  /**
   * This socket as a file; closing that closes the socket.
   *
   * @param mode "rb", "wb" or "rwb".
   * @throws {SocketError} EINVAL for another mode, or if the socket does not block.
   */
  makefile(mode = "rb"): SocketFile {
    this.#core.check("make a file");
    if (isRaw(this.#core)) throw rawRefusal("make a file");
    if (!/^(r|w|rw)b$/.test(mode) || this.#core.timeoutMs === 0) {
      throw socketError(`make a file of mode "${mode}"`, "EINVAL");
    }
    return new SocketFile(this, mode.includes("r"), mode.includes("w"));
  }

  /**
   * Limits how long an operation may take.
   *
   * @param seconds A time above 0; 0 never waits; null waits for ever.
   * @throws {RangeError} If it is no such time.
   */
  settimeout(seconds: number | null): void {
    this.#core.check("set a timeout");
    this.#core.timeoutMs = timeoutMsOf(seconds);
  }

  /** Whether operations wait: `true` is a timeout of null, `false` one of 0. */
  setblocking(flag: boolean): void {
    this.settimeout(flag ? null : 0);
  }

  /**
   * Sets an option: {@linkcode SO_REUSEADDR}, which listening has always, {@linkcode SO_KEEPALIVE},
   * {@linkcode SO_LINGER} or {@linkcode TCP_NODELAY} of streams; {@linkcode SO_BROADCAST},
   * {@linkcode SO_RCVBUF}, {@linkcode SO_SNDBUF} and, over IPv4, {@linkcode IP_ADD_MEMBERSHIP} of
   * datagrams; those of {@linkcode SOL_LORA} and {@linkcode SOL_SIGFOX} of radios. A reset by
   * {@linkcode SO_LINGER} is to be had before `connect` only.
   *
   * @param value A number, or the four bytes of one.
   * @throws {SocketError} ENOPROTOOPT for another option, EINVAL for too few bytes.
   */
  setsockopt(level: number, option: number, value: number | boolean | Uint8Array): void {
    this.#core.setsockopt(level, option, value);
  }

  /** The own address; that of nobody, such as `["0.0.0.0", 0]`, while it has none. */
  getsockname(): SocketAddress {
    return this.#core.getsockname();
  }

  /** The peer's address; throws ENOTCONN while there is none. */
  getpeername(): SocketAddress {
    return this.#core.getpeername();
  }

  /**
   * Ends receiving, sending, or both; the socket stays open.
   *
   * @param how {@linkcode SHUT_RD}, {@linkcode SHUT_WR} or {@linkcode SHUT_RDWR}.
   * @throws {SocketError} ENOTCONN if it is not connected, EINVAL for another number.
   */
  async shutdown(how: number): Promise<void> {
    const core = this.#stream("shut down");
    if (core.end === null) throw socketError("shut down", "ENOTCONN");
    await core.end.shutdown(how);
  }

  /**
   * Closes the socket at once; everything that waits on it ends with EBADF. What was sent before
   * still goes out, for at most ten seconds: the promise tells when that is over.
   */
  async close(): Promise<void> {
    abandoned.unregister(this);
    await this.#core.close();
  }

  /** The same as {@linkcode close}. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #receive(
    bufsize: number,
    flags: number,
  ): Promise<[Uint8Array<ArrayBuffer>, SocketAddress | number | null]> {
    if (this.#core instanceof StreamSocket) return [await this.#receiveBytes(bufsize, flags), null];
    checkReceive(bufsize, flags);
    const timeoutMs = flags & MSG_DONTWAIT ? 0 : this.#core.timeoutMs;
    return await this.#core.receive(bufsize, flags, timeoutMs);
  }

  #receiveBytes(bufsize: number, flags: number): Promise<Uint8Array<ArrayBuffer>> {
    return bufsize === 0
      ? this.#receiveNothing(flags)
      : this.#take("receive", () => takeSome(checkReceive(bufsize, flags), flags), flags);
  }

  /** What even a socket has that is not connected. */
  // deno-lint-ignore require-await
  async #receiveNothing(flags: number): Promise<Uint8Array<ArrayBuffer>> {
    this.#core.check("receive");
    return new Uint8Array(checkReceive(0, flags));
  }

  /** @param want Checks what is asked for and makes what takes it. */
  #take<T>(action: string, want: () => Take<T>, flags = 0): Promise<T> {
    return this.#withEnd(action, (end) => {
      const timeoutMs = flags & MSG_DONTWAIT ? 0 : this.#core.timeoutMs;
      return end.inbox.take(action, want(), timeoutMs, this);
    });
  }

  /** Does it at once when there is a connection, so that calls keep their order. */
  #withEnd<T>(action: string, act: (end: StreamEnd) => Promise<T>): Promise<T> {
    try {
      const found = this.#stream(action).connected(action);
      return found instanceof StreamEnd ? act(found) : found.then(act);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /** The stream that this operation is for. */
  #stream(action: string): StreamSocket {
    this.#core.check(action);
    if (this.#core instanceof StreamSocket) return this.#core;
    throw socketError(`${action} with datagrams`, "EOPNOTSUPP");
  }

  /** A socket around a connection that was accepted. */
  static #of(core: StreamSocket): Socket {
    const socket = new Socket(core.family);
    abandoned.unregister(socket);
    abandoned.register(socket, core, socket);
    socket.#core = core;
    return socket;
  }
}
