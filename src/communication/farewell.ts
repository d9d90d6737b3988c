/**
 * Leaving a connection so that the peer learns why.
 *
 * @module
 */
import type { Clock } from "../clock.ts";
import { Line, Waiter } from "../sockets/waiter.ts";
import type { WriteQueue } from "../sockets/write_queue.ts";
import { encodeMessage } from "../wire/message.ts";
import { Request } from "../wire/request.ts";
import { timedOut } from "./failure.ts";

/** How long the notice may take to leave, in milliseconds. */
export const NOTICE_TIMEOUT_MS = 500;
/** How long the peer has to close its side after the notice, in milliseconds. */
export const LINGER_MS = 250;
/** The longest reason that is told, in UTF-16 units. */
const MAX_REASON_LENGTH = 1000;

/**
 * Sends `disconnect [reason]`, ends our side of the stream and waits for the peer to end its own:
 * closing a socket that has unread bytes makes the system drop what is still on its way out.
 *
 * @param peerGone Settles when the peer has closed; the caller reads until then.
 */
export async function sayFarewell(
  socket: Deno.Conn,
  writer: WriteQueue,
  clock: Clock,
  reason: string | null,
  peerGone: Promise<void>,
): Promise<void> {
  const words = reason?.slice(0, MAX_REASON_LENGTH).toWellFormed() ?? null;
  try {
    await writer.write(
      encodeMessage(Request.DISCONNECT, [words]),
      { timeoutMs: NOTICE_TIMEOUT_MS },
      () => timedOut("say disconnect", NOTICE_TIMEOUT_MS, "close the connection"),
    );
    await socket.closeWrite();
  } catch {
    // The peer is gone or does not read: there is nobody left to tell.
    return;
  }
  const limits = { timeoutMs: LINGER_MS };
  const waiter = new Waiter<void>(new Line(), clock, limits, (late) => late.resolve());
  peerGone.then(() => waiter.resolve());
  await waiter.promise;
}
