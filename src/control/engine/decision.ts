/**
 * What a shelf must do now, and why. Ranked, highest first: critical temperature, active
 * failsafes (a lost sensor, birth, a late tick), floors, overrides, curves. What stands lower may
 * raise the result, never lower it; an override takes the place of the curves.
 *
 * @module
 */
import { type Cause, compareCauses, failsafeCause } from "../cause.ts";
import { type EvidenceInput, weighSensors } from "./evidence.ts";
import { type Override, overrideInForce } from "./override.ts";
import { clampPercent, formatPercent, formatSeconds, FULL_PERCENT } from "../percent.ts";

export type { CausePolicy, ShelfPolicy } from "./shelf_policy.ts";

/** Everything that a decision depends on. */
export interface DecisionInput extends EvidenceInput {
  override: Override | null;
  /** By how much this tick began after its time. */
  lateMs: number;
  /** Monotonic. */
  nowMs: number;
}

/** What a shelf must do, for how long that may be relied on, and why. */
export interface Decision {
  /** 0 to 100. */
  percent: number;
  /**
   * Nothing but the birth failsafe speaks: whoever has an earlier decision that is still good may
   * keep it until that runs out.
   */
  pending: boolean;
  /** The winner first, then by rank. */
  causes: Cause[];
  /** How long, from `decidedMs`, what this rests on stays usable. */
  validForMs: number;
  /** What keeps an override in force from being the result; null when nothing does. */
  limit: string | null;
  /** When it was made, monotonic. */
  decidedMs: number;
  /** Every required sensor has reported or failed. */
  born: boolean;
}

/** Decides for one shelf. Never throws: what cannot be judged asks for everything. */
export function decide(input: DecisionInput): Decision {
  const { shelf, override, nowMs } = input;
  const { causes, waiting, validForMs } = weighSensors(input);
  // A shelf that nothing measures must not idle at its floor.
  if (waiting.length === 0 && causes.length === 0) {
    causes.push(failsafeCause("unmeasured", "nothing measures this shelf"));
  }
  if (!(input.lateMs <= input.tickMs)) {
    causes.push(failsafeCause("late", `the tick is ${formatSeconds(input.lateMs)} late`));
  }
  const alarmed = causes.some(({ kind }) => kind === "critical" || kind === "failsafe");
  if (waiting.length > 0) causes.push(birth(waiting));
  const floorPercent = clampPercent(shelf.floorPercent);
  causes.push({
    kind: "floor",
    name: "floor",
    percent: floorPercent,
    text: `floor ${formatPercent(floorPercent)}`,
  });
  const order = overrideInForce(override, nowMs) ? override : null;
  if (order) causes.push(overrideCause(order));
  causes.sort(compareCauses);
  const winner = putWinnerFirst(causes, order);
  const percent = winner?.percent ?? FULL_PERCENT;
  return {
    percent,
    pending: waiting.length > 0 && !alarmed && !order?.forced,
    causes,
    validForMs,
    limit: order && winner && percent > order.percent ? winner.text : null,
    decidedMs: nowMs,
    born: waiting.length === 0,
  };
}

/** Whether `cause` takes part in the result while `order` is in force. */
function counts(cause: Cause, order: Override | null): boolean {
  if (order === null) return true;
  if (cause.kind === "curve") return false;
  return !(order.forced && cause.kind === "failsafe");
}

/** Moves to the front what decides: the highest demand, of equal ones the highest rank. */
function putWinnerFirst(causes: Cause[], order: Override | null): Cause | undefined {
  let winner: Cause | undefined;
  for (const cause of causes) {
    if (counts(cause, order) && (!winner || cause.percent > winner.percent)) winner = cause;
  }
  if (winner) {
    causes.splice(causes.indexOf(winner), 1);
    causes.unshift(winner);
  }
  return winner;
}

function birth(waiting: readonly string[]): Cause {
  const first = `"${waiting[0]}"`;
  const others = waiting.length > 1 ? ` and ${waiting.length - 1} more` : "";
  return failsafeCause("birth", `waiting for the first reading of ${first}${others}`);
}

function overrideCause(order: Override): Cause {
  const percent = clampPercent(order.percent);
  const forced = order.forced ? ", forced below failsafes" : "";
  return {
    kind: "override",
    name: "override",
    percent,
    text: `override ${formatPercent(percent)}${forced}`,
  };
}
