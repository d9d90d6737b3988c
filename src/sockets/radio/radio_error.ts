/**
 * What can go wrong with a radio.
 *
 * @module
 */
import { type ErrorCode, FandError } from "../../errors.ts";

/**
 * Why a radio did not do what it was asked for:
 *
 * - `absent`: it cannot be reached, or is gone;
 * - `silent`: it is there and does not answer;
 * - `not_joined`: it is on no network;
 * - `busy`: it does something else at the moment;
 * - `restricted`: the duty cycle of its band does not allow it now; `waitMs` tells when it may;
 * - `too_long`: the frame does not fit;
 * - `unconfirmed`: the frame was sent, and the network has not said that it has it;
 * - `no_downlink`: the frame was sent, and no downlink came in its window;
 * - `refused`: the radio does not take this;
 * - `closed`: it was closed.
 */
export type RadioFailure =
  | "absent"
  | "silent"
  | "not_joined"
  | "busy"
  | "restricted"
  | "too_long"
  | "unconfirmed"
  | "no_downlink"
  | "refused"
  | "closed";

/** A radio that did not do what it was asked for, and why. */
export class RadioError extends FandError {
  /** What to branch on; messages may change. */
  readonly reason: RadioFailure;
  /** After how many milliseconds to try again, where the radio tells; otherwise null. */
  readonly waitMs: number | null;

  /** An error with its reason. */
  constructor(
    message: string,
    reason: RadioFailure,
    options: ErrorOptions & { waitMs?: number | null } = {},
  ) {
    super(message, options);
    this.reason = reason;
    this.waitMs = options.waitMs ?? null;
  }

  /** Always `radio`. */
  override get code(): ErrorCode {
    return "radio";
  }
}
