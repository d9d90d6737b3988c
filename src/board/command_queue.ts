/**
 * The commands that wait for a board's line, in order. A full state replaces one that waits: only
 * the newest is worth sending.
 *
 * @module
 */
import { BoardError } from "../errors.ts";
import type { BoardHello, Reply } from "./protocol/types.ts";

/** A command and everybody who awaits its answer. */
export interface WaitingCommand {
  readonly type: number;
  /** Makes the frame when its turn has come: what it says may depend on the time. */
  readonly encode: (seq: number, hello: BoardHello) => Uint8Array;
  readonly askers: PromiseWithResolvers<Reply>[];
}

/** How many commands may wait for the one on the line. */
export const QUEUE_LIMIT = 32;

/** A queue of at most {@link QUEUE_LIMIT} commands. */
export class CommandQueue {
  #waiting: WaitingCommand[] = [];

  /** How many commands wait. */
  get length(): number {
    return this.#waiting.length;
  }

  /**
   * Adds a command; resolves with its answer.
   * @param replaces whether it takes the place of a waiting command of its type, whose askers then
   * get the answer to this one
   * @throws BoardError when the queue is full
   */
  add(
    type: number,
    encode: WaitingCommand["encode"],
    replaces: boolean,
  ): Promise<Reply> {
    const asker = Promise.withResolvers<Reply>();
    const index = replaces ? this.#waiting.findIndex((waiting) => waiting.type === type) : -1;
    const older = this.#waiting[index];
    if (older) {
      this.#waiting[index] = { type, encode, askers: [...older.askers, asker] };
    } else if (this.#waiting.length < QUEUE_LIMIT) {
      this.#waiting.push({ type, encode, askers: [asker] });
    } else {
      asker.reject(
        new BoardError(
          `Cannot ask the board: ${QUEUE_LIMIT} commands wait already; await their answers first`,
        ),
      );
    }
    return asker.promise;
  }

  /** The command whose turn it is. */
  take(): WaitingCommand | undefined {
    return this.#waiting.shift();
  }

  /** Rejects everything that waits. */
  fail(error: unknown): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const { askers } of waiting) for (const asker of askers) asker.reject(error);
  }
}
