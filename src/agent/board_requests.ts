/**
 * What may be asked of a board while it is driven: what it does, a duty by hand for a while, and
 * the proof that a channel goes to its safe level by itself. Nothing that is asked here is ever
 * executed as a program, and nothing outlasts its time.
 *
 * @module
 */

import type { FanBoard, FanBoardStatus } from "../board/fan_board.ts";
import { Capability } from "../board/protocol/messages.ts";
import type { Clock } from "../clock.ts";
import { BadArgumentsError, BoardError } from "../errors.ts";
import type { WireMap, WireValue } from "../wire/value.ts";
import { channelMap, helloMap, statusMap } from "./board_info.ts";
import { settingsMap, withSetting } from "./board_settings.ts";
import type { ChannelPlan } from "./channel_plan.ts";
import { type Lapse, MOST_HOLD_MS } from "./manual_holds.ts";

/** What requests are met with. */
export interface BoardRequestsOptions {
  /** Of the board, for messages and for those who ask. */
  readonly name: string;
  /** As `openBoard` takes it. */
  readonly line: string;
  readonly plan: ChannelPlan;
  readonly clock: Clock;
  /** Makes the owner of the board look at the plan now. */
  wake(): void;
  /** What {@link BoardRequests.describe} tells has changed. */
  onChange(): void;
}

/** Bounds of a speed that a board may be told to hold. */
const RPM = { least: 100, most: 20_000 };
/** Bounds of a time limit that is let run out. */
const LAPSE_MS = { least: 200, most: 3000 };
/** A board that is this late with its safe level has failed. */
const LATE_MS = 200;
const POLL_MS = 5;
/** A board writes its configuration within a second. */
const SAVE_MS = 2000;
/** The level that a channel went to is kept so long, so that its fan can be seen to follow. */
const AFTER_LAPSE_MS = 6000;

/** Meets what is asked of one board; its owner calls `turn`, `applied` and `lost`. */
export class BoardRequests {
  readonly #options: BoardRequestsOptions;
  #board: FanBoard | null = null;
  #bootId = 0;
  #turns = 0;
  #waiting: { turn: number; asker: PromiseWithResolvers<FanBoardStatus> }[] = [];
  #lapse: PromiseWithResolvers<WireMap> | null = null;

  constructor(options: BoardRequestsOptions) {
    this.#options = options;
  }

  /** What everybody may know of the board. */
  describe(): WireMap {
    const { line, plan } = this.#options;
    const board = this.#board === null ? {} : helloMap(this.#board.hello);
    return { line, shelves: plan.shelves, connected: this.#board !== null, ...board };
  }

  /** Before the board is told what to do: whatever is asked from here on is asked of this board. */
  async turn(board: FanBoard): Promise<void> {
    const { plan, clock, onChange } = this.#options;
    const isOther = this.#board !== board || this.#bootId !== board.hello.bootId;
    this.#board = board;
    this.#bootId = board.hello.bootId;
    if (isOther) onChange();
    const lapse = plan.holds.dueLapse(clock.monotonicMs());
    if (lapse !== null) await this.#seeLapse(board, lapse);
    this.#turns++;
  }

  /** The board has taken what the plan said at the last turn. */
  applied(status: FanBoardStatus): void {
    const done = this.#waiting.filter(({ turn }) => turn < this.#turns);
    this.#waiting = this.#waiting.filter(({ turn }) => turn >= this.#turns);
    for (const { asker } of done) asker.resolve(status);
  }

  /** There is no board any more. */
  lost(): void {
    if (this.#board !== null) {
      this.#board = null;
      this.#options.onChange();
    }
    const error = this.#absent();
    for (const { asker } of this.#waiting) asker.reject(error);
    this.#waiting = [];
    this.#options.plan.holds.endLapse();
    this.#lapse?.reject(error);
    this.#lapse = null;
  }

  /**
   * Does one of the actions of docs/protocol.md.
   *
   * @throws {BadArgumentsError} For an unknown action or an argument that is out of range.
   * @throws {BoardError} When the board does not do it.
   */
  async do(action: string, args: WireMap): Promise<WireMap> {
    switch (action) {
      case "info":
        return await this.#info();
      case "set":
        return await this.#set(args);
      case "lapse":
        return await this.#beginLapse(args);
      case "config_get":
        return settingsMap(await this.#needBoard().config());
      case "config_set":
        return await this.#configure(args);
      case "config_save":
        return await this.#save();
      default:
        throw new BadArgumentsError(
          `Cannot do "${action.slice(0, 64)}" on a board: no such action; ` +
            'ask for "info", "set", "lapse", "config_get", "config_set" or "config_save"',
        );
    }
  }

  async #info(): Promise<WireMap> {
    const board = this.#needBoard();
    const status = await board.status();
    const { hello } = board;
    return {
      name: this.#options.name,
      ...this.describe(),
      ...statusMap(status),
      channels: hello.channels.map((_, channel) => this.#channel(board, status, channel)),
    };
  }

  async #set(args: WireMap): Promise<WireMap> {
    const { plan, clock } = this.#options;
    const board = this.#needBoard();
    const channel = channelOf(args, board);
    const { percent = null, rpm = null } = args;
    if (percent === null && rpm === null) plan.holds.end(channel);
    else {
      const forMs = numberOf("for_ms", args.for_ms, 1, MOST_HOLD_MS);
      const untilMs = clock.monotonicMs() + forMs;
      const raises = args.raise === true;
      if (rpm === null) {
        const permille = Math.round(numberOf("percent", percent, 0, 100) * 10);
        plan.holds.set(channel, { permille, untilMs, raises });
      } else {
        const speed = speedOf(rpm, board, channel);
        plan.holds.set(channel, { permille: 0, rpm: speed, untilMs, raises: false });
      }
    }
    const status = await this.#nextApplied();
    const told = this.#channel(board, status, channel);
    return {
      ...told,
      asked: rpm ?? percent,
      limit: this.#limit(channel, rpm === null ? percent : 0),
    };
  }

  /** Why a channel gets more than a hand has given it, or null. */
  #limit(channel: number, percent: WireValue): string | null {
    const { plan, clock } = this.#options;
    const nowMs = clock.monotonicMs();
    const leastPercent = plan.leastPermille(channel, nowMs) / 10;
    const shelf = plan.shelfOf(channel);
    if (typeof percent !== "number" || leastPercent <= percent || shelf === null) return null;
    const why = plan.state(shelf, nowMs) === "held" ? "urgently needs" : "has no duty now: it gets";
    return `shelf "${shelf}" ${why} ${leastPercent} %`;
  }

  async #configure({ key, value = null }: WireMap): Promise<WireMap> {
    const board = this.#needBoard();
    const config = withSetting(await board.config(), typeof key === "string" ? key : "", value);
    await board.configure(config);
    return settingsMap(await board.config());
  }

  /** Stores what is in force, and waits until it is written. */
  async #save(): Promise<WireMap> {
    const { clock, name } = this.#options;
    const board = this.#needBoard();
    const { details } = await board.status();
    let { details: saved } = await board.saveConfig(details?.config?.crc ?? 0);
    for (let leftMs = SAVE_MS; leftMs > 0 && saved?.config?.stored !== true; leftMs -= POLL_MS) {
      await new Promise<void>((done) => clock.after(POLL_MS, done));
      saved = (await board.status()).details;
    }
    if (saved?.config?.stored === true) return { stored: true, crc: saved.config.crc };
    throw new BoardError(
      `Cannot store the configuration of board "${name}": it is not written after ${SAVE_MS} ms; ` +
        "try again, or flash the board",
    );
  }

  async #beginLapse(args: WireMap): Promise<WireMap> {
    const { plan, clock, wake } = this.#options;
    const board = this.#needBoard();
    const channel = channelOf(args, board);
    const ttlMs = numberOf("ttl_ms", args.ttl_ms, LAPSE_MS.least, LAPSE_MS.most);
    if (this.#lapse !== null) {
      throw new BoardError(
        `Cannot test channel ${channel} of board "${this.#options.name}": another test runs; ` +
          "try again when it has ended",
      );
    }
    this.#lapse = Promise.withResolvers();
    plan.holds.beginLapse(channel, ttlMs, clock.monotonicMs());
    wake();
    return await this.#lapse.promise;
  }

  /**
   * Waits for the board to go to the channel's safe level by itself, and keeps it there for a
   * while. Nothing is set meanwhile, which would bring it back; that is over within a moment.
   */
  async #seeLapse(board: FanBoard, { channel, ttlMs, endsMs }: Lapse): Promise<void> {
    const { plan, clock } = this.#options;
    let status = await board.status();
    while (!isInFailsafe(status, channel) && clock.monotonicMs() < endsMs + LATE_MS) {
      await new Promise<void>((done) => clock.after(POLL_MS, done));
      status = await board.status();
    }
    const seenMs = clock.monotonicMs();
    const reached = isInFailsafe(status, channel);
    plan.holds.endLapse();
    if (reached) {
      const permille = status.channels[channel]?.permille ?? 1000;
      plan.holds.set(channel, { permille, untilMs: seenMs + AFTER_LAPSE_MS, raises: false });
      // This one was meant: only those that nobody expected stay latched.
      await board.clear(1 << channel);
    }
    this.#lapse?.resolve({
      ...this.#channel(board, status, channel),
      reached,
      ttl_ms: ttlMs,
      took_ms: Math.round(seenMs - endsMs + ttlMs),
      others_served: status.channels.every(({ flags }, other) =>
        other === channel || !flags.failsafe
      ),
    });
    this.#lapse = null;
  }

  #nextApplied(): Promise<FanBoardStatus> {
    const asker = Promise.withResolvers<FanBoardStatus>();
    this.#waiting.push({ turn: this.#turns, asker });
    this.#options.wake();
    return asker.promise;
  }

  #channel(board: FanBoard, status: FanBoardStatus, channel: number): WireMap {
    const { plan, clock } = this.#options;
    const nowMs = clock.monotonicMs();
    const hold = plan.holds.at(channel, nowMs);
    return {
      ...channelMap(board.hello, status, channel),
      shelf: plan.shelfOf(channel),
      hold: hold && {
        ...hold.rpm === undefined ? { percent: hold.permille / 10 } : { rpm: hold.rpm },
        left_ms: Math.round(hold.untilMs - nowMs),
      },
    };
  }

  #needBoard(): FanBoard {
    if (this.#board === null) throw this.#absent();
    return this.#board;
  }

  #absent(): BoardError {
    const { name, line } = this.#options;
    const found = line.startsWith("hwmon:")
      ? "its outputs cannot be driven; see the log of its agent"
      : "it does not answer on its line; check its cable and its power";
    return new BoardError(`Cannot use board "${name}": ${found}`);
  }
}

function isInFailsafe(status: FanBoardStatus, channel: number): boolean {
  return status.channels[channel]?.flags.failsafe === true;
}

function channelOf(args: WireMap, board: FanBoard): number {
  const most = board.hello.channels.length - 1;
  const channel = numberOf("channel", args.channel, 0, most);
  if (Number.isInteger(channel)) return channel;
  throw new BadArgumentsError(`Cannot use channel ${channel}: no such channel; give 0 to ${most}`);
}

/** The speed that a board shall hold; one that it cannot hold would cost all its channels. */
function speedOf(rpm: WireValue, { hello }: FanBoard, channel: number): number {
  if (!(hello.capabilities & Capability.RPM && hello.channels[channel]?.tach)) {
    throw new BoardError(
      `Cannot hold a speed on channel ${channel}: its firmware or its missing tachometer does not ` +
        "allow that; give a duty in percent",
    );
  }
  return Math.round(numberOf("rpm", rpm, RPM.least, RPM.most));
}

function numberOf(
  name: string,
  value: WireValue | undefined,
  least: number,
  most: number,
): number {
  if (typeof value === "number" && value >= least && value <= most) return value;
  const found = typeof value === "number" ? String(value) : "none or no number";
  throw new BadArgumentsError(
    `Cannot use the board: "${name}" is ${found}; give a number from ${least} to ${most}`,
  );
}
