/**
 * A server, an agent and a board on one virtual clock, and fanctl in front of them.
 *
 * @module
 */
import { Board } from "../../src/board/board.ts";
import { runFanctl } from "../../src/cli/main.ts";
import { MachineBoard } from "./machine_line.ts";
import { serve, type TestServer } from "./serve.ts";
import { TestAgent } from "./test_agent.ts";
import { TestIo, type TestIoOptions } from "./test_io.ts";
import { until } from "./until.ts";
import { VirtualClock } from "./virtual_clock.ts";

const STEP_MS = 10;
const TIME_LIMIT_MS = 60_000;

/** What fanctl did. */
export interface Run {
  status: number;
  out: string;
  err: string;
}

/** The board is called `test`; its channels 0 and 1 belong to the shelves `nas` and `rack`. */
export class BoardDesk implements AsyncDisposable {
  readonly clock = new VirtualClock();
  readonly board = new MachineBoard(this.clock);
  readonly served: TestServer;
  readonly agent: TestAgent;
  /** The line that the agent opened last. */
  line = this.board.openLine();

  private constructor(tempsC: Readonly<Record<string, number>>) {
    this.served = serve({ clock: this.clock, shelves: ["nas", "rack"], tempsC });
    this.agent = new TestAgent(
      this.served.port,
      [{ shelf: "nas", channels: [0] }, { shelf: "rack", channels: [1] }],
      () => {
        this.line = this.board.openLine();
        return Board.open(this.line, { clock: this.clock });
      },
      this.clock,
    );
  }

  /** A desk whose board is driven by 40 and 60 %, unless the temperatures say otherwise. */
  static async open(tempsC: Readonly<Record<string, number>> = {}): Promise<BoardDesk> {
    const desk = new BoardDesk({ nas: 40, rack: 60, ...tempsC });
    try {
      await desk.until(() => {
        const state = (shelf: string) =>
          desk.agent.samples.findLast((sample) => sample.shelf === shelf)?.state;
        return state("nas") === "held" && state("rack") === "held";
      }, "a board that is driven");
      return desk;
    } catch (error) {
      await desk[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Moves time on until something is so. */
  async until(condition: () => boolean, what: string, stepMs = STEP_MS): Promise<void> {
    const step = async () => {
      await this.clock.advance(stepMs);
      return condition();
    };
    await until(step, what, TIME_LIMIT_MS);
  }

  /** Runs fanctl to its end while time goes on, in steps that suit how long that takes. */
  async fanctl(
    line: string,
    during: (io: TestIo) => void = () => {},
    stepMs = STEP_MS,
  ): Promise<Run> {
    const options: TestIoOptions = { clock: this.clock };
    const io = new TestIo(options);
    let status: number | null = null;
    const ended = runFanctl(["-p", String(this.served.port), ...line.split(" ")], io)
      .then((found) => status = found);
    const hasEnded = () => {
      during(io);
      return status !== null;
    };
    await this.until(hasEnded, line, stepMs);
    await ended;
    return { status: status ?? -1, out: io.out, err: io.err };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.agent.stop();
    await this.served[Symbol.asyncDispose]();
  }
}
