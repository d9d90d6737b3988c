/**
 * Why a shelf gets what it gets, as the server tells it.
 *
 * @module
 */
import type { WireMap } from "../wire/value.ts";
import { dateOf, listOf, mapsOf, numberOf, textOf } from "./fields.ts";

/** One step from the readings to the result. */
export interface Step {
  /** `sensor`, `fault`, `filter`, `curve`, `profile`, `limit`, `floor`, `override`, `result`… */
  readonly what: string;
  /** The step in words. */
  readonly text: string;
  /** The number that it comes to; null without one. */
  readonly value: number | null;
  /** Of the value; empty without one. */
  readonly unit: string;
  /** Until when it holds; null: not known, or for as long as nothing changes. */
  readonly until: Date | null;
}

/** How a decision came about. */
export interface Explanation {
  /** Its name. */
  readonly shelf: string;
  /** 0 to 100 %; null when nobody knows. */
  readonly percent: number | null;
  /** What decides. */
  readonly because: string;
  /** In their order. */
  readonly steps: readonly Step[];
  /** What would change the result. */
  readonly changes: readonly string[];
  /** When it was decided, if it was not just now. */
  readonly decidedAt: Date | null;
}

/** Reads one entry of a `why` reply. */
export function readExplanation(entry: WireMap): Explanation {
  return {
    shelf: textOf(entry.shelf),
    percent: numberOf(entry.percent),
    because: textOf(entry.because),
    steps: mapsOf(entry.steps).map(({ what, text, value, unit, until }) => ({
      what: textOf(what),
      text: textOf(text),
      value: numberOf(value),
      unit: textOf(unit),
      until: dateOf(until),
    })),
    changes: listOf(entry.changes).filter((change) => typeof change === "string"),
    decidedAt: dateOf(entry.decided_at),
  };
}
