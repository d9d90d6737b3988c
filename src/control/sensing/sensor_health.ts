/**
 * Whether a sensor can be believed: counted tolerance, then failure. A value is never held for
 * longer than its time, and a sensor that stays silent fails as surely as one that says so.
 *
 * @module
 */
import { formatSeconds, formatTempC } from "../percent.ts";

/** What is asked of one sensor, and what follows when it does not deliver. */
export interface SensorPolicy {
  /** Unique among the sensors of a server. */
  name: string;
  /** What it measures: `hdd`, `ssd`, `cpu` or any other word; decides the default limits. */
  kind: string;
  /** Time between two readings. */
  intervalMs: number;
  /** How long one reading may take. */
  timeoutMs: number;
  /** How many misses in a row are tolerated. */
  misses: number;
  /** The lowest plausible temperature. */
  minC: number;
  /** The highest plausible temperature. */
  maxC: number;
  /** The duty that a shelf gets at least while this sensor is lost, 0 to 100. */
  failsafePercent: number;
  /** From here on the shelf runs at 100 %, whatever else was ordered. */
  criticalC: number;
  /** Whether a shelf stays in its birth failsafe until this sensor has reported or failed. */
  required: boolean;
}

/** How a sensor stands. */
export type SensorState = "waiting" | "ok" | "missed" | "failed" | "asleep";

/** A sensor as it is to be taken at one moment. */
export interface SensorJudgement {
  name: string;
  kind: string;
  state: SensorState;
  /** The last good temperature, while it may still be used. */
  tempC: number | null;
  /** The age of what was last reported. */
  ageMs: number | null;
  /** How long this stays usable; 0 when failed or waiting. */
  validForMs: number;
  /** Why it is not simply `ok`. */
  reason: string | null;
}

/**
 * How long a reading may be used, in milliseconds: until one more than the tolerated misses had
 * their chance, each at its interval, the last one with its whole time limit.
 */
export function usableForMs(policy: SensorPolicy): number {
  return policy.intervalMs * (policy.misses + 1) + policy.timeoutMs;
}

/** Follows one sensor; the time (monotonic, ms) is passed in. */
export class SensorHealth {
  readonly #policy: SensorPolicy;
  readonly #bornMs: number;
  #heardMs: number | null = null;
  /** Null while asleep. */
  #tempC: number | null = null;
  #missedInRow = 0;
  #firstMissMs = 0;
  #lastMissMs = 0;
  #missReason = "";

  constructor(policy: SensorPolicy, bornMs: number) {
    this.#policy = policy;
    this.#bornMs = bornMs;
  }

  /** A value arrived; an implausible one is a miss. */
  reading(tempC: number, nowMs: number): void {
    const { minC, maxC } = this.#policy;
    if (!Number.isFinite(tempC)) return this.miss(`${tempC} is not a temperature`, nowMs);
    if (!(tempC >= minC && tempC <= maxC)) {
      return this.miss(`${formatTempC(tempC)} is not within ${minC} to ${maxC} °C`, nowMs);
    }
    this.#heard(tempC, nowMs);
  }

  /** A reading did not arrive. */
  miss(reason: string, nowMs: number): void {
    if (this.#missedInRow === 0) this.#firstMissMs = nowMs;
    this.#missedInRow++;
    this.#lastMissMs = nowMs;
    this.#missReason = reason;
  }

  /** The device sleeps and was not woken: it has no temperature, and nothing is wrong. */
  asleep(nowMs: number): void {
    this.#heard(null, nowMs);
  }

  /** How the sensor stands at `nowMs`. */
  judge(nowMs: number): SensorJudgement {
    const policy = this.#policy;
    const { name, kind } = policy;
    const heardMs = this.#heardMs;
    const ageMs = heardMs === null ? null : nowMs - heardMs;
    const validForMs = usableForMs(policy) - (ageMs ?? nowMs - this.#bornMs);
    // Written so that a time that is not a number ends in failure, too.
    if (this.#missedInRow > policy.misses || !(validForMs > 0)) {
      return {
        name,
        kind,
        state: "failed",
        tempC: null,
        ageMs,
        validForMs: 0,
        reason: this.#failure(nowMs),
      };
    }
    const reason = this.#missedInRow > 0 ? this.#misses() : null;
    if (ageMs === null) {
      return { name, kind, state: "waiting", tempC: null, ageMs, validForMs: 0, reason };
    }
    const tempC = this.#tempC;
    const state = reason !== null ? "missed" : tempC === null ? "asleep" : "ok";
    return { name, kind, state, tempC, ageMs, validForMs, reason };
  }

  #heard(tempC: number | null, nowMs: number): void {
    this.#heardMs = nowMs;
    this.#tempC = tempC;
    this.#missedInRow = 0;
  }

  #failure(nowMs: number): string {
    if (this.#missedInRow > 0) return this.#misses();
    const sinceMs = nowMs - (this.#heardMs ?? this.#bornMs);
    return `silent for ${formatSeconds(sinceMs)}`;
  }

  #misses(): string {
    if (this.#missedInRow === 1) return `1 miss: ${this.#missReason}`;
    const span = formatSeconds(this.#lastMissMs - this.#firstMissMs);
    return `${this.#missedInRow} misses in ${span}: ${this.#missReason}`;
  }
}
