/**
 * The profile in force, as the server tells it.
 *
 * @module
 */
import { isWireMap, type WireValue } from "../wire/value.ts";
import { dateOf, textOf } from "./fields.ts";

/** A profile that bends what curves ask for. */
export interface ProfileInForce {
  /** What the configuration calls it. */
  readonly name: string;
  /** `hand`, `rig` or `schedule`. */
  readonly source: string;
  /** Who has put it in force. */
  readonly owner: string;
  /** Empty without one. */
  readonly reason: string;
  /** When it ends by itself. */
  readonly expires: Date | null;
}

/** Reads the second part of a `profiles` reply; null without a profile in force. */
export function readProfileInForce(value: WireValue): ProfileInForce | null {
  if (!isWireMap(value)) return null;
  return {
    name: textOf(value.name),
    source: textOf(value.source),
    owner: textOf(value.owner),
    reason: textOf(value.reason),
    expires: dateOf(value.expires),
  };
}
