/**
 * A failsafe that begins at once and ends late: graded by the kind of fault, held for a minimum
 * time, and over only after some good readings, so that what flaps makes no fan pump.
 *
 * @module
 */
import { failsafePercentOf, type FailsafePolicy, type FaultKind } from "./sensor_policy.ts";

/** With these, what is still known of the sensor is no reading of now. */
const UNREAD: ReadonlySet<FaultKind> = new Set(["missing", "timeout", "range", "slope"]);

/** One kind of fault that is there, or was there and is not yet over. */
export interface HeldFault {
  kind: FaultKind;
  /** What was found when it was last there. */
  reason: string;
  /** When it began, monotonic. */
  sinceMs: number;
  /** The last moment of it that is known. */
  lastMs: number;
  /** Good readings since then. */
  readings: number;
}

/** The faults of one sensor, until each has been gone for long enough. */
export class FailsafeHold {
  readonly #policy: FailsafePolicy;
  readonly #faults: HeldFault[];

  /** @param faults What {@link FailsafeHold.state} gave. */
  constructor(policy: FailsafePolicy, faults: readonly HeldFault[] = []) {
    this.#policy = policy;
    this.#faults = faults.map((fault) => ({ ...fault }));
  }

  /** The fault is there at this moment. */
  raise(kind: FaultKind, reason: string, nowMs: number): void {
    const fault = this.#faults.find((each) => each.kind === kind);
    if (fault === undefined) {
      this.#faults.push({ kind, reason, sinceMs: nowMs, lastMs: nowMs, readings: 0 });
      return;
    }
    fault.reason = reason;
    fault.lastMs = nowMs;
    fault.readings = 0;
  }

  /** A reading came that is as it should be. */
  reading(): void {
    for (const fault of this.#faults) fault.readings++;
  }

  /** Lets go of what is over, and tells which of the rest asks for most; null when none is left. */
  judge(nowMs: number): HeldFault | null {
    let worst: HeldFault | null = null;
    for (let at = this.#faults.length - 1; at >= 0; at--) {
      const fault = this.#faults[at];
      if (fault === undefined) continue;
      if (this.#isOver(fault, nowMs)) this.#faults.splice(at, 1);
      // Of equal ones the oldest, so that its text stays while it lasts.
      else if (worst === null || this.percentOf(fault) >= this.percentOf(worst)) worst = fault;
    }
    return worst;
  }

  /** Whether one of them keeps the sensor's readings from being used for others. */
  isUnread(nowMs: number): boolean {
    return this.#faults.some((fault) => UNREAD.has(fault.kind) && !this.#isOver(fault, nowMs));
  }

  /** What this fault asks for, 0 to 100. */
  percentOf(fault: HeldFault): number {
    return failsafePercentOf(this.#policy, fault.kind);
  }

  /** When the fault may be over at the earliest, and how many good readings that still takes. */
  remaining(fault: HeldFault): { untilMs: number; readings: number } {
    const { holdMs = 0, recoverReadings = 1 } = this.#policy;
    return {
      untilMs: fault.lastMs + holdMs,
      readings: Math.max(0, recoverReadings - fault.readings),
    };
  }

  /** All faults that are not over. */
  state(): HeldFault[] {
    return this.#faults.map((fault) => ({ ...fault }));
  }

  #isOver(fault: HeldFault, nowMs: number): boolean {
    const { untilMs, readings } = this.remaining(fault);
    return readings === 0 && nowMs >= untilMs;
  }
}
