/**
 * Keeps what plays with fans from making anything hot: the shelves of a board are looked at before
 * it begins and while it goes on.
 *
 * @module
 */
import { BoardError } from "../../errors.ts";
import { Request } from "../../wire/request.ts";
import type { CommandContext } from "../context.ts";
import { shelfEntry } from "../shelf_entry.ts";
import type { ShelfStatus } from "../../client/shelf_status.ts";
import type { BoardAccess } from "./access.ts";

/** Nothing begins above this. */
export const START_AT_MOST_C = 75;
/** Everything ends at this. */
export const ABORT_AT_C = 85;
/** How old the last look may be. */
const LOOK_EVERY_MS = 1000;

/** The temperatures of a board's shelves. */
export class TemperatureGate {
  readonly #access: BoardAccess;
  readonly #shelves: readonly string[];
  readonly #context: CommandContext;
  #lookedMs = -Infinity;

  /** @param shelves that the board's fans blow for. */
  constructor(access: BoardAccess, shelves: readonly string[], context: CommandContext) {
    this.#access = access;
    this.#shelves = shelves;
    this.#context = context;
  }

  /**
   * Whether anything may begin.
   *
   * @param unseen the user takes it on himself that no temperature may be known.
   * @throws {BoardError} When it is too hot, or nothing is known and that was not said to be fine.
   */
  async start(unseen: boolean): Promise<void> {
    const hottestC = await this.#look(START_AT_MOST_C);
    if (hottestC !== null || unseen) return;
    throw new BoardError(
      `Cannot drive the fans of board "${this.#access.name}" by hand: no temperature of its ` +
        "shelves is known; let a server watch them, or say --yes if nothing can get hot",
    );
  }

  /**
   * Whether it may go on; asks the server now and then.
   *
   * @throws {BoardError} When it has become too hot.
   */
  async check(): Promise<void> {
    const nowMs = this.#context.io.clock.monotonicMs();
    if (nowMs - this.#lookedMs >= LOOK_EVERY_MS) await this.#look(ABORT_AT_C);
  }

  /** The hottest sensor of all shelves, null when none tells. */
  async #look(mostC: number): Promise<number | null> {
    this.#lookedMs = this.#context.io.clock.monotonicMs();
    const temps: number[] = [];
    for (const shelf of this.#shelves) {
      const status = await this.#status(shelf);
      for (const { name, tempC } of status?.sensors ?? []) {
        if (tempC === null) continue;
        if (tempC > mostC) throw tooHot(`${name} of shelf "${shelf}" has ${tempC} °C`, mostC);
        temps.push(tempC);
      }
      const urgent = status?.causes.find(({ kind }) => kind === "critical" || kind === "failsafe");
      if (urgent !== undefined) throw tooHot(`shelf "${shelf}" has ${urgent.text}`, mostC);
    }
    return temps.length === 0 ? null : Math.max(...temps);
  }

  async #status(shelf: string): Promise<ShelfStatus | null> {
    const { session } = this.#access;
    if (session === null) return null;
    const [entries] = await session.ask(Request.STATUS, Request.STATUS, shelf);
    const [entry] = Array.isArray(entries) ? entries : [];
    return entry === undefined ? null : shelfEntry(entry).status;
  }
}

function tooHot(found: string, mostC: number): BoardError {
  return new BoardError(
    `Cannot drive fans by hand: ${found}; that is for shelves of at most ${mostC} °C ` +
      "without an alarm, so let them cool down first",
  );
}
