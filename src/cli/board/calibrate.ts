/**
 * `fanctl board calibrate`: which speed each duty gives, from which duty a fan turns, and whether
 * its tachometer makes sense. One fan at a time, while the others blow.
 *
 * @module
 */
import {
  addPoint,
  type Calibration,
  type ChannelCalibration,
  checkPulses,
  entryOf,
  sweepOf,
} from "../../control/fans/map/calibration.ts";
import { BoardError } from "../../errors.ts";
import type { CommandOf } from "../command.ts";
import type { CommandContext } from "../context.ts";
import { formatNumber } from "../percent.ts";
import { type BoardAccess, openBoard } from "./access.ts";
import { boardView, type ChannelView } from "./board_view.ts";
import { loadCalibration, saveCalibration } from "./calibration_file.ts";
import { Hand } from "./hand.ts";
import { plotLines } from "./plot.ts";
import { TemperatureGate } from "./temperature_gate.ts";

const SETTLE_MS = 12_000;
/** How long a standing fan is given to start, and a turning one to stop. */
const START_MS = 2500;
const STOP_MS = 12_000;
/** How finely the least duties are looked for. */
const FINE_PERCENT = 2;
/** The other fans are told this often what they must do at least. */
const FLOOR_EVERY_MS = 2000;

/** Prints a drawing and a summary a channel; with `--out` everything goes into a file as well. */
export async function boardCalibrate(
  command: CommandOf<"board-calibrate">,
  context: CommandContext,
): Promise<void> {
  await using access = await openBoard(command.board, context);
  const view = boardView(await access.do("info"));
  const gate = new TemperatureGate(access, view.shelves, context);
  const calibration = await loadCalibration(command.out, view.name);
  await gate.start(command.unseen);
  const wanted = command.channels.length > 0
    ? command.channels
    : view.channels.filter(({ tach }) => tach).map(({ channel }) => channel);
  for (const channel of wanted) {
    const entry = entryOf(calibration, channel);
    if (entry.finished_at !== null) {
      context.note(`channel ${channel} is calibrated already`);
      continue;
    }
    const others = view.channels.filter((other) => other.channel !== channel);
    const hand = new Hand(channel, access, gate, context);
    await new Run(hand, access, others, entry, calibration, command, context).finish();
  }
  context.print(calibration, calibration.channels.flatMap(channelLines).join("\n"));
}

/** The calibration of one channel, from wherever it stands. */
class Run {
  readonly #hand: Hand;
  readonly #access: BoardAccess;
  readonly #others: readonly ChannelView[];
  readonly #entry: ChannelCalibration;
  readonly #calibration: Calibration;
  readonly #command: CommandOf<"board-calibrate">;
  readonly #context: CommandContext;
  #floorMs = -Infinity;

  constructor(
    hand: Hand,
    access: BoardAccess,
    others: readonly ChannelView[],
    entry: ChannelCalibration,
    calibration: Calibration,
    command: CommandOf<"board-calibrate">,
    context: CommandContext,
  ) {
    this.#hand = hand;
    this.#access = access;
    this.#others = others;
    this.#entry = entry;
    this.#calibration = calibration;
    this.#command = command;
    this.#context = context;
  }

  /** Measures what is missing; the fans go back to their shelves, however it ends. */
  async finish(): Promise<void> {
    const entry = this.#entry;
    try {
      await this.#sweep();
      const maxRpm = Math.max(...entry.points.map(({ rpm }) => rpm));
      entry.max_rpm = maxRpm;
      entry.pulses = checkPulses(maxRpm, this.#command.ratedRpm);
      await this.#findLeast();
      entry.finished_at = new Date(this.#context.io.clock.wallMs()).toISOString();
      await this.#save();
    } finally {
      await this.#hand.release();
      for (const { channel } of this.#others) await this.#hand.release(channel);
    }
  }

  async #sweep(): Promise<void> {
    const { channel, points } = this.#entry;
    const known = new Set(points.map(({ percent }) => percent));
    const missing = sweepOf(this.#command.stepPercent).filter((percent) => !known.has(percent));
    if (missing.length === 0) return;
    await this.#turn();
    for (const percent of missing) {
      const { applied, rpm } = await this.#hand.settle(percent, SETTLE_MS, this.#keepFloor);
      if (rpm === null) {
        throw new BoardError(
          `Cannot calibrate channel ${channel}: no speed is known at ${percent} %; ` +
            "check its tachometer's wire",
        );
      }
      addPoint(this.#entry, { percent, applied, rpm: Math.round(rpm) });
      this.#context.note(`channel ${channel}: ${percent} % -> ${Math.round(rpm)} rpm`);
      await this.#save();
    }
  }

  /** Sees the fan turn at full duty. */
  async #turn(): Promise<void> {
    if (await this.#hand.until(100, (rpm) => rpm > 0, STOP_MS, this.#keepFloor)) return;
    throw new BoardError(
      `Cannot calibrate channel ${this.#entry.channel}: its fan does not turn at full duty; ` +
        "check the fan, its supply and its tachometer's wire",
    );
  }

  /** The least duty that keeps the fan turning, and the least that starts it. */
  async #findLeast(): Promise<void> {
    const entry = this.#entry;
    const turning = entry.points.filter(({ rpm }) => rpm > 0).map(({ percent }) => percent);
    let minimum = Math.min(...turning);
    if (minimum > 0) minimum = await this.#lower(minimum);
    entry.minimum_percent = minimum;
    entry.start_percent = minimum > 0 ? await this.#start(minimum) : 0;
  }

  async #lower(turningPercent: number): Promise<number> {
    await this.#turn();
    let minimum = turningPercent;
    const { rpm } = await this.#hand.settle(minimum, SETTLE_MS, this.#keepFloor);
    if (rpm !== null) this.#entry.minimum_rpm = Math.round(rpm);
    for (;;) {
      const next = minimum - FINE_PERCENT;
      if (next <= 0) return minimum;
      const { rpm } = await this.#hand.settle(next, SETTLE_MS, this.#keepFloor);
      if (rpm === null || rpm < 1) return minimum;
      minimum = next;
      this.#entry.minimum_rpm = Math.round(rpm);
    }
  }

  async #start(minimum: number): Promise<number | null> {
    const hasStopped = await this.#hand.until(0, (rpm) => rpm === 0, STOP_MS, this.#keepFloor);
    if (!hasStopped) return null;
    const { clock } = this.#context.io;
    for (let percent = minimum; percent <= 100; percent += FINE_PERCENT) {
      const fromMs = clock.monotonicMs();
      if (await this.#hand.until(percent, (rpm) => rpm > 0, START_MS, this.#keepFloor)) {
        this.#entry.start_ms = Math.round(clock.monotonicMs() - fromMs);
        return percent;
      }
    }
    return null;
  }

  /** The other fans go on blowing; says it again before that would end. */
  readonly #keepFloor = async (): Promise<void> => {
    const nowMs = this.#context.io.clock.monotonicMs();
    if (nowMs - this.#floorMs < FLOOR_EVERY_MS) return;
    this.#floorMs = nowMs;
    for (const { channel } of this.#others) {
      await this.#hand.floor(channel, this.#command.floorPercent);
    }
  };

  async #save(): Promise<void> {
    await saveCalibration(this.#command.out, this.#calibration);
  }
}

function channelLines(entry: ChannelCalibration): string[] {
  const { channel, points, pulses } = entry;
  const percent = (value: number | null) => value === null ? "unknown" : `${formatNumber(value)} %`;
  const fitting = pulses?.fitting ?? null;
  const doubt = fitting !== null && fitting !== pulses?.assumed
    ? `the rated speed fits ${fitting} a revolution`
    : "that speed is not that of a usual fan with them";
  return [
    `channel ${channel}: at most ${entry.max_rpm ?? "?"} rpm, turns from ` +
    `${percent(entry.minimum_percent)}, starts at ${percent(entry.start_percent)}`,
    `  pulses: ${pulses?.assumed ?? 2} a revolution ${
      pulses?.plausible ? "fit" : `in doubt: ${doubt}`
    }`,
    ...plotLines(points).map((line) => `  ${line}`),
  ];
}
