/**
 * `counters`: how much the server has to do, and which limits were reached.
 *
 * @module
 */

import { Request } from "../../wire/request.ts";
import type { WireValue } from "../../wire/value.ts";
import type { Reply } from "../sessions/session.ts";
import type { SessionCounters } from "../sessions/counters.ts";
import { checkCount } from "./arguments.ts";

/** What is counted, and what is so now. */
export interface ServerLoad {
  readonly clients: number;
  readonly counters: Readonly<SessionCounters>;
  /** Turns of the event loop that somebody had to wait for. */
  readonly turnsWaited: number;
  /** What doors and rigs have counted themselves, by its name. */
  readonly others: Readonly<Record<string, number>>;
}

/** Answers with every counter; docs/protocol.md names them. */
export function countersReply(
  context: {
    load(): ServerLoad;
    controller: { lateTicks: number; tickDelayMs: { last: number; most: number } };
  },
  args: readonly WireValue[],
): Reply {
  checkCount(Request.COUNTERS, args, 0);
  const { clients, counters, turnsWaited, others } = context.load();
  const { lateTicks, tickDelayMs } = context.controller;
  return [Request.COUNTERS, [{
    clients,
    accepted: counters.accepted,
    refused: counters.refused,
    refused_by_address: counters.refusedByAddress,
    accept_failed: counters.acceptFailed,
    idle_closed: counters.idleClosed,
    agent_silent: counters.agentSilent,
    frame_late: counters.frameLate,
    write_late: counters.writeLate,
    corrupted: counters.corrupted,
    throttled: counters.throttled,
    subscriptions_refused: counters.subscriptionsRefused,
    outstanding_refused: counters.outstandingRefused,
    ...others,
    turns_waited: turnsWaited,
    ticks_late: lateTicks,
    tick_delay_ms: Math.round(tickDelayMs.last),
    tick_delay_most_ms: Math.round(tickDelayMs.most),
  }]];
}
