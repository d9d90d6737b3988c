/**
 * An engine that is run again.
 *
 * @module
 */
import { Engine } from "../engine/engine.ts";
import type { EngineConfig } from "../engine/engine_config.ts";
import type { EngineState } from "../engine/engine_state.ts";
import { type JournalEntry, type Outcome, outcomeOf, sameOutcome } from "./entry.ts";

/** A decision that came out otherwise than it was written down. */
export interface Difference {
  shelf: string;
  /** Milliseconds since the Unix epoch, of the last tick. */
  wallMs: number;
  recorded: Outcome;
  replayed: Outcome;
}

/** The engine that a journal's state describes. */
export function engineFrom(config: EngineConfig, state: EngineState): Engine {
  return new Engine(config, state.bornMs, state);
}

/** Lets entries happen to an engine, and compares what it decides. */
export class Follower {
  readonly engine: Engine;
  /** Of the last tick. */
  wallMs: number;
  /** Of the last tick, monotonic; null before the first. */
  atMs: number | null = null;
  /** The first decision that differed. */
  difference: Difference | null = null;
  readonly #shelves: ReadonlySet<string>;

  constructor(engine: Engine, wallMs: number) {
    this.engine = engine;
    this.wallMs = wallMs;
    this.#shelves = new Set(engine.config.shelves.map(({ name }) => name));
  }

  follow(entry: JournalEntry): void {
    switch (entry.type) {
      case "event":
        return this.engine.apply(entry.event);
      case "tick":
        this.wallMs = entry.time.wallMs;
        this.atMs = entry.time.atMs;
        this.engine.tick(entry.time);
        return;
      case "decision":
        if (this.difference === null) this.#compare(entry.shelf, entry.outcome);
    }
  }

  #compare(shelf: string, recorded: Outcome): void {
    if (!this.#shelves.has(shelf)) return;
    const replayed = outcomeOf(this.engine.decision(shelf));
    if (sameOutcome(recorded, replayed)) return;
    this.difference = { shelf, wallMs: this.wallMs, recorded, replayed };
  }
}
