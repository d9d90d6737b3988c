/**
 * Proofs that prove nothing: whoever sends one waits for the answer and loses the connection, and
 * nobody can fill the log with them.
 *
 * @module
 */

import type { Clock } from "../../clock.ts";
import type { Log } from "../../log.ts";

/** How long the answer takes. */
export const FAILED_DELAY_MS = 1000;
/** So many wait at one time; who comes then is cut off without an answer. */
export const MOST_DELAYED = 64;
/** The log is told at most this often. */
const SAY_MS = 60_000;

/** Who has failed to prove who it is: a session. */
export interface Failed {
  readonly peer: string;
  /** Takes nothing more, and answers the request with this id only after this time; null: never. */
  expel(afterMs: number | null, id: number | undefined): void;
}

/** Deals with failed proofs of all clients. */
export class FailedProofs {
  /** Since the start. */
  readonly counters: { failed: number; undelayed: number } = { failed: 0, undelayed: 0 };
  readonly #parts: { clock: Clock; log: Log };
  readonly #delayed = new Set<Failed>();
  #unsaid = 0;
  #last = "";
  #cancel: (() => void) | null = null;

  constructor(parts: { clock: Clock; log: Log }) {
    this.#parts = parts;
  }

  /** One more, in the request with this id. */
  take(client: Failed, id: number | undefined): void {
    this.counters.failed++;
    this.#say(client.peer);
    if (this.#delayed.size >= MOST_DELAYED) {
      this.counters.undelayed++;
      return client.expel(null, id);
    }
    this.#delayed.add(client);
    client.expel(FAILED_DELAY_MS, id);
  }

  /** The client has gone. */
  forget(client: Failed): void {
    this.#delayed.delete(client);
  }

  /** Says nothing any more. */
  stop(): void {
    this.#cancel?.();
    this.#cancel = null;
  }

  #say(peer: string): void {
    if (this.#cancel !== null) {
      this.#unsaid++;
      this.#last = peer;
      return;
    }
    this.#parts.log.warn(`${peer}: has not proved who it is, and is disconnected`);
    this.#sayLater();
  }

  #sayLater(): void {
    this.#cancel = this.#parts.clock.after(SAY_MS, () => {
      this.#cancel = null;
      if (this.#unsaid === 0) return;
      const times = this.#unsaid === 1 ? "once" : `${this.#unsaid} times`;
      this.#parts.log.warn(
        `Clients have not proved who they are ${times} more within ${SAY_MS / 1000} s, ` +
          `the last ${this.#last}`,
      );
      this.#unsaid = 0;
      this.#sayLater();
    });
  }
}
