/**
 * What is known of the peers that something was sent to, or that something came from.
 *
 * @module
 */
import type { RigAddress } from "../communicator.ts";
import { keyOf } from "../link/link.ts";
import { PeerEchoes } from "./peer_echoes.ts";

/** Peers that are remembered; of those beyond, the one that was quiet the longest is forgotten. */
export const MAX_KNOWN_PEERS = 256;

/** The peers by their addresses. */
export class Peers {
  readonly #known: Map<string, PeerEchoes> = new Map();

  /** What is known of a peer, or null. */
  find(address: RigAddress): PeerEchoes | null {
    return this.#known.get(keyOf(address)) ?? null;
  }

  /** What is known of a peer from now on. */
  get(address: RigAddress): PeerEchoes {
    const key = keyOf(address);
    const found = this.#known.get(key) ?? new PeerEchoes();
    // The order of the map is that in which they were heard of.
    this.#known.delete(key);
    this.#known.set(key, found);
    if (this.#known.size > MAX_KNOWN_PEERS) this.#forgetOldest();
    return found;
  }

  /** Forgets a peer, and tells what was known of it. */
  forget(address: RigAddress): PeerEchoes | null {
    const found = this.find(address);
    this.#known.delete(keyOf(address));
    return found;
  }

  /** Whom something waits for is not forgotten. */
  #forgetOldest(): void {
    for (const [key, peer] of this.#known) {
      if (peer.waiting > 0) continue;
      this.#known.delete(key);
      return;
    }
  }
}
