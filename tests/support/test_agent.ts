import {
  type AgentOptions,
  type Assignment,
  runAgent,
  type ShelfSample,
} from "../../src/agent/agent.ts";
import type { FanBoard } from "../../src/board/fan_board.ts";
import { type Clock, systemClock } from "../../src/clock.ts";
import { RecordedLog } from "./recorded_log.ts";
import { until } from "./until.ts";
import { VirtualClock } from "./virtual_clock.ts";

/** How finely a virtual clock is moved on while an agent ends. */
const STEP_MS = 10;

/** An agent that runs until it is disposed of. */
export class TestAgent implements AsyncDisposable {
  readonly log = new RecordedLog();
  readonly samples: ShelfSample[] = [];
  readonly #stop = new AbortController();
  readonly #ended: Promise<void>;
  readonly #clock: Clock;
  #waiting: { matches: (sample: ShelfSample) => boolean; found: () => void }[] = [];

  /** @param port one, or several that are tried in order. */
  constructor(
    port: number | readonly number[],
    assignments: readonly Assignment[],
    openBoard: () => Promise<FanBoard>,
    clock: Clock = systemClock,
    more: Partial<Pick<AgentOptions, "boardName" | "calibration" | "claims">> = {},
  ) {
    this.#clock = clock;
    this.#ended = runAgent({
      servers: [port].flat().map((port) => ({ host: "127.0.0.1", port })),
      assignments,
      safePercent: 100,
      boardName: "test",
      line: "test:",
      openBoard,
      clock,
      log: this.log,
      random: () => 0.5,
      onSample: (sample) => this.#take(sample),
      ...more,
    }, this.#stop.signal);
  }

  /** The next sample like this. */
  sample(matches: (sample: ShelfSample) => boolean): Promise<void> {
    return new Promise((found) => this.#waiting.push({ matches, found }));
  }

  /** Ends the agent in the proper way; its last words go to the board. */
  async stop(): Promise<void> {
    this.#stop.abort();
    let hasEnded = false;
    this.#ended.finally(() => hasEnded = true);
    const clock = this.#clock;
    if (clock instanceof VirtualClock) {
      await until(async () => {
        await clock.advance(STEP_MS);
        return hasEnded;
      }, "the agent's end");
    }
    await this.#ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  #take(sample: ShelfSample): void {
    this.samples.push(sample);
    this.#waiting = this.#waiting.filter(({ matches, found }) => {
      if (!matches(sample)) return true;
      found();
      return false;
    });
  }
}
