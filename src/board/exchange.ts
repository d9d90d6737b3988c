/**
 * One command and its answer, with the same frame sent again when the answer stays away. The
 * caller keeps at most one exchange at a time.
 *
 * @module
 */
import type { Clock } from "../clock.ts";
import { BoardError } from "../errors.ts";
import type { FramePort } from "./frame_port.ts";
import type { Frame } from "./protocol/frame.ts";

/** How an exchange goes on when nothing is heard. */
export interface ExchangePatience {
  /** How long each copy of the frame is given, in milliseconds. */
  readonly ackTimeoutMs: number;
  /** How often the frame is sent, the first time included. */
  readonly attempts: number;
}

/** How exchanges fared. */
export interface ExchangeCounters {
  /** Frames sent again because no answer came in time. */
  retransmits: number;
  /** Commands that were given up. */
  timeouts: number;
}

/** A command on its way: sends itself until an answer is accepted, or gives up. */
export class Exchange<T> {
  /** The answer. */
  readonly answer: Promise<T>;
  readonly #resolvers = Promise.withResolvers<T>();
  readonly #accept: (frame: Frame) => T | null;
  #cancelTimer: () => void = () => {};

  /**
   * @param bytes what goes on the line, the same each time
   * @param accept what a frame means; `null` when it is not the answer. What it throws is what the
   * exchange fails with.
   */
  constructor(
    port: FramePort,
    clock: Clock,
    patience: ExchangePatience,
    counters: ExchangeCounters,
    bytes: Uint8Array,
    accept: (frame: Frame) => T | null,
  ) {
    this.answer = this.#resolvers.promise;
    this.#accept = accept;
    const send = (attempt: number): void => {
      if (attempt > 1) counters.retransmits++;
      port.write(bytes);
      this.#cancelTimer = clock.after(patience.ackTimeoutMs, () => {
        if (attempt < patience.attempts) return send(attempt + 1);
        counters.timeouts++;
        this.fail(
          new BoardError(
            `Cannot reach the board: no answer to ${patience.attempts} tries in ` +
              `${patience.attempts * patience.ackTimeoutMs} ms; check its cable and its power`,
          ),
        );
      });
    };
    send(1);
  }

  /** Offers a frame from the board; whether it was the answer. */
  offer(frame: Frame): boolean {
    try {
      const value = this.#accept(frame);
      if (value === null) return false;
      this.#cancelTimer();
      this.#resolvers.resolve(value);
    } catch (error) {
      this.fail(error);
    }
    return true;
  }

  /** Ends the exchange without an answer. */
  fail(error: unknown): void {
    this.#cancelTimer();
    this.#resolvers.reject(error);
  }
}
