/**
 * A step of a shelf's history, as the server tells it.
 *
 * @module
 */
import { isWireMap, type WireValue } from "../wire/value.ts";
import { dateOf, numberOf, numbersOf } from "./fields.ts";

/** Of what was measured in a step. */
export interface Spread {
  /** The least. */
  readonly lowest: number;
  /** Over the time of the step. */
  readonly mean: number;
  /** The most. */
  readonly highest: number;
}

/** What a shelf did over one of several stretches of equal length. */
export interface HistoryStep {
  /** When it begins. */
  readonly at: Date;
  /** By sensor, in °C. */
  readonly tempsC: ReadonlyMap<string, Spread>;
  /** In percent; null when nobody knows. */
  readonly duty: Spread | null;
  /** Of the slowest fan; null when nobody knows. */
  readonly rpm: Spread | null;
  /** The share of the time, 0 to 1, in which a failsafe or a critical temperature decided. */
  readonly failsafe: number;
}

/** Reads one entry of a `history` reply; null when it is none. */
export function readHistoryStep(entry: WireValue): HistoryStep | null {
  const at = isWireMap(entry) ? dateOf(entry.at) : null;
  if (!isWireMap(entry) || at === null) return null;
  const temps = isWireMap(entry.temps) ? Object.entries(entry.temps) : [];
  return {
    at,
    tempsC: new Map(
      temps.map(([sensor, spread]) => [sensor, spreadOf(spread)] as const)
        .filter((each): each is [string, Spread] => each[1] !== null),
    ),
    duty: spreadOf(entry.duty),
    rpm: spreadOf(entry.rpm),
    failsafe: numberOf(entry.failsafe) ?? 0,
  };
}

function spreadOf(value: WireValue | undefined): Spread | null {
  const [lowest, mean, highest] = numbersOf(value);
  if (lowest === undefined || mean === undefined || highest === undefined) return null;
  return { lowest, mean, highest };
}
