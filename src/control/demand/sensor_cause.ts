/**
 * One cause that follows sensors: their temperatures become one, a filter steadies it, a law
 * turns it into a duty.
 *
 * @module
 */
import type { Cause } from "../cause.ts";
import { formatPercent, formatTempC } from "../percent.ts";
import { sameValue } from "../same_value.ts";
import type { SensorJudgement } from "../sensing/judgement.ts";
import type { Law, SensorCause } from "./cause_policy.ts";
import { type Curve, evaluateCurve } from "./curve.ts";
import { Pid, type PidState, type PidTerms, pidTerms } from "./pid.ts";
import { targetTerms } from "./target.ts";
import { TempFilter, type TempFilterState } from "./temp_filter.ts";

/** What a cause remembers, with the policy that it belongs to. */
export interface SensorCauseState {
  policy: SensorCause;
  filter: TempFilterState | null;
  pid: PidState | null;
}

/** A device that sleeps is colder than every point of a curve; a number, as states are JSON. */
const ASLEEP_C = -1e9;

/** What a cause looks at: the temperature that it follows now. */
interface Found {
  /** The sensor, or what several of them are called together. */
  name: string;
  /** {@link ASLEEP_C} when all that can be used sleep. */
  tempC: number;
}

/** Works out one {@link SensorCause}, tick by tick. */
export class SensorCauseRunner {
  readonly policy: SensorCause;
  /** What it asks for; the same object until something changes, null while nothing can be said. */
  cause: Cause | null = null;
  readonly filter: TempFilter | null;
  readonly pid: Pid | null;
  /** What it looked at last. */
  found: Found | null = null;
  /** What the law saw last, in °C. */
  seenC = NaN;
  #resolved: { from: ReadonlyMap<string, SensorJudgement>; sensors: SensorJudgement[] } | null =
    null;

  constructor(policy: SensorCause, state?: SensorCauseState) {
    this.policy = policy;
    // Another policy that follows the same goes on where the old one was, without a jump.
    const past = state && followsTheSame(state.policy, policy) ? state : null;
    const changed = past !== null && !sameValue(past.policy, policy);
    this.filter = policy.filter
      ? new TempFilter(policy.filter, past?.filter ?? null, changed)
      : null;
    const terms = termsOf(policy.curve);
    this.pid = terms && new Pid(terms, past?.pid ?? null, changed);
  }

  /** Looks at the sensors and moves filter and law on. */
  evaluate(judgements: ReadonlyMap<string, SensorJudgement>, nowMs: number): void {
    const before = this.found;
    const found = this.#look(judgements, before);
    if (found === null) {
      this.filter?.pause();
      this.pid?.pause();
      this.found = this.cause = null;
      return;
    }
    const isSame = found === before;
    if (isSame && this.cause && !this.filter && !this.pid) return;
    this.found = found;
    const seenC = this.filter?.step(found.tempC, nowMs) ?? found.tempC;
    const percent = this.#percent(seenC, nowMs);
    if (isSame && seenC === this.seenC && this.cause?.percent === percent) return;
    this.seenC = seenC;
    this.cause = causeOf(this.policy, found, seenC, percent);
  }

  state(): SensorCauseState | null {
    const filter = this.filter?.state() ?? null;
    const pid = this.pid?.state() ?? null;
    return filter || pid ? { policy: this.policy, filter, pid } : null;
  }

  #percent(seenC: number, nowMs: number): number {
    const { pid } = this;
    if (!pid) return evaluateCurve(this.policy.curve as Curve, seenC);
    return seenC === ASLEEP_C ? pid.rest() : pid.step(seenC, nowMs);
  }

  /** What the sensors show; the same object as `before` when that is the same. */
  #look(
    judgements: ReadonlyMap<string, SensorJudgement>,
    before: Found | null,
  ): Found | null {
    if (this.#resolved?.from !== judgements) {
      // The judgements stay the same objects, so that they are looked up once and not each tick.
      const sensors = this.policy.sensors.map((name) => judgements.get(name))
        .filter((judgement) => judgement !== undefined);
      this.#resolved = { from: judgements, sensors };
    }
    const { sensors } = this.#resolved;
    return this.policy.combine === "mean"
      ? meanOf(sensors, before)
      : this.#hottest(sensors, before);
  }

  #hottest(sensors: readonly SensorJudgement[], before: Found | null): Found | null {
    let name: string | null = null;
    let hottestC = ASLEEP_C;
    for (const { name: sensor, state, tempC } of sensors) {
      if (state === "waiting") continue;
      // A sensor in doubt may raise a duty; what acts on the past must not learn from it.
      if (state === "failed" && (tempC === null || this.pid)) continue;
      if (tempC === null) name ??= sensor;
      else if (name === null || !(tempC <= hottestC)) {
        name = sensor;
        hottestC = tempC;
      }
    }
    return name === null ? null : foundAs(name, hottestC, before);
  }
}

/** A cause whose text is put into words when somebody reads it, which most ticks do not. */
function causeOf(policy: SensorCause, found: Found, seenC: number, percent: number): Cause {
  return {
    kind: "curve",
    name: policy.name,
    percent,
    get text() {
      return causeText(policy.curve, found, seenC, percent);
    },
  };
}

function causeText(law: Law, { name, tempC }: Found, seenC: number, percent: number): string {
  const shown = (someC: number) => someC === ASLEEP_C ? "rest" : formatTempC(someC);
  const held = seenC === tempC ? "" : `, held at ${shown(seenC)}`;
  const aim = "targetC" in law ? `, target ${formatTempC(law.targetC)}` : "";
  const found = tempC === ASLEEP_C ? `${name} asleep` : `${name} ${formatTempC(tempC)}`;
  return `${found}${held}${aim} -> ${formatPercent(percent)}`;
}

/** The mean of what can be used; those that sleep count only when all of them do. */
function meanOf(sensors: readonly SensorJudgement[], before: Found | null): Found | null {
  let sumC = 0;
  let count = 0;
  let asleep: string | null = null;
  for (const { name, state, tempC } of sensors) {
    if (state === "waiting" || state === "failed") continue;
    if (tempC === null) {
      asleep = name;
      continue;
    }
    sumC += tempC;
    count++;
  }
  if (count > 0) return foundAs(`mean of ${count}`, sumC / count, before);
  return asleep === null ? null : foundAs(asleep, ASLEEP_C, before);
}

function foundAs(name: string, tempC: number, before: Found | null): Found {
  return before?.tempC === tempC && before.name === name ? before : { name, tempC };
}

/** Whether the temperature behind both is the same, so that what one held suits the other. */
function followsTheSame(a: SensorCause, b: SensorCause): boolean {
  return a.combine === b.combine && sameValue(a.sensors, b.sensors);
}

function termsOf(law: Law): PidTerms | null {
  if (law.shape === "pid") return pidTerms(law);
  return law.shape === "target" ? targetTerms(law) : null;
}

/** Whether `tempC` stands for devices that all sleep. */
export function isAsleep(tempC: number): boolean {
  return tempC === ASLEEP_C;
}
