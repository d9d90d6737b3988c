/**
 * Messages that came and are not handled yet, where nothing else slows down who sends them.
 *
 * @module
 */
import type { RigAddress } from "../communicator.ts";
import { keyOf, type RigCounters } from "./link.ts";

/** Messages of one peer that may wait. */
export const MAX_WAITING_OF_PEER = 256;
/** Messages that may wait in all. */
export const MAX_WAITING = 4096;

/** A message and who sent it. */
interface Waiting {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly from: RigAddress;
}

/** Handles one message after the other, in turns of the peers: one that floods delays nobody. */
export class FairInbox {
  readonly #handle: (bytes: Uint8Array<ArrayBuffer>, from: RigAddress) => Promise<void>;
  readonly #counters: RigCounters;
  readonly #queues: Map<string, Waiting[]> = new Map();
  #size = 0;
  #isWorking = false;

  /** @param handle Must not throw. */
  constructor(
    handle: (bytes: Uint8Array<ArrayBuffer>, from: RigAddress) => Promise<void>,
    counters: RigCounters,
  ) {
    this.#handle = handle;
    this.#counters = counters;
  }

  /** Takes a message in, or drops it when too many wait. */
  push(bytes: Uint8Array<ArrayBuffer>, from: RigAddress): void {
    const key = keyOf(from);
    const queue = this.#queues.get(key) ?? [];
    if (queue.length >= MAX_WAITING_OF_PEER || this.#size >= MAX_WAITING) {
      this.#counters.dropped++;
      return;
    }
    queue.push({ bytes, from });
    this.#queues.set(key, queue);
    this.#size++;
    if (!this.#isWorking) void this.#work();
  }

  /** Forgets what waits. */
  clear(): void {
    this.#queues.clear();
    this.#size = 0;
  }

  async #work(): Promise<void> {
    this.#isWorking = true;
    for (let next = this.#next(); next; next = this.#next()) {
      await this.#handle(next.bytes, next.from);
    }
    this.#isWorking = false;
  }

  /** The first message of the peer whose turn it is; the others come before his next one. */
  #next(): Waiting | undefined {
    for (const [key, queue] of this.#queues) {
      const first = queue.shift();
      this.#queues.delete(key);
      if (queue.length > 0) this.#queues.set(key, queue);
      this.#size--;
      return first;
    }
    return undefined;
  }
}
