/**
 * The steps of a history, as the server sends them.
 *
 * @module
 */
import { Request } from "../../wire/request.ts";
import type { WireValue } from "../../wire/value.ts";
import { allPages } from "../pages.ts";
import { type ServerSession, unexpected } from "../session.ts";

/** Lowest, mean and highest of a step. */
export type Span = readonly [low: number, mean: number, high: number];

/** What is known of a stretch of time. */
export interface Step {
  readonly at: Date;
  /** °C by sensor. */
  readonly temps: ReadonlyMap<string, Span>;
  /** Percent. */
  readonly duty: Span | null;
  readonly rpm: Span | null;
  /** The share of the time in which a failsafe or a critical limit decided. */
  readonly failsafe: number | null;
}

/** What is asked for. */
export interface StepsWanted {
  readonly shelf: string;
  readonly from: Date;
  readonly to: Date;
  readonly points: number;
}

/** All steps, with the entries that they were read from. */
export async function askSteps(
  session: ServerSession,
  { shelf, from, to, points }: StepsWanted,
): Promise<{ steps: Step[]; raw: WireValue[] }> {
  const raw: WireValue[] = [];
  for await (const entry of allPages(session, Request.HISTORY, [shelf, from, to, points])) {
    raw.push(entry);
  }
  return { steps: raw.map(readStep), raw };
}

/** @throws {CorruptedDataError} When an entry is none. */
function readStep(entry: WireValue): Step {
  if (!isMap(entry) || !(entry["at"] instanceof Date) || !isMap(entry["temps"] ?? null)) {
    throw unexpected(Request.HISTORY, [Request.HISTORY, [entry]]);
  }
  const temps = Object.entries(entry["temps"] as Record<string, WireValue>)
    .map(([name, value]) => [name, spanOf(value)] as const)
    .filter((known): known is [string, Span] => known[1] !== null);
  const failsafe = entry["failsafe"];
  return {
    at: entry["at"],
    temps: new Map(temps),
    duty: spanOf(entry["duty"]),
    rpm: spanOf(entry["rpm"]),
    failsafe: typeof failsafe === "number" ? failsafe : null,
  };
}

function spanOf(value: WireValue | undefined): Span | null {
  if (!Array.isArray(value)) return null;
  const [low, mean, high] = value;
  const isSpan = [low, mean, high].every((number) => typeof number === "number");
  return isSpan ? [low, mean, high] as [number, number, number] : null;
}

function isMap(value: WireValue): value is Record<string, WireValue> {
  return typeof value === "object" && value !== null && !Array.isArray(value) &&
    !(value instanceof Date) && !(value instanceof Uint8Array);
}

/** The names of all sensors in some steps, sorted. */
export function sensorsOf(steps: readonly Step[]): string[] {
  return [...new Set(steps.flatMap(({ temps }) => [...temps.keys()]))].sort();
}
