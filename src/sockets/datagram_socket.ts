/**
 * What is behind a {@linkcode Socket} of type SOCK_DGRAM: `node:dgram`, because Deno has datagrams
 * of its own behind a flag only, which nobody has who installs or imports by URL.
 *
 * @module
 */
import type { RemoteInfo, Socket as UdpSocket } from "node:dgram";
import type { Clock } from "../clock.ts";
import { formatEndpoint } from "./address.ts";
import { AF_INET, AF_INET6, MSG_PEEK, SOCK_DGRAM } from "./constants.ts";
import { inetPton } from "./inet.ts";
import type { PacketCore } from "./packet_core.ts";
import { allowNet } from "./net_permission.ts";
import { checkInet, type InetAddress, noAddress, toAddress } from "./socket_address.ts";
import type { SocketAddress } from "./socket_address.ts";
import { lateError, SocketError, socketError, socketFailure } from "./socket_error.ts";
import { type OptionName, readOption } from "./socket_options.ts";
import { turnClock } from "./turn_clock.ts";
import { Line, Waiter, type WaitLimits } from "./waiter.ts";

/** Bytes of datagrams that may wait to be received; what comes beyond is dropped and counted. */
export const MAX_UNREAD_BYTES: number = 1 << 20;
/** What a waiting datagram counts for beside its bytes. */
const DATAGRAM_BYTES = 128;

const OPTIONS: readonly OptionName[] = ["reuseAddress", "broadcast", "receiveBuffer", "sendBuffer"];
const IPV4_OPTIONS: readonly OptionName[] = [...OPTIONS, "addMembership", "dropMembership"];

/** A datagram and who sent it. */
export type Datagram = [bytes: Uint8Array<ArrayBuffer>, address: SocketAddress];

/** Somebody who receives. */
class Receiver extends Waiter<Datagram> {
  constructor(
    queue: Line<Receiver>,
    clock: Clock,
    limits: WaitLimits,
    readonly bufsize: number,
    readonly flags: number,
  ) {
    super(queue, clock, limits, () => this.reject(lateError("receive", limits.timeoutMs)));
  }
}

/** Where datagrams may go, checked and permitted. */
interface Route {
  readonly action: string;
  readonly hostname: string;
  readonly port: number;
  readonly isBroadcast: boolean;
}

/** Datagrams over UDP. */
export class DatagramSocket implements PacketCore {
  readonly family: number;
  readonly type = SOCK_DGRAM;
  /** `Infinity` blocks, 0 never does. */
  timeoutMs = Infinity;
  /** Datagrams that came while too many waited. */
  dropped = 0;
  readonly #clock: Clock;
  readonly #receivers: Line<Receiver> = new Line();
  readonly #unread: Datagram[] = [];
  #unreadBytes = 0;
  /** What to do with the system's socket as soon as there is one. */
  readonly #settings: ((udp: UdpSocket) => void)[] = [];
  #reusesAddress = false;
  #mayBroadcast = false;
  #opening: Promise<UdpSocket> | null = null;
  #udp: UdpSocket | null = null;
  #peer: InetAddress | null = null;
  /** Where the last datagram went to. */
  #route: Route | null = null;
  #closed: Promise<void> | null = null;

  constructor(family: number, clock: Clock) {
    this.family = family;
    this.#clock = turnClock(clock);
  }

  get isClosed(): boolean {
    return this.#closed !== null;
  }

  async bind(address: SocketAddress | number): Promise<void> {
    this.check("bind");
    if (this.#opening !== null) throw socketError("bind", "EINVAL");
    const { hostname, port } = checkInet("bind", this.family, address, true);
    await this.#open("bind", hostname, port);
  }

  /** From now on only what this peer sends is received, and `send` sends to it. */
  async connect(address: SocketAddress): Promise<void> {
    this.check("connect");
    const { hostname, port } = checkInet("connect to", this.family, address, false);
    await this.#opened("connect", hostname);
    this.#peer = toAddress(this.family, hostname, port);
  }

  async send(bytes: Uint8Array, address: SocketAddress | null): Promise<number> {
    this.check("send");
    const target = address ?? this.#peer;
    if (target === null) throw new SocketError("send", "EDESTADDRREQ", "connect or use sendto");
    const isKnown = this.#route?.hostname === target[0] && this.#route.port === target[1];
    const route = isKnown ? this.#route as Route : await this.#routeTo(target);
    const { action, hostname, port } = route;
    if (route.isBroadcast && !this.#mayBroadcast) {
      throw new SocketError(action, "EACCES", "set SO_BROADCAST");
    }
    const udp = this.#udp ?? await this.#opened("send", hostname);
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    udp.send(bytes, port, hostname, (error) => error ? reject(error) : resolve(bytes.length));
    try {
      return await promise;
    } catch (cause) {
      throw socketFailure(action, cause);
    }
  }

  /** The next datagram; what is longer than `bufsize` is cut off and lost. */
  async receive(bufsize: number, flags: number, timeoutMs: number): Promise<Datagram> {
    this.check("receive");
    if (this.#unread.length > 0) return this.#take(bufsize, flags);
    const limits = { timeoutMs };
    const receiver = new Receiver(this.#receivers, this.#clock, limits, bufsize, flags);
    this.#udp?.ref();
    try {
      return await receiver.promise;
    } finally {
      // The socket goes on listening; the process need not stay for it.
      if (this.#receivers.first === null) this.#udp?.unref();
    }
  }

  setsockopt(level: number, option: number, value: number | boolean | Uint8Array): void {
    this.check("set an option");
    const allowed = this.family === AF_INET ? IPV4_OPTIONS : OPTIONS;
    const found = readOption(level, option, value, allowed);
    if (found.name === "reuseAddress") this.#reusesAddress = found.value !== 0;
    else if (found.name === "addMembership") {
      this.#set((udp) => udp.addMembership(found.group, found.local));
    } else if (found.name === "dropMembership") {
      this.#set((udp) => udp.dropMembership(found.group, found.local));
    } else if (found.name === "broadcast") {
      this.#mayBroadcast = found.value !== 0;
      this.#set((udp) => udp.setBroadcast(this.#mayBroadcast));
    } else if (found.name === "receiveBuffer") {
      this.#set((udp) => udp.setRecvBufferSize(found.value));
    } else if (found.name === "sendBuffer") this.#set((udp) => udp.setSendBufferSize(found.value));
  }

  getsockname(): SocketAddress {
    this.check("tell the address");
    if (this.#udp === null) return noAddress(this.family);
    const { address, port } = this.#udp.address();
    return toAddress(this.family, address, port);
  }

  getpeername(): SocketAddress {
    this.check("tell the peer");
    if (this.#peer === null) throw socketError("tell the peer", "ENOTCONN");
    return this.#peer;
  }

  /** Ends every wait with EBADF; the address is free when the promise resolves. */
  close(): Promise<void> {
    this.#closed ??= this.#release();
    return this.#closed;
  }

  /** @throws {SocketError} EBADF if it is closed. */
  check(action: string): void {
    if (this.#closed !== null) throw socketError(action, "EBADF");
  }

  async #release(): Promise<void> {
    for (const receiver of this.#receivers.all) receiver.reject(socketError("go on", "EBADF"));
    this.#unread.length = 0;
    const udp = await this.#opening?.catch(() => null);
    if (udp) await new Promise<void>((resolve) => void udp.close(resolve));
  }

  #received(bytes: Uint8Array, from: RemoteInfo): void {
    if (this.#peer !== null && !isSame(this.family, this.#peer, from)) return;
    if (this.#unreadBytes + bytes.length + DATAGRAM_BYTES > MAX_UNREAD_BYTES) {
      this.dropped++;
      return;
    }
    this.#unreadBytes += bytes.length + DATAGRAM_BYTES;
    const address = toAddress(this.family, from.address, from.port);
    this.#unread.push([new Uint8Array(bytes), address]);
    for (let first = this.#receivers.first; first && this.#unread.length > 0;) {
      first.resolve(this.#take(first.bufsize, first.flags));
      first = this.#receivers.first;
    }
  }

  #take(bufsize: number, flags: number): Datagram {
    const [bytes, address] = this.#unread[0] as Datagram;
    if ((flags & MSG_PEEK) !== 0) return [bytes.slice(0, bufsize), address];
    this.#unread.shift();
    this.#unreadBytes -= bytes.length + DATAGRAM_BYTES;
    return [bytes.length > bufsize ? bytes.slice(0, bufsize) : bytes, address];
  }

  async #routeTo(target: SocketAddress): Promise<Route> {
    const { hostname, port } = checkInet("send to", this.family, target, false);
    const action = `send to ${formatEndpoint(hostname, port)}`;
    if (port === 0) throw socketError(action, "EINVAL");
    const route = { action, hostname, port, isBroadcast: isBroadcast(hostname) };
    if (route.isBroadcast && !this.#mayBroadcast) return route;
    await this.#opened("send", hostname);
    await allowNet(hostname, port);
    this.#route = route;
    return route;
  }

  /** The system's socket, bound where it is needed: to loopback for peers of this machine. */
  async #opened(action: string, peer: string): Promise<UdpSocket> {
    if (this.#opening !== null) return await this.#opening;
    const own = this.family === AF_INET6
      ? (peer === "::1" ? "::1" : "::")
      : (peer.startsWith("127.") ? "127.0.0.1" : "0.0.0.0");
    return await this.#open(action, own, 0);
  }

  async #open(action: string, hostname: string, port: number): Promise<UdpSocket> {
    const opening = this.#bound(hostname, port);
    this.#opening = opening;
    try {
      const udp = await opening;
      this.check(action);
      return udp;
    } catch (cause) {
      if (this.#opening === opening && this.#udp === null) this.#opening = null;
      throw socketFailure(`${action} ${formatEndpoint(hostname, port)}`, cause);
    }
  }

  async #bound(hostname: string, port: number): Promise<UdpSocket> {
    await allowNet(hostname, port);
    const { createSocket } = await import("node:dgram");
    const type = this.family === AF_INET6 ? "udp6" : "udp4";
    const udp = createSocket({ type, reuseAddr: this.#reusesAddress });
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    // After it is bound, an error of receiving is one datagram less.
    udp.on("error", reject);
    udp.bind(port, hostname, resolve);
    await promise;
    udp.on("message", (bytes, from) => this.#received(bytes, from));
    if (this.#receivers.first === null) udp.unref();
    this.#udp = udp;
    for (const setting of this.#settings) setting(udp);
    return udp;
  }

  #set(setting: (udp: UdpSocket) => void): void {
    if (this.#udp === null) this.#settings.push(setting);
    else setting(this.#udp);
  }
}

/** The address of everybody on every network here; those of single networks look like others. */
function isBroadcast(hostname: string): boolean {
  return hostname.startsWith("255.") && inetPton(AF_INET, hostname).every((byte) => byte === 255);
}

function isSame(family: number, peer: InetAddress, from: RemoteInfo): boolean {
  if (from.port !== peer[1]) return false;
  return from.address === peer[0] ||
    inetPton(family, from.address).join() === inetPton(family, peer[0]).join();
}
