/**
 * What is known of the speed of a shelf's fans: which board said it, through whom, and when.
 *
 * @module
 */

import { LimitError, ShelfNotOwnerError, ShelfRpmBadValueError } from "../../errors.ts";
import type { WireValue } from "../../wire/value.ts";

/** More than any fan turns; a larger number is a fault of who reports it. */
const MOST_RPM = 100_000;
/** Boards that report one shelf at a time. */
export const MOST_REPORTING_BOARDS = 16;

/** What an agent says beside the speed; `status` shows it as it is. */
export type RpmDetails = Record<string, WireValue>;

/** What one board said last. */
export interface BoardReport {
  /** The name that its reporter gives it; empty when it gives none. */
  readonly board: string;
  readonly rpm: number | null;
  readonly details: RpmDetails | null;
  readonly atMs: number;
}

/**
 * One shelf's speed: the slowest of all boards that its fans hang on. A reporter owns its board's
 * word: while it is fresh and the reporter's connection stands, nobody else's word about that
 * board is taken, so that two agents of one board are noticed instead of overwriting each other.
 */
export class RpmReport {
  readonly #reports = new Map<string, BoardReport & { owner: object | null }>();
  readonly #ttlMs: number;

  constructor(ttlMs: number) {
    this.#ttlMs = ttlMs;
  }

  /**
   * Takes a report.
   *
   * @throws {ShelfRpmBadValueError} when the speed is negative or beyond any fan.
   * @throws {ShelfNotOwnerError} when another reporter's word of this board still holds.
   * @throws {LimitError} when too many boards report this shelf.
   */
  take(
    shelf: string,
    rpm: number | null,
    details: RpmDetails | null,
    reporter: object,
    nowMs: number,
  ): void {
    if (rpm !== null && !(rpm >= 0 && rpm <= MOST_RPM)) {
      throw new ShelfRpmBadValueError(
        `Cannot set the rpm of shelf "${shelf}": ${rpm} found; send 0 to ${MOST_RPM} or null`,
      );
    }
    this.#forgetOld(nowMs);
    const board = boardOf(details);
    const before = this.#reports.get(board);
    if (before !== undefined && before.owner !== null && before.owner !== reporter) {
      throw new ShelfNotOwnerError(
        `Cannot set the rpm of shelf "${shelf}": another agent reports it` +
          `${board === "" ? "" : " for a board of this name"}; stop one of the two`,
      );
    }
    if (before === undefined && this.#reports.size >= MOST_REPORTING_BOARDS) {
      throw new LimitError(
        `Cannot set the rpm of shelf "${shelf}": ${MOST_REPORTING_BOARDS} boards report it; ` +
          "stop one of them, or give it to another shelf",
      );
    }
    this.#reports.set(board, { board, rpm, details, atMs: nowMs, owner: reporter });
  }

  /** The reporter's connection has ended: anybody may report now. What it said still ages. */
  release(reporter: object): void {
    for (const report of this.#reports.values()) {
      if (report.owner === reporter) report.owner = null;
    }
  }

  /** What the boards say that are heard of, by name. */
  boards(nowMs: number): BoardReport[] {
    return [...this.#reports.values()].filter((report) => this.#isFresh(report, nowMs))
      .sort((one, other) => one.board < other.board ? -1 : 1);
  }

  /** The speed in rpm; null when nobody has said it within its time, or somebody cannot tell. */
  rpm(nowMs: number): number | null {
    let slowest = Infinity;
    for (const report of this.#reports.values()) {
      if (!this.#isFresh(report, nowMs)) continue;
      if (report.rpm === null) return null;
      slowest = Math.min(slowest, report.rpm);
    }
    return slowest === Infinity ? null : slowest;
  }

  /** How old the last report is in milliseconds, or null when there is none that counts. */
  ageMs(nowMs: number): number | null {
    const ages = this.boards(nowMs).map(({ atMs }) => nowMs - atMs);
    return ages.length === 0 ? null : Math.min(...ages);
  }

  /** What was last said beside the speed, of several boards by the first; null when too old. */
  details(nowMs: number): RpmDetails | null {
    return this.boards(nowMs)[0]?.details ?? null;
  }

  #isFresh({ atMs }: BoardReport, nowMs: number): boolean {
    return nowMs - atMs <= this.#ttlMs;
  }

  #forgetOld(nowMs: number): void {
    for (const [board, report] of this.#reports) {
      if (!this.#isFresh(report, nowMs)) this.#reports.delete(board);
    }
  }
}

/** What a reporter calls its board; empty when it does not say. */
export function boardOf(details: RpmDetails | null): string {
  const board = details?.board;
  return typeof board === "string" ? board : "";
}
