/**
 * How entries are written down. A chunk stands for itself: names go by their number in the
 * configuration, and every number is a distance from the last of its kind within the chunk.
 *
 * @module
 */
import type { CauseKind } from "../cause.ts";

/** The first byte of a chunk. */
export const CHUNK_VERSION = 1;

/** The first byte of an entry. Entries are added, never changed. */
export const Tag = {
  TICK: 1,
  READING: 2,
  MISS: 3,
  ASLEEP: 4,
  FANS: 5,
  /** Any event, as JSON: what happens rarely, and what a later version adds. */
  JSON: 6,
  DECISION: 7,
} as const;

/** By their number. */
export const FAULTS = ["missing", "timeout", "range"] as const;
/** By their number; another kind is written out. */
export const CAUSE_KINDS: readonly CauseKind[] = [
  "critical",
  "failsafe",
  "floor",
  "override",
  "profile",
  "curve",
];

/** The last numbers of a chunk, in thousandths: what the next ones are distances from. */
export class Bases {
  time = 0;
  /** Of the wall clock, the monotonic one taken away: it hardly changes. */
  wall = 0;
  late = 0;
  /** By number of the sensor. */
  readonly temps: number[] = [];
  /** By number of the shelf. */
  readonly rpms: number[] = [];
  /** By number of the shelf. */
  readonly applied: number[] = [];
  /** By number of the shelf. */
  readonly expected: number[] = [];
  /** By number of the shelf. */
  readonly percents: number[] = [];
}

/** Bits of the byte before a fan: what is known of it. */
export const FanBit = { RPM: 1, APPLIED: 2, BY_HAND: 4, EXPECTED: 8, START: 16 } as const;
