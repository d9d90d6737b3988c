/**
 * A decision in words: each step from the readings to the result, and what would change it.
 *
 * @module
 */
import type { Cause } from "../cause.ts";

/** One step on the way to a result. */
export interface ExplanationStep {
  /** Which part speaks: `sensor`, `curve`, `filter`, `limit`, `override`, `profile`, `fan`… */
  what: string;
  text: string;
  /** Of a sensor: why it is not simply `ok`; part of `text`, and of other texts that quote it. */
  reason?: string;
  /** The number that the step comes to. */
  value?: number;
  /** The unit of `value`: `°C`, `%`, `rpm`, `ms`. */
  unit?: string;
  /** Until when it holds, in milliseconds since the Unix epoch. */
  until?: number;
}

/** Why a shelf gets what it gets. */
export interface Explanation {
  shelf: string;
  /** 0 to 100. */
  percent: number;
  /** The text of the cause that decides. */
  winner: string;
  /** From the readings to the result. */
  steps: ExplanationStep[];
  /** Every cause, the winner first, then by rank. */
  causes: Cause[];
  /** What would change the result, a sentence each. */
  changes: string[];
}
