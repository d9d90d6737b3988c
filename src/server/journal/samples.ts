/**
 * From entries to samples: what every series was, and when.
 *
 * @module
 */

import type { JournalEntry, Outcome } from "../../control/replay/entry.ts";
import type { SeriesKind } from "./series.ts";

/** Takes samples in; `thousandths` of °C, percent or rpm. */
export type TakeSample = (
  kind: SeriesKind,
  name: string,
  thousandths: number,
  wallMs: number,
) => void;

const SCALE = 1000;
/** Anything beyond is no temperature and no speed, and would spoil the sums. */
const MOST = 1e6;

/**
 * Follows the entries of whole chunks, each of which begins with what its shelves do. Duty and
 * failsafe are sampled once a tick, the rest when it is told.
 */
export class Sampler {
  readonly #take: TakeSample;
  readonly #outcomes = new Map<string, Outcome>();
  readonly #rpms = new Map<string, Map<string, number>>();

  constructor(take: TakeSample) {
    this.#take = take;
  }

  /** @param wallAheadMs by how much the wall clock was ahead of the monotonic one. */
  follow(entry: JournalEntry, wallAheadMs: number): void {
    if (entry.type === "decision") {
      this.#outcomes.set(entry.shelf, entry.outcome);
      return;
    }
    // A tick's decisions follow it, so that what is sampled here has been in force until now.
    if (entry.type === "tick") return this.#sampleDuties(entry.time.wallMs);
    if (entry.type !== "event") return;
    const { event } = entry;
    if (event.type === "reading") {
      this.#sample("temp", event.sensor, event.tempC, event.atMs + wallAheadMs);
    } else if (event.type === "fans") {
      const rpms = event.fans?.map(({ rpm }) => rpm).filter((rpm) => rpm !== null) ?? [];
      this.#sampleRpm(event.shelf, event.board, rpms, event.atMs + wallAheadMs);
    }
  }

  #sampleDuties(wallMs: number): void {
    for (const [shelf, { percent, kind }] of this.#outcomes) {
      this.#sample("duty", shelf, percent, wallMs);
      const isAlarm = kind === "failsafe" || kind === "critical";
      this.#take("failsafe", shelf, isAlarm ? SCALE : 0, wallMs);
    }
  }

  /** The slowest fan of all boards of the shelf. */
  #sampleRpm(shelf: string, board: string, rpms: readonly number[], wallMs: number): void {
    let boards = this.#rpms.get(shelf);
    if (boards === undefined) this.#rpms.set(shelf, boards = new Map());
    if (rpms.length === 0) boards.delete(board);
    else {
      boards.set(board, Math.min(...rpms));
      this.#sample("rpm", shelf, Math.min(...boards.values()), wallMs);
    }
  }

  #sample(kind: SeriesKind, name: string, value: number, wallMs: number): void {
    if (Math.abs(value) <= MOST) this.#take(kind, name, Math.round(value * SCALE), wallMs);
  }
}
