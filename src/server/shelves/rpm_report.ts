/**
 * What is known of a shelf's fan speed: who said it, and when.
 *
 * @module
 */

import { ShelfNotOwnerError, ShelfRpmBadValueError } from "../../errors.ts";
import type { WireValue } from "../../wire/value.ts";

/** More than any fan turns; a larger number is a fault of who reports it. */
const MOST_RPM = 100_000;

/** What an agent says beside the speed; shown by `status`, never judged by the server. */
export type RpmDetails = Record<string, WireValue>;

/**
 * One shelf's speed. Its reporter owns it: while the report is fresh and the reporter's
 * connection stands, nobody else's word is taken, so that two agents on one shelf are noticed
 * instead of overwriting each other.
 */
export class RpmReport {
  #rpm: number | null = null;
  #atMs: number | null = null;
  #owner: object | null = null;
  #details: RpmDetails | null = null;
  readonly #ttlMs: number;

  constructor(ttlMs: number) {
    this.#ttlMs = ttlMs;
  }

  /**
   * Takes a report.
   *
   * @throws {ShelfRpmBadValueError} when the speed is negative or beyond any fan.
   * @throws {ShelfNotOwnerError} when another reporter's word still holds.
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
    if (this.#owner !== null && this.#owner !== reporter && this.#isFresh(nowMs)) {
      throw new ShelfNotOwnerError(
        `Cannot set the rpm of shelf "${shelf}": another agent reports it; stop one of the two`,
      );
    }
    this.#rpm = rpm;
    this.#details = details;
    this.#owner = reporter;
    this.#atMs = nowMs;
  }

  /** The owner's connection has ended: anybody may report now. What it said still ages. */
  release(reporter: object): void {
    if (this.#owner === reporter) this.#owner = null;
  }

  /** The speed in rpm, or null when nobody has said it within its time. */
  rpm(nowMs: number): number | null {
    return this.#isFresh(nowMs) ? this.#rpm : null;
  }

  /** How old the last report is in milliseconds, or null when there is none that counts. */
  ageMs(nowMs: number): number | null {
    return this.#atMs !== null && this.#isFresh(nowMs) ? nowMs - this.#atMs : null;
  }

  /** What the last report said beside the speed, or null when it is too old. */
  details(nowMs: number): RpmDetails | null {
    return this.#isFresh(nowMs) ? this.#details : null;
  }

  #isFresh(nowMs: number): boolean {
    return this.#atMs !== null && nowMs - this.#atMs <= this.#ttlMs;
  }
}
