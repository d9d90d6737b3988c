/**
 * Turns what reaches the engine into chunks, in the tick and therefore quickly. What is dropped
 * breaks the thread; the next tick then takes it up again from the engine's state.
 *
 * @module
 */

import type { Engine } from "../../control/engine/engine.ts";
import type { EngineEvent, TickTime } from "../../control/engine/event.ts";
import { ChunkWriter, NameNumbers } from "../../control/replay/chunk_writer.ts";
import { entryNames, outcomeOf } from "../../control/replay/entry.ts";
import type { EventTap } from "../shelves/event_tap.ts";

/** Where chunks go. */
export interface ChunkSink {
  /** Another engine, or the same one after something was dropped. */
  begin(engine: Engine, wallMs: number): void;
  /** Takes a chunk in any case; one for which there is no room is counted and dropped. */
  chunk(bytes: Uint8Array<ArrayBuffer>): void;
  /** Whether the next chunk will be kept. */
  readonly hasRoom: boolean;
  /** Milliseconds since the Unix epoch. */
  wallMs(): number;
}

/** Time that a chunk covers; what a crash loses. */
const CHUNK_MS = 5000;
/** A chunk that is larger is handed on at the next tick. */
const CHUNK_BYTES = 262_144;
/** One that gets larger within a tick is dropped: somebody floods the server with reports. */
const MOST_CHUNK_BYTES = 8_388_608;

/** What the journal listens with. */
export class Recorder implements EventTap {
  readonly #sink: ChunkSink;
  #engine: Engine | null = null;
  #numbers = new NameNumbers({ sensors: [], shelves: [] });
  /** Null while the thread is broken. */
  #chunk: ChunkWriter | null = null;
  #chunkMs = 0;
  #last: TickTime = { atMs: 0, wallMs: 0, lateMs: 0 };

  constructor(sink: ChunkSink) {
    this.#sink = sink;
  }

  began(engine: Engine): void {
    this.flush();
    this.#chunk = null;
    this.#engine = engine;
    this.#numbers = new NameNumbers(entryNames(engine.config));
    this.#last = { ...this.#last, wallMs: this.#sink.wallMs() };
    this.#takeUp(engine);
  }

  record(event: EngineEvent): void {
    if (this.#chunk === null) return;
    this.#chunk.event(event);
    if (this.#chunk.length > MOST_CHUNK_BYTES) this.#chunk = null;
    else if (event.type === "override") this.#decided(event.shelf);
  }

  ticked(time: TickTime, engine: Engine, changed: readonly string[]): void {
    this.#last = time;
    if (this.#chunk === null) return this.#takeUp(engine);
    this.#chunk.tick(time);
    for (const shelf of changed) this.#decided(shelf);
    const isLong = time.atMs - this.#chunkMs >= CHUNK_MS;
    if (isLong || this.#chunk.length >= CHUNK_BYTES) this.flush();
  }

  /** Hands on what there is, also because somebody asks for it. */
  flush(): void {
    const chunk = this.#chunk;
    if (chunk === null || chunk.count === this.#engine?.config.shelves.length) return;
    const { hasRoom } = this.#sink;
    this.#sink.chunk(chunk.bytes());
    if (hasRoom) this.#open();
    else this.#chunk = null;
  }

  /** Begins anew from the state of the engine. */
  #takeUp(engine: Engine): void {
    if (!this.#sink.hasRoom) return;
    this.#sink.begin(engine, this.#last.wallMs);
    this.#open();
  }

  /** Each chunk begins with what all shelves do, so that it can be understood alone. */
  #open(): void {
    this.#chunk = new ChunkWriter(this.#numbers, this.#last);
    this.#chunkMs = this.#last.atMs;
    for (const { name } of this.#engine?.config.shelves ?? []) this.#decided(name);
  }

  #decided(shelf: string): void {
    if (this.#engine === null || !this.#numbers.shelves.has(shelf)) return;
    this.#chunk?.decision(shelf, outcomeOf(this.#engine.decision(shelf)));
  }
}
