/**
 * Temperatures that come to the server by themselves: from clients that push them, and from the
 * boards of agents. Each is good for a time only.
 *
 * @module
 */
import { SensorError, ShelfNotOwnerError } from "../../errors.ts";
import type { SensorSource } from "../sensor_source.ts";

/** What was reported: °C, or why there is no temperature. */
export type Reported = { tempC: number } | { reason: string };

interface Entry {
  readonly reported: Reported;
  readonly atMs: number;
  readonly ttlMs: number;
  /** Who reports it; null when that connection has ended. */
  reporter: object | null;
}

/** Everything that is reported to one server. */
export interface Reports {
  /** By the names of sensors. */
  readonly pushed: ReportedReadings;
  /** By {@link boardInputKey}. */
  readonly boards: ReportedReadings;
}

/** A place for what is reported, where nothing is expected yet. */
export function newReports(): Reports {
  return { pushed: new ReportedReadings(), boards: new ReportedReadings() };
}

/** From now on what these sensors need is expected, and nothing else. */
export function expectReports(
  { pushed, boards }: Reports,
  sensors: readonly { name: string; source: SensorSource }[],
): void {
  pushed.expect(sensors.filter(({ source }) => source.type === "pushed").map(({ name }) => name));
  boards.expect(
    sensors.flatMap(({ source }) =>
      source.type === "board" ? [boardInputKey(source.board, source.input)] : []
    ),
  );
}

/** The name of a board's input among the reported things. */
export function boardInputKey(board: string, input: number): string {
  return JSON.stringify([board, input]);
}

/** Things that are reported, by name; only those that a configuration asks for. */
export class ReportedReadings {
  readonly #entries = new Map<string, Entry | null>();

  /** From now on these are asked for, and no others; what is known of them stays. */
  expect(names: readonly string[]): void {
    const expected = new Set(names);
    for (const name of this.#entries.keys()) {
      if (!expected.has(name)) this.#entries.delete(name);
    }
    for (const name of expected) {
      if (!this.#entries.has(name)) this.#entries.set(name, null);
    }
  }

  /** Whether somebody asks for this. */
  expects(name: string): boolean {
    return this.#entries.has(name);
  }

  /**
   * Takes a report of something that is expected, and drops every other. While it is good and its
   * reporter's connection stands, nobody else's word is taken, so that two that report the same
   * thing are noticed.
   *
   * @throws {ShelfNotOwnerError} when another reporter's word still holds
   */
  take(
    name: string,
    reported: Reported,
    ttlMs: number,
    reporter: object,
    nowMs: number,
  ): void {
    const known = this.#entries.get(name);
    if (known === undefined) return;
    const isHeld = known && known.reporter !== null && known.reporter !== reporter &&
      nowMs - known.atMs <= known.ttlMs;
    if (isHeld) {
      throw new ShelfNotOwnerError(
        `Cannot take a reading of "${name}": another client sends them; stop one of the two`,
      );
    }
    this.#entries.set(name, { reported, atMs: nowMs, ttlMs, reporter });
  }

  /** A reporter has gone: anybody may report now. What it said still ages. */
  release(reporter: object): void {
    for (const entry of this.#entries.values()) {
      if (entry?.reporter === reporter) entry.reporter = null;
    }
  }

  /**
   * The temperature (°C) that was reported last.
   *
   * @param what for the message: `sensor "inlet"`
   * @param maxTtlMs the longest that any report is good for
   * @throws {SensorError} when there is none, or not any more
   */
  read(name: string, what: string, nowMs: number, maxTtlMs = Infinity): number {
    const entry = this.#entries.get(name);
    if (!entry) {
      throw new SensorError(
        `Cannot read ${what}: nobody has reported it yet; see that its sender runs`,
      );
    }
    const ageMs = nowMs - entry.atMs;
    const ttlMs = Math.min(entry.ttlMs, maxTtlMs);
    if (ageMs > ttlMs) {
      throw new SensorError(
        `Cannot read ${what}: its last report is ${Math.round(ageMs / 1000)} s old and was good ` +
          `for ${ttlMs / 1000} s; see that its sender runs`,
      );
    }
    if ("tempC" in entry.reported) return entry.reported.tempC;
    throw new SensorError(`Cannot read ${what}: ${entry.reported.reason}; look at its sender`);
  }
}
