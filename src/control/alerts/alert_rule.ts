/**
 * What an operator wants to be told about, and after how long.
 *
 * @module
 */
import type { FindingKind, Severity } from "../engine/finding.ts";

/** What must be the case for an alert, judged at every tick. */
export type AlertCondition =
  /** A sensor that is hotter than `aboveC` or colder than `belowC`. */
  | {
    type: "temperature";
    sensors: readonly string[];
    aboveC: number | null;
    belowC: number | null;
  }
  /** A shelf that runs at more than this; null: any shelf. */
  | { type: "duty"; shelves: readonly string[] | null; abovePercent: number }
  /** A finding of one of these kinds (null: of any), of at least this severity. */
  | {
    type: "finding";
    kinds: readonly FindingKind[] | null;
    shelves: readonly string[] | null;
    leastSeverity: Severity;
  };

/** One rule. */
export interface AlertRule {
  /** Unique among the rules. */
  name: string;
  severity: Severity;
  condition: AlertCondition;
  /** How long after the start nothing is told: what starts is not yet in order. */
  warmUpMs: number;
  /** How long the condition must hold before it is told. */
  holdMs: number;
  /** How long it must be over before that is told. */
  clearMs: number;
  /** How often it is told again while it lasts and nobody has acknowledged it; null: once. */
  repeatMs: number | null;
  /** Where it is told; names of deliveries. */
  deliver: readonly string[];
}

/** Something to tell. */
export interface AlertEvent {
  type: "raised" | "repeated" | "cleared";
  rule: string;
  severity: Severity;
  /** The sensor, the shelf or the finding that it is about. */
  subject: string;
  /** The condition in words, with its numbers. */
  text: string;
  /** For how long it has lasted, in milliseconds. */
  lastedMs: number;
}
