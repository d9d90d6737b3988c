/**
 * An alert, as the server tells it.
 *
 * @module
 */
import type { WireMap } from "../wire/value.ts";
import { numberOf, textOf } from "./fields.ts";

/** Something that a rule has raised and that is not cleared. */
export interface Alert {
  /** What the configuration calls the rule. */
  readonly rule: string;
  /** `info`, `warning` or `critical`. */
  readonly severity: string;
  /** What it is about: a sensor, a shelf, a board. */
  readonly subject: string;
  /** What has happened, in words. */
  readonly text: string;
  /** Since when. */
  readonly lastedMs: number;
  /** Who has stopped its repeating; null: nobody. */
  readonly acknowledgedBy: string | null;
}

/** Reads one entry of an `alerts` reply. */
export function readAlert(entry: WireMap): Alert {
  return {
    rule: textOf(entry.rule),
    severity: textOf(entry.severity),
    subject: textOf(entry.subject),
    text: textOf(entry.text),
    lastedMs: numberOf(entry.lasted_ms) ?? 0,
    acknowledgedBy: textOf(entry.acknowledged_by) || null,
  };
}
