/**
 * Whether one reading can be a temperature of what it is read from.
 *
 * @module
 */
import { formatTempC } from "../percent.ts";
import type { FaultKind, SensorPolicy } from "./sensor_policy.ts";

/** The reading that was last believed, and how long ago that was. */
export interface LastReading {
  tempC: number;
  elapsedMs: number;
}

/** Why a reading is not believed. */
export interface Disbelief {
  kind: FaultKind;
  reason: string;
}

/** A change of one step of a coarse sensor is never too fast. */
const STEP_C = 1;
/** A power-on value is real when it was so near to it before. */
const NEAR_POWER_ON_C = 5;

/** Why `tempC` is not believed; null when it is. */
export function disbelief(
  policy: SensorPolicy,
  tempC: number,
  last: LastReading | null,
): Disbelief | null {
  const { minC, maxC, bogusC, powerOnC, slopeCPerS } = policy;
  if (!Number.isFinite(tempC)) return range(`${tempC} is not a temperature`);
  if (!(tempC >= minC && tempC <= maxC)) {
    return range(`${formatTempC(tempC)} is not within ${minC} to ${maxC} °C`);
  }
  if (bogusC?.includes(tempC)) return range(`${tempC} °C is what a broken sensor shows`);
  if (tempC === powerOnC && !(last && Math.abs(last.tempC - tempC) <= NEAR_POWER_ON_C)) {
    return range(`${tempC} °C is what this chip shows before it has measured`);
  }
  if (slopeCPerS === undefined || last === null) return null;
  const changeC = Math.abs(tempC - last.tempC);
  if (changeC <= STEP_C + slopeCPerS * last.elapsedMs / 1000) return null;
  const found = `${formatTempC(last.tempC)} to ${formatTempC(tempC)}`;
  const seconds = (last.elapsedMs / 1000).toFixed(1);
  return {
    kind: "slope",
    reason: `${found} in ${seconds} s is faster than ${slopeCPerS} °C/s`,
  };
}

function range(reason: string): Disbelief {
  return { kind: "range", reason };
}
