/**
 * The entries of a chunk, one after the other.
 *
 * @module
 */
import type { EngineEvent, FanReport, FanStart, FanState } from "../engine/event.ts";
import { ByteReader, damaged } from "./byte_reader.ts";
import { Bases, CAUSE_KINDS, CHUNK_VERSION, FanBit, FAULTS, Tag } from "./chunk.ts";
import type { EntryNames, JournalEntry } from "./entry.ts";

/** Reads what a ChunkWriter of the same configuration wrote. */
export class ChunkReader {
  /** By how much the wall clock is ahead of the monotonic one, in ms, as of the last tick. */
  wallAheadMs: number;
  readonly #names: EntryNames;
  readonly #in: ByteReader;
  readonly #bases = new Bases();

  /** @throws {StoreError} When these are not the bytes of a chunk. */
  constructor(bytes: Uint8Array, names: EntryNames) {
    this.#names = names;
    this.#in = new ByteReader(bytes);
    const version = this.#in.byte();
    if (version !== CHUNK_VERSION) throw damaged(`a chunk of version ${version}`);
    const atMs = this.#time();
    this.wallAheadMs = this.#wall() - atMs;
  }

  /**
   * The next entry, or null at the end.
   *
   * @throws {StoreError} When the bytes are no entry.
   */
  next(): JournalEntry | null {
    if (this.#in.isDone) return null;
    const tag = this.#in.byte();
    switch (tag) {
      case Tag.TICK:
        return this.#tick();
      case Tag.DECISION:
        return this.#decision();
      default:
        return { type: "event", event: this.#event(tag) };
    }
  }

  #event(tag: number): EngineEvent {
    switch (tag) {
      case Tag.READING: {
        const [sensor, index] = this.#name(this.#names.sensors);
        const atMs = this.#time();
        const { temps } = this.#bases;
        const tempC = this.#in.number(temps[index] ?? 0);
        temps[index] = this.#in.base;
        return { type: "reading", sensor, tempC, atMs };
      }
      case Tag.MISS: {
        const [sensor] = this.#name(this.#names.sensors);
        const atMs = this.#time();
        const fault = known(FAULTS[this.#in.byte()], "fault");
        return { type: "miss", sensor, reason: this.#in.text(), fault, atMs };
      }
      case Tag.ASLEEP: {
        const [sensor] = this.#name(this.#names.sensors);
        return { type: "asleep", sensor, atMs: this.#time() };
      }
      case Tag.FANS:
        return this.#fans();
      case Tag.JSON:
        return parseJson(this.#in.text()) as EngineEvent;
      default:
        throw damaged(`an entry of kind ${tag}`);
    }
  }

  #tick(): JournalEntry {
    const atMs = this.#time();
    const wallMs = this.#wall();
    const lateMs = this.#in.number(this.#bases.late);
    this.#bases.late = this.#in.base;
    this.wallAheadMs = wallMs - atMs;
    return { type: "tick", time: { atMs, wallMs, lateMs } };
  }

  #decision(): JournalEntry {
    const [shelf, index] = this.#name(this.#names.shelves);
    const { percents } = this.#bases;
    const percent = this.#in.number(percents[index] ?? 0);
    percents[index] = this.#in.base;
    const bits = this.#in.byte();
    const kind = known(CAUSE_KINDS[bits >> 1], "kind of cause");
    const name = this.#in.text();
    return { type: "decision", shelf, outcome: { percent, pending: bits % 2 === 1, kind, name } };
  }

  #time(): number {
    const atMs = this.#in.number(this.#bases.time);
    this.#bases.time = this.#in.base;
    return atMs;
  }

  #wall(): number {
    const { time, wall } = this.#bases;
    const wallMs = this.#in.number(time + wall);
    this.#bases.wall = this.#in.base - time;
    return wallMs;
  }

  #name(names: readonly string[]): [name: string, index: number] {
    const index = this.#in.whole();
    if (index === 0) return [this.#in.text(), 0];
    return [known(names[index - 1], "name"), index];
  }

  #fans(): EngineEvent {
    const { rpms, applied, expected } = this.#bases;
    const [shelf, index] = this.#name(this.#names.shelves);
    const atMs = this.#time();
    const board = this.#in.text();
    const fans: FanReport[] = [];
    for (let left = this.#in.whole(); left > 0; left--) {
      const bits = this.#in.byte();
      const channel = this.#in.whole();
      const state = this.#in.text() as FanState;
      let rpm: number | null = null;
      if (bits & FanBit.RPM) {
        rpm = this.#in.number(rpms[index] ?? 0);
        rpms[index] = this.#in.base;
      }
      let appliedPercent: number | null = null;
      if (bits & FanBit.APPLIED) {
        appliedPercent = this.#in.number(applied[index] ?? 0);
        applied[index] = this.#in.base;
      }
      const fan: FanReport = { channel, rpm, state, appliedPercent };
      if (bits & FanBit.BY_HAND) fan.byHand = true;
      if (bits & FanBit.EXPECTED) {
        fan.expectedRpm = this.#in.number(expected[index] ?? 0);
        expected[index] = this.#in.base;
      }
      if (bits & FanBit.START) fan.start = parseJson(this.#in.text()) as FanStart;
      fans.push(fan);
    }
    return { type: "fans", shelf, board, fans, atMs };
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    if (cause instanceof SyntaxError) throw damaged("an event that is not JSON");
    throw cause;
  }
}

function known<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw damaged(`a ${what} that is not known`);
  return value;
}
