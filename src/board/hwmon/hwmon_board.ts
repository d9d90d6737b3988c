/**
 * The outputs that a motherboard has, driven through the kernel as if they were a fan board.
 *
 * The chip has no time limits: this process keeps them, and while it stands still nobody does. See
 * docs/hwmon.md for what covers that.
 *
 * @module
 */
import type { Clock } from "../../clock.ts";
import { BoardError } from "../../errors.ts";
import type { HwmonChip } from "../../libc/hwmon_chips.ts";
import { Libc } from "../../libc/libc.ts";
import type { Log } from "../../log.ts";
import type { FanBoard, FanBoardHello, FanBoardStatus, OutputCounters } from "../fan_board.ts";
import type { HwmonSpec } from "../line_spec.ts";
import type { BoardConfiguration, ChannelCommand } from "../protocol/types.ts";
import { Channel } from "./channel.ts";
import { describeChip, findChip, outputsOf } from "./find_chip.ts";
import { Originals } from "./originals.ts";
import { type ChipFiles, FULL_VALUE, Output } from "./output.ts";
import type { HwmonPlaces } from "./places.ts";
import { restoreSaved } from "./restore.ts";
import { findRivals } from "./rivals.ts";

/** What outputs are driven with. */
export interface HwmonBoardOptions {
  readonly clock: Clock;
  readonly log: Log;
  /** What a channel gets when its time is up. */
  readonly safePercent: number;
  readonly places: HwmonPlaces;
  /** The C library, or what stands in for the kernel; closed with the board. */
  readonly files?: ChipFiles & Disposable;
}

/** The longest TTL, as that of the boards with firmware. */
const TTL_MAX_MS = 10_000;
/** How often a safe level is seen to. */
const SAFE_AGAIN_MS = 1000;
/** More than the clock of the wall is corrected by at once. */
const SLEEP_MS = 2000;

/** Outputs of one chip; nothing is written before the first `set`. */
export class HwmonBoard implements FanBoard {
  readonly hello: FanBoardHello;
  readonly #options: HwmonBoardOptions;
  readonly #files: ChipFiles & Disposable;
  readonly #chip: HwmonChip;
  readonly #channels: readonly Channel[];
  readonly #openedMs: number;
  /** How far the clock of the wall is ahead of the one that stands still while a machine sleeps. */
  #sleptMs: number;
  #originals: Originals | null = null;
  #cancel: () => void = () => {};
  #turn: Promise<unknown> = Promise.resolve();
  #isClosed = false;

  private constructor(
    options: HwmonBoardOptions,
    files: ChipFiles & Disposable,
    chip: HwmonChip,
    outputs: readonly Output[],
  ) {
    const { clock, log, safePercent } = options;
    this.#options = options;
    this.#files = files;
    this.#chip = chip;
    const parts = {
      log,
      safePermille: Math.round(safePercent * 10),
      findRivals: () => findRivals(files),
    };
    this.#channels = outputs.map((output) => new Channel(output, parts));
    this.#sleptMs = clock.wallMs() - clock.monotonicMs();
    this.#openedMs = clock.monotonicMs();
    this.hello = {
      part: chip.chip,
      device: chip.device,
      bootId: clock.wallMs() >>> 0,
      ttlMaxMs: TTL_MAX_MS,
      capabilities: 0,
      channels: outputs.map(({ place }) => ({
        name: place.name,
        steps: FULL_VALUE,
        tach: place.fan !== null,
      })),
    };
  }

  /**
   * Finds the chip and its outputs.
   * @throws BoardError when there is not exactly one, or an output of those named is missing
   */
  static async open(spec: HwmonSpec, options: HwmonBoardOptions): Promise<HwmonBoard> {
    const files = options.files ?? new Libc();
    try {
      const { sysfsRoot } = options.places;
      const chip = await findChip(files, sysfsRoot, spec);
      const outputs = outputsOf(chip, spec.outputs).map((place) => new Output(place, chip, files));
      const board = new HwmonBoard(options, files, chip, outputs);
      const names = outputs.map(({ place }, channel) => `${channel} is ${place.name}`);
      options.log.info(`${describeChip(chip)}: channel ${names.join(", ")}`);
      return board;
    } catch (error) {
      files[Symbol.dispose]();
      throw error;
    }
  }

  /**
   * Drives the channels that somebody owns and gives the others back.
   * @throws BoardError when a command is out of range; when the chip has gone; when none of the
   * owned channels can be driven
   */
  set(commands: readonly ChannelCommand[]): Promise<FanBoardStatus> {
    const askedMs = this.#options.clock.monotonicMs();
    return this.#inTurn(async () => {
      this.#check(commands);
      this.#noticeSleep();
      for (const [index, command] of commands.entries()) {
        const channel = this.#channels[index] as Channel;
        const untilMs = askedMs + command.ttlMs;
        if (command.unowned) await this.#giveBack(channel);
        else await this.#drive(channel, command.permille ?? 0, untilMs);
      }
      if (!this.#channels.some(({ isTaken }) => isTaken)) this.#unlock();
      this.#arm();
      this.#refuseWhenAllFail(commands);
      return await this.#status();
    });
  }

  /** What the outputs do, those that are not driven included. @throws BoardError as `set` */
  status(): Promise<FanBoardStatus> {
    return this.#inTurn(() => this.#status());
  }

  /** Forgets that TTLs ran out and fans have stalled. @throws BoardError as `set` */
  clear(mask: number): Promise<FanBoardStatus> {
    return this.#inTurn(() => {
      this.#channels.forEach((channel, index) => {
        if (mask & (1 << index)) channel.clear();
      });
      return this.#status();
    });
  }

  /** A motherboard keeps no configuration. @throws BoardError always */
  config(): Promise<BoardConfiguration> {
    return Promise.reject(
      new BoardError(
        `Cannot use a configuration of ${describeChip(this.#chip)}: a motherboard's outputs keep ` +
          "none; declare its channels in fand.toml",
      ),
    );
  }

  /** As {@link HwmonBoard.config}. @throws BoardError always */
  async configure(): Promise<FanBoardStatus> {
    await this.config();
    return await this.status();
  }

  /** As {@link HwmonBoard.config}. @throws BoardError always */
  async saveConfig(): Promise<FanBoardStatus> {
    return await this.configure();
  }

  /**
   * Gives every output back to what drove it before. Never throws; what cannot be given back is
   * logged, and stays in the file for those who come after.
   */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#cancel();
    try {
      await this.#inTurn(async () => {
        this.#isClosed = true;
        for (const channel of this.#channels) await this.#giveBack(channel);
      });
    } catch (error) {
      this.#options.log.error(error instanceof Error ? error.message : String(error));
    }
    this.#unlock();
    this.#files[Symbol.dispose]();
  }

  /** The same as {@link HwmonBoard.close}. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  get #nowMs(): number {
    return this.#options.clock.monotonicMs();
  }

  async #drive(channel: Channel, permille: number, untilMs: number): Promise<void> {
    this.#originals ??= await this.#lock();
    await channel.drive(permille, untilMs, this.#nowMs, this.#originals);
  }

  async #giveBack(channel: Channel): Promise<void> {
    if (this.#originals !== null) await channel.giveBack(this.#originals);
  }

  /** The chip is ours from here on, with what a process that was killed has left. */
  async #lock(): Promise<Originals> {
    const { places, log } = this.#options;
    const { sysfsRoot, stateDir } = places;
    const { chip, device } = this.#chip;
    const originals = await Originals.open(stateDir, { sysfsRoot, chip, device }, this.#files);
    for (const [pwm, original] of [...originals.outputs]) {
      log.warn(`pwm${pwm} of ${describeChip(this.#chip)}: found as a killed process has left it`);
      const channel = this.#channels.find(({ output }) => output.place.pwm === pwm);
      if (channel !== undefined) channel.adopt(original);
      else await restoreSaved(originals, this.#chip, pwm, this.#files);
    }
    return originals;
  }

  #noticeSleep(): void {
    const { clock } = this.#options;
    const sleptMs = clock.wallMs() - clock.monotonicMs();
    const hasSlept = Math.abs(sleptMs - this.#sleptMs) > SLEEP_MS;
    this.#sleptMs = sleptMs;
    if (hasSlept) { for (const channel of this.#channels) channel.wake(); }
  }

  #unlock(): void {
    this.#originals?.[Symbol.dispose]();
    this.#originals = null;
  }

  /** One thing after the other: values that are read are those of what was written before. */
  #inTurn<T>(action: () => T | Promise<T>): Promise<T> {
    const done = this.#turn.then(async () => {
      if (!this.#isClosed) return await action();
      throw new BoardError(
        `Cannot use ${describeChip(this.#chip)}: it is closed; open it again`,
      );
    });
    this.#turn = done.catch(() => {});
    return done;
  }

  #check(commands: readonly ChannelCommand[]): void {
    const title = describeChip(this.#chip);
    if (commands.length !== this.#channels.length) {
      throw new BoardError(
        `Cannot set ${title}: ${commands.length} channels are given and it has ` +
          `${this.#channels.length}; give one command for each`,
      );
    }
    for (const [channel, { permille, ttlMs }] of commands.entries()) {
      const isDuty = permille !== undefined && permille >= 0 && permille <= 1000;
      if (isDuty && ttlMs >= 1 && ttlMs <= TTL_MAX_MS) continue;
      throw new BoardError(
        `Cannot set channel ${channel} of ${title}: ${permille ?? "no"} permille for ${ttlMs} ms ` +
          `is asked for; give a duty of 0 to 1000 for at most ${TTL_MAX_MS} ms`,
      );
    }
  }

  #refuseWhenAllFail(commands: readonly ChannelCommand[]): void {
    const owned = this.#channels.filter((_, index) => commands[index]?.unowned !== true);
    if (owned.length === 0 || !owned.every(({ hasGivenUp }) => hasGivenUp)) return;
    throw new BoardError(owned[0]?.problem ?? "Cannot drive any output; look at the kernel's log");
  }

  /** Waits for the next time limit, or to see to a safe level again. */
  #arm(): void {
    this.#cancel();
    const nowMs = this.#nowMs;
    const dues = this.#channels.filter(({ isTaken }) => isTaken)
      .map(({ untilMs }) => untilMs ?? nowMs + SAFE_AGAIN_MS);
    if (dues.length === 0) return;
    const delayMs = Math.max(0, Math.min(...dues) - nowMs);
    this.#cancel = this.#options.clock.after(delayMs, () => void this.#lapse());
  }

  async #lapse(): Promise<void> {
    try {
      await this.#inTurn(async () => {
        for (const channel of this.#channels) {
          const isDue = channel.isInFailsafe || (channel.untilMs ?? Infinity) <= this.#nowMs;
          if (isDue && this.#originals !== null) await channel.lapse(this.#nowMs, this.#originals);
        }
        this.#arm();
      });
    } catch (error) {
      if (!this.#isClosed) this.#options.log.error(String(error));
    }
  }

  async #status(): Promise<FanBoardStatus> {
    const told = [];
    for (const channel of this.#channels) told.push(await channel.status(this.#nowMs));
    return {
      bootId: this.hello.bootId,
      uptimeMs: Math.floor(this.#nowMs - this.#openedMs),
      resetCauses: [],
      counters: this.#counters(),
      channels: told.map(({ status }) => status),
      details: { channels: told.map(({ details }) => details) },
    };
  }

  #counters(): OutputCounters {
    const sum = (of: (channel: Channel) => number): number =>
      this.#channels.reduce((all, channel) => all + of(channel), 0);
    return {
      ttlExpired: sum(({ counters }) => counters.ttlExpired),
      interferences: sum(({ counters }) => counters.interferences),
      refusedWrites: sum(({ counters }) => counters.refusedWrites),
      roundedValues: sum(({ roundedValues }) => roundedValues),
    };
  }
}
