/**
 * The downlinks of a radio, until somebody receives them.
 *
 * @module
 */
import type { RadioPacket } from "./radio.ts";

/** Downlinks that may wait; what comes beyond is lost and counted. */
export const MOST_WAITING_PACKETS = 7;

/** One radio's downlinks, in the order in which they came; all its sockets share them. */
export class PacketInbox {
  /** Downlinks that came while too many waited. */
  dropped = 0;
  readonly #packets: RadioPacket[] = [];
  readonly #readers = new Set<() => boolean>();

  /** Takes what the radio has received. */
  put(packet: RadioPacket): void {
    if (this.#packets.length >= MOST_WAITING_PACKETS) {
      this.dropped++;
      return;
    }
    this.#packets.push(packet);
    for (const wake of this.#readers) if (wake()) break;
  }

  /** The next downlink, or as much of it as is wanted: the rest stays. Null when none is there. */
  take(bufsize: number, isPeek: boolean): RadioPacket | null {
    const packet = this.#packets[0];
    if (packet === undefined) return null;
    const { bytes, port } = packet;
    if (!isPeek) {
      if (bytes.length > bufsize) this.#packets[0] = { bytes: bytes.slice(bufsize), port };
      else this.#packets.shift();
    }
    return { bytes: bytes.slice(0, bufsize), port };
  }

  /** Calls `wake` when a downlink has come, until it says that somebody has taken the call. */
  listen(wake: () => boolean): void {
    this.#readers.add(wake);
  }

  /** Ends {@linkcode listen}. */
  leave(wake: () => boolean): void {
    this.#readers.delete(wake);
  }
}
