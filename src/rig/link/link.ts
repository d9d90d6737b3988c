/**
 * How bytes get from one rig to another.
 *
 * @module
 */
import type { Clock } from "../../clock.ts";
import type { RigAddress } from "../communicator.ts";
import { socketError } from "../../sockets/socket_error.ts";

/** The longest message, in bytes: what fits into one datagram of UDP. */
export const MAX_MESSAGE_BYTES = 65_507;
/** Connections of TCP and WebSocket that one server has at once. */
export const MAX_PEERS = 64;
/** Bytes that may wait for a peer that does not read. */
export const MAX_UNSENT_BYTES: number = 1 << 20;
/** How long connecting may take, in milliseconds. */
export const CONNECT_TIMEOUT_MS = 5000;

/** What has become of messages; a number for each limit, too. */
export interface RigCounters {
  /** Messages that came, echoes among them. */
  received: number;
  /** Messages that were sent back to confirm them. */
  echoed: number;
  /** Own messages that were confirmed. */
  confirmed: number;
  /** Own messages that nobody confirmed in time. */
  unconfirmed: number;
  /** Echoes that came too late or twice. */
  lateEchoes: number;
  /** Messages that could not be read. */
  malformed: number;
  /** Messages longer than {@linkcode MAX_MESSAGE_BYTES}. */
  oversized: number;
  /** Messages and connections from hosts that are not listed. */
  foreign: number;
  /** Connections beyond {@linkcode MAX_PEERS}. */
  refusedPeers: number;
  /** Own messages beyond what may wait for one peer. */
  refusedSends: number;
  /** Messages that came faster than they were handled. */
  dropped: number;
}

/** All at zero. */
export function newCounters(): RigCounters {
  return {
    received: 0,
    echoed: 0,
    confirmed: 0,
    unconfirmed: 0,
    lateEchoes: 0,
    malformed: 0,
    oversized: 0,
    foreign: 0,
    refusedPeers: 0,
    refusedSends: 0,
    dropped: 0,
  };
}

/** What a link needs from around it. */
export interface LinkParts {
  readonly clock: Clock;
  readonly counters: RigCounters;
  /** Whether this host may talk to us. */
  allows(host: string): boolean;
}

/** What a link tells. */
export interface LinkEvents {
  /** A message; the next one of the same peer comes when this is handled. */
  received(bytes: Uint8Array<ArrayBuffer>, from: RigAddress): Promise<void>;
  /** A connection has ended: by the peer, or because of an error. */
  lost(from: RigAddress, error: Error | null): void;
}

/** One way to reach others. */
export interface Link {
  /** The own address. */
  readonly address: RigAddress;
  /** Whether somebody can be reached, as far as that is known. */
  readonly isConnected: boolean;
  /** From here on it tells what happens. */
  start(events: LinkEvents): void;
  /** Sends one message whole. @throws {SocketError} If it cannot. */
  send(bytes: Uint8Array, to: RigAddress): Promise<void>;
  close(): Promise<void>;
}

/** The same for all links: what is too long is not sent. */
export function checkLength(bytes: Uint8Array): void {
  if (bytes.length > MAX_MESSAGE_BYTES) {
    throw socketError(`send a message of ${bytes.length} bytes`, "EMSGSIZE");
  }
}

/** An address as the key of a map. */
export function keyOf([host, port]: RigAddress): string {
  return `${port} ${host}`;
}
