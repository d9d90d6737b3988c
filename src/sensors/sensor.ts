/**
 * One temperature, whatever it comes from.
 *
 * @module
 */

import type { DriveKind } from "../control/engine/event.ts";

export type { DriveKind } from "../control/engine/event.ts";

/** Something that has a temperature. */
export interface Sensor {
  /** Unique among the sensors of a server. */
  readonly name: string;
  /** For a drive that has been read: what it is. */
  readonly driveKind?: DriveKind | undefined;
  /**
   * Reads once: °C, or `asleep` when the device sleeps and was not woken. Settles only when
   * nothing of the reading is left behind; `signal` asks it to hurry, which a driver that hangs
   * will not do. Never called again before it has settled.
   *
   * @throws {SensorError} when there is no usable reading
   */
  read(signal: AbortSignal): Promise<number | "asleep">;
  /** Lets go of what it holds. */
  close?(): void;
}
