/**
 * What a shelf must do now, and why. Ranked, highest first: critical temperature, active
 * failsafes (a lost sensor, birth, a late tick), floors, overrides, profiles, curves. What stands
 * lower may raise the result, never lower it; an override takes the place of profiles and curves.
 *
 * @module
 */
import { type Cause, compareCauses, failsafeCause } from "../cause.ts";
import { clampPercent, formatPercent, formatSeconds, FULL_PERCENT } from "../percent.ts";
import type { Comfort } from "./comfort.ts";
import type { Evidence } from "./evidence.ts";
import { type Override, overrideInForce } from "./override.ts";

export type { CausePolicy, ShelfPolicy } from "./shelf_policy.ts";

/** Everything that a decision depends on. */
export interface DecisionInput {
  /** What the sensors say that no order may go below. */
  evidence: Evidence;
  /** What the shelf's fans ask for of each other. */
  fans: readonly Cause[];
  /** What curves, profile and filters ask for. */
  comfort: Comfort;
  floor: Cause;
  override: Override | null;
  /** By how much this tick began after its time. */
  lateMs: number;
  /** The period of the ticks. */
  tickMs: number;
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
  causes: readonly Cause[];
  /** How long, from `decidedMs`, what this rests on stays usable. */
  validForMs: number;
  /** What keeps an override in force from being the result; null when nothing does. */
  limit: string | null;
  /** When it was made, monotonic. */
  decidedMs: number;
  /** Every required sensor has reported or failed. */
  born: boolean;
}

/** The cause that the least duty of a shelf is. */
export function floorCause(floorPercent: number): Cause {
  const percent = clampPercent(floorPercent);
  return { kind: "floor", name: "floor", percent, text: `floor ${formatPercent(percent)}` };
}

/** Decides for one shelf. Never throws: what cannot be judged asks for everything. */
export function decide(input: DecisionInput): Decision {
  const { evidence, fans, comfort, nowMs } = input;
  const { curves, profile, output } = comfort;
  const { waiting, validForMs } = evidence;
  const causes = [...evidence.causes, ...curves];
  // A shelf that nothing measures must not idle at its floor.
  if (waiting.length === 0 && causes.length === 0) {
    causes.push(failsafeCause("unmeasured", "nothing measures this shelf"));
  }
  if (!(input.lateMs <= input.tickMs)) {
    causes.push(failsafeCause("late", `the tick is ${formatSeconds(input.lateMs)} late`));
  }
  causes.push(...fans);
  const alarmed = causes.some(({ kind }) => kind === "critical" || kind === "failsafe");
  if (waiting.length > 0) causes.push(birth(waiting));
  causes.push(input.floor);
  if (profile !== null) causes.push(profile);
  if (output !== null) causes.push(output);
  const order = overrideInForce(input.override, nowMs) ? input.override : null;
  if (order) causes.push(overrideCause(order));
  causes.sort(compareCauses);
  const winner = putWinnerFirst(causes, order, output ?? profile);
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

/** Moves to the front what decides: the highest demand, of equal ones the highest rank. */
function putWinnerFirst(
  causes: Cause[],
  order: Override | null,
  instead: Cause | null,
): Cause | undefined {
  let winner: Cause | undefined;
  for (const cause of causes) {
    if (!counts(cause, order, instead)) continue;
    if (!winner || cause.percent > winner.percent) winner = cause;
  }
  if (winner && winner !== causes[0]) {
    causes.splice(causes.indexOf(winner), 1);
    causes.unshift(winner);
  }
  return winner;
}

/** Whether `cause` takes part in the result; `instead` stands in the place of all comfort. */
function counts(cause: Cause, order: Override | null, instead: Cause | null): boolean {
  if (cause.kind === "curve" || cause.kind === "profile") {
    return order === null && (instead === null || cause === instead);
  }
  return !(order?.forced && cause.kind === "failsafe");
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
