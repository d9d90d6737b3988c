/**
 * A motherboard's board on a copy of /sys, with a clock and a driver of its own.
 *
 * @module
 */
import { HwmonBoard } from "../../src/board/hwmon/hwmon_board.ts";
import { type HwmonSpec, parseLineSpec } from "../../src/board/line_spec.ts";
import { ChipDriver, type ChipTree } from "./chip_tree.ts";
import { RecordedLog } from "./recorded_log.ts";
import { until } from "./until.ts";
import { VirtualClock } from "./virtual_clock.ts";

/** Hold it with `await using`; closing it twice is fine. */
export class HwmonDesk implements AsyncDisposable {
  readonly clock: VirtualClock;
  readonly log: RecordedLog;
  readonly driver: ChipDriver;

  readonly board: HwmonBoard;

  private constructor(board: HwmonBoard, parts: Pick<HwmonDesk, "clock" | "log" | "driver">) {
    this.board = board;
    this.clock = parts.clock;
    this.log = parts.log;
    this.driver = parts.driver;
  }

  /** Opens the board that the line means. */
  static async open(
    { places }: ChipTree,
    line = "hwmon:nct6775",
    safePercent = 100,
  ): Promise<HwmonDesk> {
    const parts = {
      clock: new VirtualClock(),
      log: new RecordedLog(),
      driver: new ChipDriver(),
    };
    const board = await HwmonBoard.open(parseLineSpec(line) as HwmonSpec, {
      ...parts,
      safePercent,
      places,
      files: parts.driver,
    });
    return new HwmonDesk(board, parts);
  }

  /** Drives channel 0, and leaves the other to whoever has it. */
  drive(permille: number, ttlMs = 3000): ReturnType<HwmonBoard["set"]> {
    const unowned = this.board.hello.channels.slice(1)
      .map(() => ({ permille: 1000, ttlMs, unowned: true as const }));
    return this.board.set([{ permille, ttlMs }, ...unowned]);
  }

  /** Moves time on and waits for what is to be seen then. */
  async advance(ms: number, condition: () => Promise<boolean>, what: string): Promise<void> {
    await this.clock.advance(ms);
    await until(condition, what);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.board.close();
  }
}
