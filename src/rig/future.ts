/**
 * A value that is still to come, which can be cancelled, and asked how it stands.
 *
 * @module
 */
import { FandError } from "../errors.ts";

/** How a future stands. */
type State<T> =
  | { readonly is: "pending" | "cancelled" }
  | { readonly is: "resolved"; readonly value: T }
  | { readonly is: "failed"; readonly error: Error };

/**
 * A promise whose state can be seen without waiting, as `asyncio.Future` is one. One that fails or
 * is cancelled while nobody waits disturbs nobody.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 *
 * const future = new Future<number>();
 * assert.equal(future.done(), false);
 * future.setResult(42);
 * assert.equal(future.result(), 42);
 * assert.equal(await future, 42);
 * ```
 */
export class Future<T> implements PromiseLike<T> {
  readonly #settle: PromiseWithResolvers<T> = Promise.withResolvers<T>();
  #state: State<T> = { is: "pending" };

  /** One that is pending. */
  constructor() {
    this.#settle.promise.catch(() => {});
  }

  /** Whether there is a result, an error, or a cancellation. */
  done(): boolean {
    return this.#state.is !== "pending";
  }

  /** Whether it was cancelled. */
  cancelled(): boolean {
    return this.#state.is === "cancelled";
  }

  /**
   * The result.
   *
   * @throws {FandError} If there is none yet; else what the future failed with.
   */
  result(): T {
    const state = this.#state;
    if (state.is === "resolved") return state.value;
    if (state.is === "failed") throw state.error;
    throw state.is === "cancelled" ? cancellation() : stillPending("tell the result of");
  }

  /**
   * The error that it failed with, or null.
   *
   * @throws {FandError} If it is pending.
   */
  exception(): Error | null {
    const state = this.#state;
    if (state.is === "pending") throw stillPending("tell the error of");
    if (state.is === "cancelled") throw cancellation();
    return state.is === "failed" ? state.error : null;
  }

  /** Gives the result. @throws {FandError} If it is done already. */
  setResult(value: T): void {
    this.#leave({ is: "resolved", value });
    this.#settle.resolve(value);
  }

  /** Lets it fail. @throws {FandError} If it is done already. */
  setException(error: Error): void {
    this.#leave({ is: "failed", error });
    this.#settle.reject(error);
  }

  /** Cancels it: who waits gets an `AbortError`. False when it was done already. */
  cancel(): boolean {
    if (this.done()) return false;
    this.#leave({ is: "cancelled" });
    this.#settle.reject(cancellation());
    return true;
  }

  /** For `await`. */
  then<A = T, B = never>(
    onResult?: ((value: T) => A | PromiseLike<A>) | null,
    onError?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return this.#settle.promise.then(onResult, onError);
  }

  #leave(state: State<T>): void {
    if (this.done()) {
      throw new FandError(
        `Cannot settle a future: it is ${this.#state.is} already; make a new one`,
      );
    }
    this.#state = state;
  }
}

/**
 * Whether a future has a result: it is done, not cancelled, and did not fail.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { Future } from "../../mod.ts";
 *
 * const future = new Future<string>();
 * assert.equal(isSuccess(future), false);
 * future.setResult("done");
 * assert.equal(isSuccess(future), true);
 * ```
 */
export function isSuccess<T>(future: Future<T>): boolean {
  return future.done() && !future.cancelled() && future.exception() === null;
}

function cancellation(): DOMException {
  return new DOMException(
    "Cannot wait for the future: it was cancelled; make a new one",
    "AbortError",
  );
}

function stillPending(action: string): FandError {
  return new FandError(`Cannot ${action} a future: it is pending; await it`);
}
