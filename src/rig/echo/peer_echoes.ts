/**
 * What was sent to one peer, and whether what he sends is the confirmation of it.
 *
 * @module
 */
import type { Waiter } from "../../sockets/waiter.ts";

/** Own messages that are remembered, for echoes that come late or twice. */
export const MAX_REMEMBERED = 4;
/** Messages that nobody has confirmed, and nobody waits for. */
export const MAX_OWED = 64;
/** For how long they are remembered, in milliseconds. */
export const ECHO_MEMORY_MS = 10_000;
/** What comes back within this time, in milliseconds, of being sent back is running in circles. */
export const CIRCLE_MS = 50;

/** What a message that came is. */
export type Verdict = "confirms" | "late" | "message";

/** A message that was sent. */
interface Sent {
  readonly bytes: Uint8Array;
  /** Whether nobody but us would write it like that. */
  readonly isMarked: boolean;
  readonly sentMs: number;
  /** Nobody waits for its echo any more, and it has not come. */
  isOwed: boolean;
  /** When the same was sent back to the peer because he seemed to mean it. */
  returnedMs: number;
}

/**
 * The echoes of one peer. One message at a time waits for its echo; every other message that comes
 * meanwhile is one of the peer's own.
 */
export class PeerEchoes {
  /** When a message of this peer was sent back to him last. */
  echoedMs = -Infinity;
  /** Messages that wait to be sent to him, with the one that waits for its echo. */
  waiting = 0;
  /** Resolved when the last of them is done with. */
  last: Promise<void> = Promise.resolve();
  /** Other messages that came while one waited for its echo. */
  others = 0;
  #awaited: { sent: Sent; waiter: Waiter<void> } | null = null;
  #remembered: Sent[] = [];
  /** Those whose echo nobody awaits; it must not be taken for a message all the same. */
  #owed: Sent[] = [];

  /** Whether a message waits for its echo. */
  get isAwaiting(): boolean {
    return this.#awaited !== null;
  }

  /** The next echo is that of `bytes`. */
  expect(bytes: Uint8Array, isMarked: boolean, nowMs: number, waiter: Waiter<void>): void {
    const sent = { bytes, isMarked, sentMs: nowMs, isOwed: false, returnedMs: -Infinity };
    this.#awaited = { sent, waiter };
    this.others = 0;
    this.#remember(sent, nowMs);
  }

  /** Nobody waits for the echo of `bytes`, which will come; false when too many have not come. */
  owe(bytes: Uint8Array, isMarked: boolean, nowMs: number): boolean {
    this.#owed = this.#owed.filter((old) => nowMs - old.sentMs < ECHO_MEMORY_MS);
    if (this.#owed.length >= MAX_OWED) return false;
    this.#owed.push({ bytes, isMarked, sentMs: nowMs, isOwed: false, returnedMs: -Infinity });
    return true;
  }

  /** It was not sent after all. */
  disown(bytes: Uint8Array): void {
    this.#owed = this.#owed.filter((old) => old.bytes !== bytes);
  }

  /** Nobody waits for the echo any more. */
  abandon(): void {
    if (this.#awaited !== null) this.#awaited.sent.isOwed = true;
    this.#awaited = null;
  }

  /** Nothing can come from this peer any more. */
  lose(error: Error): void {
    this.#awaited?.waiter.reject(error);
  }

  /** What these bytes of the peer are. */
  judge(bytes: Uint8Array, nowMs: number): Verdict {
    const awaited = this.#awaited;
    if (awaited !== null && isSame(awaited.sent.bytes, bytes)) {
      this.#awaited = null;
      awaited.waiter.resolve();
      return "confirms";
    }
    const at = this.#owed.findIndex((old) => isSame(old.bytes, bytes));
    const [owed] = at < 0 ? [] : this.#owed.splice(at, 1);
    if (owed !== undefined && nowMs - owed.sentMs < ECHO_MEMORY_MS) {
      this.#remember(owed, nowMs);
      return "confirms";
    }
    const sent = this.#remembered.find((old) =>
      nowMs - old.sentMs < ECHO_MEMORY_MS && isSame(old.bytes, bytes)
    );
    if (sent !== undefined && isEchoOf(sent, nowMs)) return "late";
    this.others++;
    return "message";
  }

  #remember(sent: Sent, nowMs: number): void {
    this.#remembered = this.#remembered.filter((old) => nowMs - old.sentMs < ECHO_MEMORY_MS)
      .slice(1 - MAX_REMEMBERED);
    this.#remembered.push(sent);
  }
}

/** Whether this is not the peer's own message of the same text. */
function isEchoOf(sent: Sent, nowMs: number): boolean {
  if (sent.isMarked || sent.isOwed || nowMs - sent.returnedMs < CIRCLE_MS) {
    sent.isOwed = false;
    return true;
  }
  sent.returnedMs = nowMs;
  return false;
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let at = 0; at < a.length; at++) if (a[at] !== b[at]) return false;
  return true;
}
