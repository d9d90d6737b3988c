/**
 * A shelf whose fans hang on real firmware: a server, and for each board its agent, all on one
 * virtual clock.
 *
 * @module
 */
import { Board } from "../../src/board/board.ts";
import type { FanSpec } from "../../src/board/sim/fan_model.ts";
import { runFanctl } from "../../src/cli/main.ts";
import type { Finding } from "../../src/control/engine/finding.ts";
import type { Calibration } from "../../src/control/fans/map/calibration.ts";
import type { ShelfConfig } from "../../src/config/config.ts";
import { MachineBoard } from "./machine_line.ts";
import { serve, type TestServer, testShelf } from "./serve.ts";
import { TestAgent } from "./test_agent.ts";
import { TestIo } from "./test_io.ts";
import { until } from "./until.ts";
import { VirtualClock } from "./virtual_clock.ts";

/** Time is moved on in steps of this; a board's answers come within less. */
const STEP_MS = 50;
const TIME_LIMIT_MS = 60_000;

/** One board of the shelf `nas`. */
export interface DeskBoard {
  readonly name: string;
  readonly channels: readonly number[];
  readonly fans?: readonly FanSpec[];
}

/** Duty in percent is the temperature in °C; what `tempC` sets. */
export class FanDesk implements AsyncDisposable {
  readonly clock = new VirtualClock();
  readonly served: TestServer;
  readonly boards = new Map<string, MachineBoard>();
  readonly agents = new Map<string, TestAgent>();
  readonly #specs: readonly DeskBoard[];

  constructor(specs: readonly DeskBoard[], shelf: Partial<ShelfConfig> = {}, tempC = 40) {
    this.#specs = specs;
    const shelves = [{ ...testShelf("nas", ["nas"]), ...shelf }];
    this.served = serve({ clock: this.clock, config: { shelves }, tempsC: { nas: tempC } });
    for (const { name, fans } of specs) {
      this.boards.set(name, new MachineBoard(this.clock, undefined, fans));
      this.drive(name);
    }
  }

  /** Gives a board an agent. */
  drive(name: string, calibration: Calibration | null = null): void {
    const { channels = [] } = this.#specs.find((spec) => spec.name === name) ?? {};
    const agent = new TestAgent(
      this.served.port,
      [{ shelf: "nas", channels }],
      () => Board.open(this.board(name).openLine(), { clock: this.clock }),
      this.clock,
      { boardName: name, calibration },
    );
    this.agents.set(name, agent);
  }

  board(name: string): MachineBoard {
    const board = this.boards.get(name);
    if (board === undefined) throw new Error(`there is no board "${name}"`);
    return board;
  }

  /** What holds, as kind and subject. */
  get findings(): string[] {
    const found: readonly Finding[] = this.served.server.controller.engine.findings();
    return found.filter(({ shelf }) => shelf === "nas")
      .map(({ kind, subject }) => `${kind}: ${subject}`).sort();
  }

  /** The duty that the shelf is given. */
  get percent(): number {
    return this.served.server.controller.shelf("nas").decision.percent;
  }

  /** What a fan is driven with, in permille or let go. */
  driven(channel: number, name = "left"): number | "released" {
    return this.board(name).channel(channel).drive;
  }

  /** The true speed of a fan, in rpm. */
  rpm(channel: number, name = "left"): number {
    return this.board(name).channel(channel).rpm;
  }

  set tempC(tempC: number) {
    this.served.tempsC.set("nas", tempC);
  }

  /** Moves time on until something is so. */
  async until(condition: () => boolean, what: string): Promise<void> {
    await until(
      async () => {
        await this.clock.advance(STEP_MS);
        return condition();
      },
      what,
      TIME_LIMIT_MS,
    );
  }

  /** Moves time on. */
  async pass(ms: number): Promise<void> {
    const endMs = this.clock.monotonicMs() + ms;
    await this.until(() => this.clock.monotonicMs() >= endMs, `${ms} ms`);
  }

  /** Runs fanctl to its end. */
  async fanctl(...args: string[]): Promise<{ status: number; out: string; err: string }> {
    const io = new TestIo({ clock: this.clock });
    let status: number | null = null;
    const ended = runFanctl(["-p", String(this.served.port), ...args], io)
      .then((found) => status = found);
    await this.until(() => status !== null, args.join(" "));
    await ended;
    return { status: status ?? -1, out: io.out, err: io.err };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const agent of this.agents.values()) await agent.stop();
    await this.served[Symbol.asyncDispose]();
  }
}
