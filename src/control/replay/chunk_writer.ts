/**
 * Entries into a chunk.
 *
 * @module
 */
import type { EngineEvent, FanReport, TickTime } from "../engine/event.ts";
import { ByteWriter } from "./byte_writer.ts";
import { Bases, CAUSE_KINDS, CHUNK_VERSION, FanBit, FAULTS, Tag } from "./chunk.ts";
import type { EntryNames, JournalEntry, Outcome } from "./entry.ts";

/** The properties that every fan has. */
const FAN_KEYS = 4;

/** The numbers of the names of a configuration, from 1; made once, used by every chunk. */
export class NameNumbers {
  readonly sensors: ReadonlyMap<string, number>;
  readonly shelves: ReadonlyMap<string, number>;

  constructor(names: EntryNames) {
    this.sensors = numbered(names.sensors);
    this.shelves = numbered(names.shelves);
  }
}

function numbered(names: readonly string[]): Map<string, number> {
  return new Map(names.map((name, index) => [name, index + 1]));
}

/** One chunk while it is being written. */
export class ChunkWriter {
  /** How many entries it holds. */
  count = 0;
  readonly #names: NameNumbers;
  readonly #out = new ByteWriter();
  readonly #bases = new Bases();

  /**
   * @param start The last tick before the chunk, or the birth of the engine: it tells which date
   * the events before the first tick of the chunk have.
   */
  constructor(names: NameNumbers, start: { atMs: number; wallMs: number }) {
    this.#names = names;
    this.#out.byte(CHUNK_VERSION);
    this.#time(start.atMs);
    this.#wall(start.wallMs);
  }

  /** How many bytes it has. */
  get length(): number {
    return this.#out.length;
  }

  /** Everything written so far. */
  bytes(): Uint8Array<ArrayBuffer> {
    return this.#out.bytes();
  }

  /** Writes whatever `entry` is. */
  add(entry: JournalEntry): void {
    switch (entry.type) {
      case "event":
        return this.event(entry.event);
      case "tick":
        return this.tick(entry.time);
      case "decision":
        return this.decision(entry.shelf, entry.outcome);
    }
  }

  event(event: EngineEvent): void {
    switch (event.type) {
      case "reading": {
        this.#begin(Tag.READING);
        const index = this.#name(event.sensor, this.#names.sensors);
        this.#time(event.atMs);
        const { temps } = this.#bases;
        temps[index] = this.#out.number(event.tempC, temps[index] ?? 0);
        return;
      }
      case "miss":
        this.#begin(Tag.MISS);
        this.#name(event.sensor, this.#names.sensors);
        this.#time(event.atMs);
        this.#out.byte(FAULTS.indexOf(event.fault));
        return this.#out.text(event.reason);
      case "asleep":
        this.#begin(Tag.ASLEEP);
        this.#name(event.sensor, this.#names.sensors);
        return this.#time(event.atMs);
      case "fans":
        if (event.fans === null || !event.fans.every(isPlain)) return this.#json(event);
        this.#begin(Tag.FANS);
        return this.#fans(event.shelf, event.board, event.fans, event.atMs);
      default:
        return this.#json(event);
    }
  }

  tick({ atMs, wallMs, lateMs }: TickTime): void {
    this.#begin(Tag.TICK);
    this.#time(atMs);
    this.#wall(wallMs);
    this.#bases.late = this.#out.number(lateMs, this.#bases.late);
  }

  decision(shelf: string, { percent, pending, kind, name }: Outcome): void {
    this.#begin(Tag.DECISION);
    const index = this.#name(shelf, this.#names.shelves);
    const { percents } = this.#bases;
    percents[index] = this.#out.number(percent, percents[index] ?? 0);
    this.#out.byte(CAUSE_KINDS.indexOf(kind) * 2 + (pending ? 1 : 0));
    this.#out.text(name);
  }

  #begin(tag: number): void {
    this.count++;
    this.#out.byte(tag);
  }

  #time(atMs: number): void {
    this.#bases.time = this.#out.number(atMs, this.#bases.time);
  }

  #wall(wallMs: number): void {
    const { time, wall } = this.#bases;
    this.#bases.wall = this.#out.number(wallMs, time + wall) - time;
  }

  /** @returns its number, or 0 for a name that the configuration does not have. */
  #name(name: string, numbers: ReadonlyMap<string, number>): number {
    const number = numbers.get(name) ?? 0;
    this.#out.whole(number);
    if (number === 0) this.#out.text(name);
    return number;
  }

  #fans(shelf: string, board: string, fans: readonly FanReport[], atMs: number): void {
    const out = this.#out;
    const { rpms, applied, expected } = this.#bases;
    const index = this.#name(shelf, this.#names.shelves);
    this.#time(atMs);
    out.text(board);
    out.whole(fans.length);
    for (const fan of fans) {
      const { rpm, appliedPercent, expectedRpm, start } = fan;
      out.byte(bitsOf(fan));
      out.whole(fan.channel);
      out.text(fan.state);
      if (rpm !== null) rpms[index] = out.number(rpm, rpms[index] ?? 0);
      if (appliedPercent !== null) applied[index] = out.number(appliedPercent, applied[index] ?? 0);
      if (expectedRpm !== undefined) {
        expected[index] = out.number(expectedRpm, expected[index] ?? 0);
      }
      if (start !== undefined) out.text(JSON.stringify(start));
    }
  }

  #json(event: EngineEvent): void {
    this.#begin(Tag.JSON);
    this.#out.text(JSON.stringify(event));
  }
}

/** What is known of a fan, as bits of a byte. */
function bitsOf({ rpm, appliedPercent, byHand, expectedRpm, start }: FanReport): number {
  return (rpm === null ? 0 : FanBit.RPM) + (appliedPercent === null ? 0 : FanBit.APPLIED) +
    (byHand === undefined ? 0 : FanBit.BY_HAND) +
    (expectedRpm === undefined ? 0 : FanBit.EXPECTED) + (start === undefined ? 0 : FanBit.START);
}

/** Whether the short form holds all of `fan`: another version's fans may know more. */
function isPlain(fan: FanReport): boolean {
  const { byHand, expectedRpm, start } = fan;
  const extra = [byHand, expectedRpm, start].filter((value) => value !== undefined).length;
  return byHand !== false && Object.keys(fan).length === FAN_KEYS + extra;
}
