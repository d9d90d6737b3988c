/**
 * How a service on a rig stands.
 *
 * @module
 */

/**
 * The standard states of a service.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 *
 * assert.equal(ExpStatus.RUNNING, 20);
 * ```
 */
export const ExpStatus = {
  /** It is connected. */
  CONNECTED: 0,
  /** It is ready for an experiment. */
  INITIALIZED: 10,
  /** The experiment is running. */
  RUNNING: 20,
  /** The experiment has stopped. */
  STOPPED: 30,
} as const;

/** One of the states. */
export type ExpStatus = (typeof ExpStatus)[keyof typeof ExpStatus];

/**
 * The state that a name, in capitals, or a number stands for.
 *
 * @throws {RangeError} If there is no such state.
 */
export function expStatus(status: string | number): ExpStatus {
  const found = Object.entries(ExpStatus).find(([name, value]) =>
    typeof status === "string" ? name === status : value === status
  );
  if (found !== undefined) return found[1];
  const known = Object.entries(ExpStatus).map(([name, value]) => `${name} (${value})`).join(", ");
  throw new RangeError(
    `Cannot find the status ${JSON.stringify(status) ?? String(status)}: ` +
      `there is none like that; give one of ${known}`,
  );
}
