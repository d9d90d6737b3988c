/**
 * What a session needs from the server around it.
 *
 * @module
 */

import type { Clock } from "../../clock.ts";
import type { Log } from "../../log.ts";
import type { Message } from "../../wire/message.ts";
import type { WireValue } from "../../wire/value.ts";
import type { Grant } from "../access/grant.ts";
import type { Origin } from "../doors/door.ts";
import type { SessionCounters } from "./counters.ts";
import type { Session } from "./session.ts";
import type { Turns } from "./turns.ts";

/** What a handler answers: the name of the reply and its arguments. */
export type Reply = readonly [request: string, args: readonly WireValue[]];

/** What a session needs from the server around it. */
export interface SessionServices {
  readonly clock: Clock;
  readonly log: Log;
  readonly turns: Turns;
  readonly limits: {
    readonly frameBytes: number;
    readonly depth: number;
    readonly items: number;
    /** Replies that may wait in memory before the session stops taking requests. */
    readonly outputBytes: number;
    /** Frames and bytes a second that a client from elsewhere may send. */
    readonly framesPerS: number;
    readonly bytesPerS: number;
    /** Requests that may wait for an answer that comes later. */
    readonly outstanding: number;
  };
  readonly counters: SessionCounters;
  /**
   * Meets one request; throws a {@link FandError} for one that cannot be met. Null: the reply
   * comes later, by {@link Session.tell}.
   */
  handle(session: Session, message: Message): Reply | null;
  /** What a client may do that has just arrived. */
  admit(origin: Origin): Grant;
}
