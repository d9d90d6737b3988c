/**
 * An agent's end of the serial line: one process owns a board, tells it every beat what each
 * channel must do, and opens it again after every loss.
 *
 * @module
 */

import type { FanBoard, FanBoardStatus } from "../board/fan_board.ts";
import type { Clock } from "../clock.ts";
import type { Log } from "../log.ts";
import { backoffMs, DEFAULT_BACKOFF } from "../backoff.ts";
import type { ChannelPlan } from "./channel_plan.ts";
import { Wakeup } from "./wakeup.ts";

/** What a board is driven with. */
export interface BoardLinkOptions {
  /** For the log: `sim:7`. */
  readonly name: string;
  readonly plan: ChannelPlan;
  readonly clock: Clock;
  readonly log: Log;
  open(): Promise<FanBoard>;
  random(): number;
  /** Before every `set`; what it decides is in the plan then. */
  onTurn(board: FanBoard): Promise<void>;
  /** After every exchange with the board. */
  onStatus(status: FanBoardStatus): void;
  /** When there is no board any more, or still none: what it said last is the past. */
  onLost(): void;
}

/** A duty is repeated this often; a board holds it for its own TTL, which is much longer. */
const BEAT_MS = 500;

/** The owner of one board. */
export class BoardLink {
  readonly #options: BoardLinkOptions;
  readonly #wakeup: Wakeup;
  /** Not cut short by a changed plan: a board that is gone is not asked more often for it. */
  readonly #retry: Wakeup;
  readonly #signal: AbortSignal;
  #failures = 0;

  constructor(options: BoardLinkOptions, signal: AbortSignal) {
    this.#options = options;
    this.#signal = signal;
    this.#wakeup = new Wakeup(options.clock, signal);
    this.#retry = new Wakeup(options.clock, signal);
  }

  /** The plan has changed: tell the board now. */
  wake(): void {
    this.#wakeup.wake();
  }

  /** Drives the board until the signal is aborted and leaves it at its safe level. */
  async run(): Promise<void> {
    const { name, log } = this.#options;
    while (!this.#signal.aborted) {
      try {
        await using board = await this.#options.open();
        await this.#drive(board);
      } catch (error) {
        this.#failures++;
        this.#options.onLost();
        const message = error instanceof Error ? error.message : String(error);
        if (this.#failures === 1) log.error(`Board "${name}": ${message}; trying again`);
        else log.debug(`Board "${name}": ${message}`);
        const waitMs = backoffMs(this.#failures, this.#options.random(), DEFAULT_BACKOFF);
        if (!this.#signal.aborted) await this.#retry.wait(waitMs);
      }
    }
  }

  async #drive(board: FanBoard): Promise<void> {
    const { plan, clock } = this.#options;
    const { channels, ttlMaxMs } = board.hello;
    const count = channels.length;
    this.#sayMissing(count);
    while (!this.#signal.aborted) {
      await this.#options.onTurn(board);
      this.#sayExpired();
      const commands = plan.commands(count, ttlMaxMs, clock.monotonicMs());
      this.#options.onStatus(await board.set(commands));
      this.#failures = 0;
      const nowMs = clock.monotonicMs();
      const expiryMs = plan.nextExpiryMs(nowMs) ?? Infinity;
      await this.#wakeup.wait(Math.min(BEAT_MS, expiryMs - nowMs));
    }
    this.#options.onStatus(await board.set(plan.safeCommands(count, ttlMaxMs)));
  }

  /** A channel that the board does not have costs its shelf that channel, and nobody else. */
  #sayMissing(count: number): void {
    const { name, plan, log } = this.#options;
    for (const { shelf, channel } of plan.missing(count)) {
      log.error(
        `Cannot drive channel ${channel} of shelf "${shelf}": board "${name}" has ${count} channels; ` +
          `give one from 0 to ${count - 1}`,
      );
    }
  }

  #sayExpired(): void {
    const { plan, clock, log } = this.#options;
    for (const shelf of plan.newlyExpired(clock.monotonicMs())) {
      log.warn(`Shelf "${shelf}": nothing valid from the server any more; its fans go safe`);
    }
  }
}
