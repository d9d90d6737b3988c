/**
 * What a journal holds, in the order in which it happened: enough to run an engine again, and what
 * that engine decided, to compare with.
 *
 * @module
 */
import type { CauseKind } from "../cause.ts";
import type { Decision } from "../engine/decision.ts";
import type { EngineConfig } from "../engine/engine_config.ts";
import type { EngineEvent, TickTime } from "../engine/event.ts";

/** What a decision came to; the engine that is run again knows the rest. */
export interface Outcome {
  /** 0 to 100. */
  percent: number;
  pending: boolean;
  /** Of the cause that decides. */
  kind: CauseKind;
  /** Of the cause that decides. */
  name: string;
}

/** One thing that happened to an engine, or that it decided. */
export type JournalEntry =
  | { type: "event"; event: EngineEvent }
  | { type: "tick"; time: TickTime }
  /** What a shelf does from here on: only what has changed is told. */
  | { type: "decision"; shelf: string; outcome: Outcome };

/** The names that entries refer to by number: those of the configuration, in its order. */
export interface EntryNames {
  readonly sensors: readonly string[];
  readonly shelves: readonly string[];
}

/** The names of a configuration. */
export function entryNames(config: EngineConfig): EntryNames {
  return {
    sensors: config.sensors.map(({ name }) => name),
    shelves: config.shelves.map(({ name }) => name),
  };
}

/** What `decision` came to. */
export function outcomeOf({ percent, pending, causes: [winner] }: Decision): Outcome {
  return { percent, pending, kind: winner?.kind ?? "failsafe", name: winner?.name ?? "" };
}

/** Whether two decisions came to the same, to the last bit. */
export function sameOutcome(a: Outcome, b: Outcome): boolean {
  return Object.is(a.percent, b.percent) && a.pending === b.pending && a.kind === b.kind &&
    a.name === b.name;
}
