/**
 * A board that nobody drives: fanctl owns its line for as long as the command runs. Channels that
 * no command holds are at their safe level, and so are all of them afterwards.
 *
 * @module
 */
import { BoardLink } from "../../agent/board_link.ts";
import { BoardRequests } from "../../agent/board_requests.ts";
import { ChannelPlan } from "../../agent/channel_plan.ts";
import type { FanBoard } from "../../board/fan_board.ts";
import { openBoard } from "../../board/open_board.ts";
import { BoardError } from "../../errors.ts";
import type { WireMap } from "../../wire/value.ts";
import type { CommandContext } from "../context.ts";
import type { BoardAccess } from "./access.ts";

const SAFE_PERCENT = 100;

/** A board at a line of this process. */
export class LocalBoard implements BoardAccess {
  readonly name: string;
  readonly session = null;
  readonly #board: FanBoard;
  readonly #requests: BoardRequests;
  readonly #link: BoardLink;
  readonly #stop = new AbortController();
  #driven: Promise<void> | null = null;

  private constructor(name: string, board: FanBoard, { io, log }: CommandContext) {
    this.name = name;
    this.#board = board;
    const plan = new ChannelPlan([], SAFE_PERCENT);
    const { clock } = io;
    const requests = this.#requests = new BoardRequests({
      name,
      line: name,
      plan,
      clock,
      wake: () => this.#drive(),
      onChange: () => {},
    });
    this.#link = new BoardLink({
      name,
      plan,
      clock,
      log,
      open: () => this.#takeOver(),
      random: Math.random,
      onTurn: (board) => requests.turn(board),
      onStatus: (status) => requests.applied(status),
      onLost: () => this.#lose(),
    }, this.#stop.signal);
  }

  /**
   * Opens the line and greets the board. Nothing is set until something is asked for that needs it.
   *
   * @throws {BoardError} When the line cannot be had or no board answers.
   */
  static async open(line: string, context: CommandContext): Promise<LocalBoard> {
    const { io, log } = context;
    const board = await openBoard(line, {
      clock: io.clock,
      log,
      safePercent: SAFE_PERCENT,
      places: io.places,
    });
    const local = new LocalBoard(line, board, context);
    await local.#requests.turn(board);
    return local;
  }

  /** See {@link BoardAccess}. */
  do(action: string, args: WireMap = {}): Promise<WireMap> {
    return this.#requests.do(action, args);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#driven;
    await this.#board.close();
  }

  #drive(): void {
    this.#driven ??= this.#link.run();
    this.#link.wake();
  }

  /** The link would open a lost board again; a command ends instead. */
  #takeOver(): Promise<FanBoard> {
    if (!this.#stop.signal.aborted) return Promise.resolve(this.#board);
    return Promise.reject(new BoardError(`Cannot use board "${this.name}": it is lost; try again`));
  }

  #lose(): void {
    this.#stop.abort();
    this.#requests.lost();
  }
}
