/**
 * What `fanctl tune` may do to a shelf. Pure.
 *
 * @module
 */
import { defaultCriticalC } from "../../control/defaults.ts";
import { LEAST_PHASE_MS, type StepTestPlan } from "../../control/model/step_test.ts";
import { LimitError, UsageError } from "../../errors.ts";
import type { CommandOf } from "../command.ts";
import type { ShelfStatus } from "../../client/shelf_status.ts";

/** How far below the critical temperature of its kind a sensor ends the test. */
const MARGIN_C = 10;
/** Nothing begins this close to its limit. */
const START_MARGIN_C = 3;
/** The two duties of a test, around the one of now. */
const BELOW_PERCENT = 10;
const STEP_PERCENT = 25;
const LEAST_PERCENT = 20;
/** A smaller step is lost in the noise. */
const LEAST_STEP_PERCENT = 5;

/**
 * The sensor to look at.
 *
 * @throws {UsageError} When that is not clear.
 */
export function followedSensor({ shelf, sensors }: ShelfStatus, wanted: string | null): string {
  const names = sensors.map(({ name }) => name);
  const [only] = names;
  if (wanted === null && only !== undefined && names.length === 1) return only;
  if (wanted !== null && names.includes(wanted)) return wanted;
  const found = wanted === null
    ? `it follows ${names.length} sensors`
    : `it has no sensor "${wanted}"`;
  throw new UsageError(
    `Cannot tune shelf "${shelf}": ${found}; give --sensor one of ${names.join(", ")}`,
  );
}

/**
 * The duties that are held in turn.
 *
 * @throws {UsageError} When they are too close to each other, or a hand is on the shelf.
 */
export function planOf(
  { shelf, percent, override }: ShelfStatus,
  { lowPercent, highPercent, phaseMs }: CommandOf<"tune">,
): StepTestPlan {
  if (override !== null) {
    throw new UsageError(
      `Cannot tune shelf "${shelf}": an override is in force; end it with ` +
        `"fanctl set-pwm-override ${shelf} none"`,
    );
  }
  const usual = Math.max(LEAST_PERCENT, Math.round(percent ?? 100) - BELOW_PERCENT);
  const low = lowPercent ?? Math.min(usual, (highPercent ?? 100) - STEP_PERCENT);
  const high = highPercent ?? Math.min(100, low + STEP_PERCENT);
  if (high - low >= LEAST_STEP_PERCENT) {
    return { lowPercent: low, highPercent: high, phaseMs: Math.max(phaseMs, LEAST_PHASE_MS) };
  }
  throw new UsageError(
    `Cannot tune between ${low} and ${high} %: that is less than ${LEAST_STEP_PERCENT} % apart; ` +
      "give --low and --high",
  );
}

/** At which temperature of each sensor the test ends. */
export function limitsC({ sensors }: ShelfStatus, limitC: number | null): Map<string, number> {
  return new Map(
    sensors.map(({ name, kind }) => [name, limitC ?? defaultCriticalC(kind) - MARGIN_C]),
  );
}

/**
 * Ends everything when it gets too hot, or when nobody knows how hot it is.
 *
 * @throws {LimitError}
 */
export function refuseHeat(
  { shelf, sensors, override }: ShelfStatus,
  limits: ReadonlyMap<string, number>,
): void {
  const marginC = override === null ? START_MARGIN_C : 0;
  for (const { name, state, tempC, reason } of sensors) {
    const limitC = limits.get(name) ?? -Infinity;
    if (state === "failed" || state === "waiting") {
      throw new LimitError(
        `Cannot tune shelf "${shelf}": sensor "${name}" is ${state} ${reason}; ` +
          "see to the sensor first",
      );
    }
    if (tempC === null || tempC < limitC - marginC) continue;
    throw new LimitError(
      `Cannot tune shelf "${shelf}": "${name}" is at ${tempC.toFixed(1)} °C, ` +
        `and the limit is ${limitC} °C; let it cool down, or give another --limit`,
    );
  }
}
