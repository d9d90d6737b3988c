/**
 * The boards that are being driven: those of the configuration in force, whichever that is.
 *
 * @module
 */
import type { BoardConfig } from "../../config/config.ts";

/** Drives one board until `signal` is aborted. */
export type RunBoard = (board: BoardConfig, signal: AbortSignal) => Promise<void>;

interface Running {
  readonly config: string;
  readonly abort: AbortController;
  readonly ended: Promise<void>;
}

/** Starts and ends the driving of boards as configurations come and go. */
export class RunningBoards {
  readonly #run: RunBoard;
  readonly #running = new Map<string, Running>();
  /** Settled when no configuration is being applied. */
  #last: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(run: RunBoard) {
    this.#run = run;
  }

  /**
   * Drives these boards and no others. One that is configured as before goes on undisturbed; the
   * line of one that has changed is let go before it is opened anew.
   */
  apply(boards: readonly BoardConfig[]): Promise<void> {
    // In the order of asking, or a board of an earlier configuration could be begun last.
    return this.#last = this.#last.then(() => this.#apply(boards));
  }

  /** Ends all of it; resolves when every board has been left at its safe level. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#last;
    await Promise.all([...this.#running.keys()].map((name) => this.#end(name)));
  }

  async #apply(boards: readonly BoardConfig[]): Promise<void> {
    const wanted = new Map(boards.map((board) => [board.name, JSON.stringify(board)]));
    const leaving = [...this.#running].filter(([name, { config }]) => wanted.get(name) !== config);
    await Promise.all(leaving.map(([name]) => this.#end(name)));
    if (this.#stopped) return;
    for (const board of boards) {
      if (this.#running.has(board.name)) continue;
      const abort = new AbortController();
      const ended = this.#run(board, abort.signal);
      this.#running.set(board.name, { config: JSON.stringify(board), abort, ended });
    }
  }

  async #end(name: string): Promise<void> {
    const running = this.#running.get(name);
    running?.abort.abort();
    await running?.ended;
    this.#running.delete(name);
  }
}
