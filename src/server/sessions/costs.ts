/**
 * What requests cost of a turn, and which of them are answered later.
 *
 * @module
 */

import { Request } from "../../wire/request.ts";

/** A long reply costs as many requests as it has times 16 bytes: so does a page of `status`. */
export const COST_SHIFT = 4;
/** What costs more than its reply shows: it goes to the store, or runs an engine on. */
export const EXTRA_COST: ReadonlyMap<string, number> = new Map([
  [Request.SET_PWM_OVERRIDE, 100],
  [Request.SET_PWM_EXPIRE, 100],
  [Request.WHAT_IF, 3000],
]);
/** Answered when the answer is there, while others are met. */
export const ANSWERED_LATER: ReadonlySet<string> = new Set([
  Request.HISTORY,
  Request.AUDIT,
  Request.BOARD_DO,
  Request.CONFIG_TRY,
  Request.CONFIG_TAKE_BACK,
]);
