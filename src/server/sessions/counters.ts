/**
 * What has happened to connections since the start: each limit has its count.
 *
 * @module
 */

/** Only ever grow. */
export interface SessionCounters {
  /** Clients that were let in. */
  accepted: number;
  /** Clients that were not, because there were too many. */
  refused: number;
  /** Clients that were not, because too many of their address were there. */
  refusedByAddress: number;
  /** Attempts to let somebody in that failed, as for lack of descriptors. */
  acceptFailed: number;
  /** Clients without a subscription that were silent for too long. */
  idleClosed: number;
  /** Agents that had reported fans and fell silent. */
  agentSilent: number;
  /** Clients whose frame stayed unfinished. */
  frameLate: number;
  /** Clients that did not read. */
  writeLate: number;
  /** Clients that sent what is no message. */
  corrupted: number;
  /** Times that a client had to wait because it sent too fast. */
  throttled: number;
  /** Subscriptions beyond those that one connection may have. */
  subscriptionsRefused: number;
  /** Requests that would have waited for their answers beside too many others. */
  outstandingRefused: number;
}

/** Nothing has happened. */
export function newCounters(): SessionCounters {
  return {
    accepted: 0,
    refused: 0,
    refusedByAddress: 0,
    acceptFailed: 0,
    idleClosed: 0,
    agentSilent: 0,
    frameLate: 0,
    writeLate: 0,
    corrupted: 0,
    throttled: 0,
    subscriptionsRefused: 0,
    outstandingRefused: 0,
  };
}
