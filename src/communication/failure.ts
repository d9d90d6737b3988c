/**
 * What the operating system reports, as the errors of this project. Causes are told apart by
 * class, never by their text, and kept in `cause`.
 *
 * @module
 */
import {
  type CommunicationError,
  ConnectionFailedError,
  FandConnectionResetError,
  FandTimeoutError,
  ListeningError,
  SendReceiveError,
} from "../errors.ts";
import { tlsAdvice } from "./tls_failure.ts";

const { errors } = Deno;

/** Why nothing more can be received; null is an orderly end by the peer. */
export function receiveFailure(cause: unknown): CommunicationError {
  if (cause === null) {
    return new FandConnectionResetError(
      "Cannot receive: the peer closed the connection; connect again",
    );
  }
  if (isResetByPeer(cause)) {
    return new FandConnectionResetError(
      "Cannot receive: the peer reset the connection; connect again",
      { cause },
    );
  }
  const advice = tlsAdvice(cause);
  if (advice !== null) return new FandConnectionResetError(`Cannot receive: ${advice}`, { cause });
  return isClosedHere(cause)
    ? closedHere(cause)
    : new SendReceiveError(`Cannot receive: ${textOf(cause)}; connect again`, { cause });
}

/** Receiving on a connection that this side has closed. */
export function closedHere(cause?: unknown): FandConnectionResetError {
  return new FandConnectionResetError(
    "Cannot receive: the connection is closed on this side; connect again",
    { cause },
  );
}

/** Why something cannot be sent. */
export function sendFailure(cause: unknown): SendReceiveError {
  const found = isResetByPeer(cause)
    ? "the peer closed the connection"
    : isClosedHere(cause) || cause instanceof FandConnectionResetError
    ? "the connection is closed"
    : textOf(cause);
  return new SendReceiveError(`Cannot send: ${found}; connect again`, { cause });
}

/** Why no connection could be made to `endpoint`. */
export function connectFailure(endpoint: string, cause: unknown): ConnectionFailedError {
  const [found, remedy] = cause instanceof errors.ConnectionRefused
    ? ["nobody listens there", "start the server or check address and port"]
    : cause instanceof errors.NotCapable
    ? ["this process lacks the permission", `run deno with --allow-net=${endpoint}`]
    : [textOf(cause), "check address and port"];
  return new ConnectionFailedError(`Cannot connect to ${endpoint}: ${found}; ${remedy}`, { cause });
}

/** Why nobody can be awaited at `endpoint`. */
export function listenFailure(endpoint: string, cause: unknown): ListeningError {
  const [found, remedy] = cause instanceof errors.AddrInUse
    ? ["another process listens there", "stop it or choose another port"]
    : cause instanceof errors.AddrNotAvailable
    ? ["this machine does not have that address", "choose one that it has"]
    : cause instanceof errors.PermissionDenied
    ? ["the system does not allow it", "choose a port above 1023"]
    : cause instanceof errors.NotCapable
    ? ["this process lacks the permission", `run deno with --allow-net=${endpoint}`]
    : [textOf(cause), "check address and port"];
  return new ListeningError(`Cannot listen on ${endpoint}: ${found}; ${remedy}`, { cause });
}

/** A time limit of `timeoutMs` has passed over `action`. */
export function timedOut(action: string, timeoutMs: number, remedy: string): FandTimeoutError {
  return new FandTimeoutError(`Cannot ${action}: ${timeoutMs} ms have passed; ${remedy}`);
}

function isResetByPeer(cause: unknown): boolean {
  return cause instanceof errors.ConnectionReset || cause instanceof errors.ConnectionAborted ||
    cause instanceof errors.BrokenPipe;
}

/** A read or write that our own `close` interrupted, or that came after it. */
function isClosedHere(cause: unknown): boolean {
  return cause instanceof errors.BadResource || cause instanceof errors.Interrupted;
}

function textOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
