/**
 * Accepting connections so that giving up loses none.
 *
 * @module
 */
import type { Clock } from "../../clock.ts";
import { socketFailure } from "../socket_error.ts";
import { Waiter } from "../waiter.ts";

/**
 * One accept is in flight at most, which is all that a listener allows, and it stays in flight
 * when those who wanted its connection have left: the next one to ask gets it.
 */
export class Acceptor {
  readonly #listener: Deno.Listener;
  readonly #clock: Clock;
  readonly #waiters: Set<Waiter<Deno.Conn>> = new Set();
  #accepting: Promise<void> | null = null;
  #ready: Deno.Conn | null = null;

  /** @param clock Its delay of 0 lets the system hand over what it has. */
  constructor(listener: Deno.Listener, clock: Clock) {
    this.#listener = listener;
    this.#clock = clock;
  }

  /** The next connection. */
  async accept(timeoutMs: number, late: () => Error): Promise<Deno.Conn> {
    const ready = this.#ready;
    if (ready !== null) {
      this.#ready = null;
      return ready;
    }
    const waiter = new Waiter<Deno.Conn>(this.#waiters, this.#clock, { timeoutMs }, () => {
      waiter.reject(late());
      // An accept stays in flight; the process need not stay for it.
      if (this.#waiters.size === 0) this.#listener.unref();
    });
    this.#listener.ref();
    this.#work();
    return await waiter.promise;
  }

  /**
   * Ends every wait with this error; a connection that nobody took is closed. The address is free
   * when the promise resolves.
   */
  async close(error: Error): Promise<void> {
    for (const waiter of [...this.#waiters]) waiter.reject(error);
    // Left behind or not, the accept must end before the process does, or else a path stays.
    this.#listener.ref();
    this.#listener.close();
    await this.#accepting;
    this.#ready?.close();
    this.#ready = null;
  }

  #work(): void {
    if (this.#accepting !== null || this.#waiters.size === 0) return;
    this.#accepting = this.#listener.accept().then((conn) => {
      const [first] = this.#waiters;
      if (first === undefined) this.#ready = conn;
      else first.resolve(conn);
    }, (cause) => {
      const [first] = this.#waiters;
      first?.reject(socketFailure("accept", cause));
    }).finally(() => {
      this.#accepting = null;
      this.#work();
    });
  }
}
