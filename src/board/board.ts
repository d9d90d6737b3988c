/**
 * The driver of a fan board: says hello, sends full states, asks, and notices when the board at
 * the other end is not the one it was.
 *
 * @module
 */
import type { Clock } from "../clock.ts";
import { BoardError } from "../errors.ts";
import { type Log, silentLog } from "../log.ts";
import { applyBoardConfig, readBoardConfig, saveBoardConfig } from "./board_config.ts";
import { CommandQueue, type WaitingCommand } from "./command_queue.ts";
import { Exchange, type ExchangeCounters } from "./exchange.ts";
import { FramePort } from "./frame_port.ts";
import type { Line } from "./line.ts";
import type { Frame } from "./protocol/frame.ts";
import {
  Capability,
  CommandType,
  decodeReply,
  encodeClear,
  encodeHello,
  encodeSet,
  encodeStatus,
  encodeTelemetry,
  NAK_TYPE,
  REPLY_BIT,
  TELEMETRY_TYPE,
} from "./protocol/messages.ts";
import type {
  BoardConfiguration,
  BoardHello,
  BoardStatus,
  ChannelCommand,
  Reply,
} from "./protocol/types.ts";

export type * from "./protocol/types.ts";

/** What the link to a board has been through since it was opened. */
export interface LinkCounters extends Readonly<ExchangeCounters> {
  /** Frames from the board that were damaged. */
  readonly badFrames: number;
  /** Frames from the board that nobody waited for: late or doubled answers. */
  readonly lateFrames: number;
}

/** What a {@link Board} is driven with. */
export interface BoardOptions {
  readonly clock: Clock;
  /** Silent unless given. */
  readonly log?: Log;
}

/** An answer takes a few milliseconds; one that takes longer was lost. */
const COMMAND_PATIENCE = { ackTimeoutMs: 100, attempts: 4 };
/** Three seconds in all: a board may sit in its bootloader for two. */
const HELLO_PATIENCE = { ackTimeoutMs: 100, attempts: 30 };
/** The board's reasons that mean: begin a new session. */
const REFUSED_STALE_BOOT = 3;
const REFUSED_STALE_SEQUENCE = 5;
/** Ends whatever half frame is on the line before a session begins. */
const FRAME_END = Uint8Array.of(0);

/** A board at the end of a line; this object is the only one that may use the line. */
export class Board implements AsyncDisposable {
  /** Resolves when the board cannot be used any more: closed, or its line lost. Never rejects. */
  readonly closed: Promise<void>;
  readonly #name: string;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #port: FramePort;
  readonly #counters: ExchangeCounters = { retransmits: 0, timeouts: 0 };
  readonly #queue = new CommandQueue();
  #exchange: Exchange<Reply> | null = null;
  #hello: BoardHello | null = null;
  /** Whether the hello is that of the board as it now runs. */
  #inSession = false;
  #pumping = false;
  #lastSeq = 0;
  #lateFrames = 0;
  #onTelemetry: (status: BoardStatus) => void = () => {};

  private constructor(line: Line, options: BoardOptions) {
    this.#name = line.name;
    this.#clock = options.clock;
    this.#log = options.log ?? silentLog;
    this.#port = new FramePort(line, options.clock, (frame) => this.#take(frame));
    this.closed = this.#port.ended.then(() => this.#giveUp());
  }

  /**
   * Takes the line over and asks the board who it is, for up to three seconds, whatever else is on
   * the line before. The line is closed when this fails.
   * @throws BoardError when no board answers, or one of another protocol major
   */
  static async open(line: Line, options: BoardOptions): Promise<Board> {
    const board = new Board(line, options);
    try {
      await board.#sayHello();
      return board;
    } catch (error) {
      await board.close();
      throw error;
    }
  }

  /** How the board introduced itself last. */
  get hello(): BoardHello {
    if (!this.#hello) throw new BoardError("Cannot tell the board: it has not said hello; open it");
    return this.#hello;
  }

  /** What the link has been through. */
  get counters(): LinkCounters {
    return {
      ...this.#counters,
      badFrames: this.#port.badFrames,
      lateFrames: this.#lateFrames,
    };
  }

  /**
   * Tells every channel what to do; resolves with what the board then does. Waits its turn; of
   * several that wait only the newest is sent, and all of them get its answer. A TTL counts from
   * this call: what a command waits before it is sent is taken off.
   * @param channels one for each channel of the board, in order
   * @throws BoardError when a value is out of range, when no answer comes, when the board refuses,
   * and when it was reset since the last hello: then a new hello is said, and the next `set` works
   */
  set(channels: readonly ChannelCommand[]): Promise<BoardStatus> {
    const askedMs = this.#clock.monotonicMs();
    const commands = channels.map((command) => ({ ...command }));
    try {
      this.#checkSet(commands);
    } catch (error) {
      return Promise.reject(error);
    }
    return this.#ask(CommandType.SET, (seq, hello) => {
      const waitedMs = Math.ceil(this.#clock.monotonicMs() - askedMs);
      const left = commands.map((command) => ({
        ...command,
        ttlMs: Math.max(1, command.ttlMs - waitedMs),
      }));
      return encodeSet(seq, hello.bootId, left);
    });
  }

  /**
   * What the board does.
   * @throws BoardError as {@link Board.set}
   */
  status(): Promise<BoardStatus> {
    return this.#ask(CommandType.STATUS, (seq) => encodeStatus(seq));
  }

  /**
   * Acknowledges that TTLs ran out.
   * @param mask bit 0 is channel 0
   * @throws BoardError as {@link Board.set}
   */
  clear(mask: number): Promise<BoardStatus> {
    return this.#ask(CommandType.CLEAR, (seq) => encodeClear(seq, mask));
  }

  /**
   * Lets the board tell its status by itself, best effort; a new session ends it.
   * @param intervalMs 50..10000, or 0 for no more
   * @throws BoardError as {@link Board.set}, and when the board knows no telemetry
   */
  telemetry(intervalMs: number, onStatus: (status: BoardStatus) => void): Promise<BoardStatus> {
    if (!(this.hello.capabilities & Capability.TELEMETRY)) {
      return Promise.reject(
        new BoardError(
          `Cannot use telemetry of the board at "${this.#name}": its firmware has none; ask for ` +
            "its status instead",
        ),
      );
    }
    this.#onTelemetry = onStatus;
    return this.#ask(CommandType.TELEMETRY, (seq) => encodeTelemetry(seq, intervalMs));
  }

  /** What the board's operator declared: see {@link readBoardConfig}. */
  config(): Promise<BoardConfiguration> {
    return readBoardConfig(this);
  }

  /** Puts another configuration in force: see {@link applyBoardConfig}. */
  configure(config: BoardConfiguration): Promise<BoardStatus> {
    return applyBoardConfig(this, config);
  }

  /** Stores the configuration in force: see {@link saveBoardConfig}. */
  saveConfig(crc: number): Promise<BoardStatus> {
    return saveBoardConfig(this, crc);
  }

  /**
   * Sends a command of any type when its turn has come; resolves with the board's answer. For the
   * commands beyond those above.
   * @param encode makes the frame, with that sequence number, for the board of that hello
   * @throws BoardError as {@link Board.set}
   */
  command(type: number, encode: WaitingCommand["encode"]): Promise<Reply> {
    const { endReason } = this.#port;
    if (endReason) return Promise.reject(endReason);
    const answer = this.#queue.add(type, encode, type === CommandType.SET);
    this.#pump();
    return answer;
  }

  /** Gives the line back. Never throws, never hangs; the board's TTLs go on. */
  async close(): Promise<void> {
    await this.#port.close();
    await this.closed;
  }

  /** The same as {@link Board.close}. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #checkSet(commands: readonly ChannelCommand[]): void {
    const { channels, ttlMaxMs, bootId, capabilities } = this.hello;
    if (commands.length !== channels.length) {
      throw new BoardError(
        `Cannot set the board: ${commands.length} channels are given and it has ` +
          `${channels.length}; give one command for each`,
      );
    }
    const long = commands.find(({ ttlMs }) => ttlMs > ttlMaxMs);
    if (long) {
      throw new BoardError(
        `Cannot set the board: the TTL is ${long.ttlMs} ms; give at most ${ttlMaxMs} ms`,
      );
    }
    const blind = commands.findIndex(({ rpm }, channel) =>
      rpm !== undefined && !(capabilities & Capability.RPM && channels[channel]?.tach)
    );
    if (blind >= 0) {
      throw new BoardError(
        `Cannot set the board: it cannot hold a speed on channel ${blind}; give a duty`,
      );
    }
    encodeSet(0, bootId, commands);
  }

  async #ask(type: number, encode: WaitingCommand["encode"]): Promise<BoardStatus> {
    const reply = await this.command(type, encode);
    if (reply.kind === "status") return reply.status;
    throw new BoardError(
      `Cannot use the board at "${this.#name}": it answers with a ${reply.kind}; ` +
        "flash its firmware again",
    );
  }

  /** Sends what waits, one after the other. */
  async #pump(): Promise<void> {
    if (this.#pumping) return;
    this.#pumping = true;
    while (!this.#port.endReason && (this.#queue.length > 0 || !this.#inSession)) {
      try {
        if (!this.#inSession) await this.#sayHello();
      } catch (error) {
        this.#queue.fail(error);
        break;
      }
      const waiting = this.#queue.take();
      if (waiting) await this.#serve(waiting);
    }
    this.#pumping = false;
  }

  async #serve({ type, encode, askers }: WaitingCommand): Promise<void> {
    try {
      const seq = this.#nextSeq();
      const reply = this.#checked(await this.#send(type, seq, encode(seq, this.hello)));
      for (const asker of askers) asker.resolve(reply);
    } catch (error) {
      for (const asker of askers) asker.reject(error);
    }
  }

  /** The reply, unless it is a refusal or another board's. */
  #checked(reply: Reply): Reply {
    if (reply.kind === "refusal") {
      const { reason, text } = reply.refusal;
      if (reason === REFUSED_STALE_BOOT) throw this.#wasReset();
      if (reason === REFUSED_STALE_SEQUENCE) this.#inSession = false;
      throw new BoardError(
        `Cannot command the board at "${this.#name}": ${text}; ` +
          "check that nothing else uses its line",
      );
    }
    if (reply.kind === "status" && reply.status.bootId !== this.#hello?.bootId) {
      throw this.#wasReset();
    }
    return reply;
  }

  #wasReset(): BoardError {
    if (this.#inSession) this.#log.warn(`board "${this.#name}" was reset; saying hello again`);
    this.#inSession = false;
    return new BoardError(
      `Cannot rely on the board at "${this.#name}": it was reset and is at its safe level; ` +
        "set all channels again",
    );
  }

  async #sayHello(): Promise<void> {
    const seq = this.#nextSeq();
    const hello = encodeHello(seq);
    const bytes = new Uint8Array(FRAME_END.length + hello.length);
    bytes.set(FRAME_END);
    bytes.set(hello, FRAME_END.length);
    const reply = await this.#send(CommandType.HELLO, seq, bytes);
    if (reply.kind !== "hello") {
      throw new BoardError(
        `Cannot talk to the board at "${this.#name}": it refuses hello; flash its firmware again`,
      );
    }
    this.#hello = reply.hello;
    this.#inSession = true;
    const { part, firmware, bootId, channels } = reply.hello;
    this.#log.info(
      `board "${this.#name}": ${part}, firmware ${firmware.join(".")}, ` +
        `${channels.length} channels, boot id ${bootId}`,
    );
  }

  async #send(type: number, seq: number, bytes: Uint8Array): Promise<Reply> {
    const patience = type === CommandType.HELLO ? HELLO_PATIENCE : COMMAND_PATIENCE;
    this.#exchange = new Exchange(
      this.#port,
      this.#clock,
      patience,
      this.#counters,
      bytes,
      (frame) => isAnswer(frame, type, seq) ? decodeReply(frame, this.#hello) : null,
    );
    try {
      return await this.#exchange.answer;
    } finally {
      this.#exchange = null;
    }
  }

  #take(frame: Frame): void {
    if (frame.type === TELEMETRY_TYPE) return this.#takeTelemetry(frame);
    if (this.#exchange?.offer(frame)) return;
    this.#lateFrames++;
    if (this.#inSession && this.#isOtherBoot(frame)) {
      const error = this.#wasReset();
      this.#exchange?.fail(error);
      this.#pump();
    }
  }

  #takeTelemetry(frame: Frame): void {
    if (!this.#inSession) return;
    try {
      const reply = decodeReply(frame, this.#hello);
      if (reply.kind === "status" && reply.status.bootId === this.#hello?.bootId) {
        this.#onTelemetry(reply.status);
      }
    } catch (error) {
      this.#log.warn(`board "${this.#name}": ${error instanceof Error ? error.message : error}`);
    }
  }

  /** A hello that nobody asked for, from a board that has another boot id than the one before. */
  #isOtherBoot(frame: Frame): boolean {
    if (frame.type !== (REPLY_BIT | CommandType.HELLO)) return false;
    try {
      const reply = decodeReply(frame, null);
      return reply.kind === "hello" && reply.hello.bootId !== this.#hello?.bootId;
    } catch {
      return true;
    }
  }

  #nextSeq(): number {
    this.#lastSeq = (this.#lastSeq + 1) & 0xff;
    return this.#lastSeq;
  }

  #giveUp(): void {
    const { endReason } = this.#port;
    this.#exchange?.fail(endReason);
    this.#queue.fail(endReason);
  }
}

/** Whether a frame answers the command of that type and number, with a reply or a refusal. */
function isAnswer(frame: Frame, type: number, seq: number): boolean {
  if (frame.seq !== seq) return false;
  return frame.type === (REPLY_BIT | type) || (frame.type === NAK_TYPE && frame.body[0] === type);
}
