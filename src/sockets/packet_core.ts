/**
 * What is behind a socket that is no stream: datagrams, or the packets of a radio.
 *
 * @module
 */
import type { SocketAddress } from "./socket_address.ts";

/** The state of such a socket, which ends with it. */
export interface PacketCore {
  readonly family: number;
  /** SOCK_DGRAM or SOCK_RAW. */
  readonly type: number;
  /** `Infinity` blocks, 0 never does. */
  timeoutMs: number;
  readonly isClosed: boolean;
  /** What came while too much waited. */
  readonly dropped: number;
  bind(address: SocketAddress | number): Promise<void>;
  connect(address: SocketAddress): Promise<void>;
  send(bytes: Uint8Array, address: SocketAddress | null): Promise<number>;
  receive(
    bufsize: number,
    flags: number,
    timeoutMs: number,
  ): Promise<[bytes: Uint8Array<ArrayBuffer>, address: SocketAddress | number]>;
  setsockopt(level: number, option: number, value: number | boolean | Uint8Array): void;
  getsockname(): SocketAddress;
  getpeername(): SocketAddress;
  close(): Promise<void>;
  /** @throws {SocketError} EBADF if it is closed. */
  check(action: string): void;
}
