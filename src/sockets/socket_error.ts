/**
 * What goes wrong with a socket, with the numbers and names that a kernel gives it.
 *
 * @module
 */

/** The name of an error, such as `ECONNREFUSED`; those of {@linkcode getaddrinfo} begin `EAI_`. */
export type SocketErrorCode =
  | "EACCES"
  | "EADDRINUSE"
  | "EADDRNOTAVAIL"
  | "EAFNOSUPPORT"
  | "EAGAIN"
  | "EAI_ADDRFAMILY"
  | "EAI_AGAIN"
  | "EAI_BADFLAGS"
  | "EAI_FAMILY"
  | "EAI_NONAME"
  | "EAI_SERVICE"
  | "EAI_SOCKTYPE"
  | "EALREADY"
  | "EBADF"
  | "ECONNABORTED"
  | "ECONNREFUSED"
  | "ECONNRESET"
  | "EDESTADDRREQ"
  | "EHOSTUNREACH"
  | "EINPROGRESS"
  | "EINVAL"
  | "EIO"
  | "EISCONN"
  | "EMSGSIZE"
  | "ENETDOWN"
  | "ENETUNREACH"
  | "ENOBUFS"
  | "ENOENT"
  | "ENOPROTOOPT"
  | "ENOTCONN"
  | "EOPNOTSUPP"
  | "EPERM"
  | "EPIPE"
  | "EPROTONOSUPPORT"
  | "ESOCKTNOSUPPORT"
  | "ETIMEDOUT";

/** The numbers of Linux, and what they say. */
const ERRNOS: Readonly<Record<SocketErrorCode, readonly [number, string]>> = {
  EPERM: [1, "the operation is not permitted"],
  ENOENT: [2, "there is no such file"],
  EBADF: [9, "the socket is closed"],
  EAGAIN: [11, "it would have to wait, and the socket does not block"],
  EACCES: [13, "permission is denied"],
  EINVAL: [22, "the argument or the state of the socket does not fit"],
  EPIPE: [32, "nobody reads any more"],
  EDESTADDRREQ: [89, "no destination is known"],
  EMSGSIZE: [90, "the message is too long"],
  ENOPROTOOPT: [92, "there is no such option here"],
  EPROTONOSUPPORT: [93, "this protocol is not available"],
  ESOCKTNOSUPPORT: [94, "this type of socket is not available"],
  EOPNOTSUPP: [95, "this socket has no such operation"],
  EAFNOSUPPORT: [97, "the address is of another family, or the family is not available"],
  EADDRINUSE: [98, "the address is in use"],
  EADDRNOTAVAIL: [99, "the address is not one of this machine"],
  ENETDOWN: [100, "the radio is not there, or not on its network"],
  ENETUNREACH: [101, "there is no way to that network"],
  ECONNABORTED: [103, "the connection was given up"],
  ECONNRESET: [104, "the peer reset the connection"],
  ENOBUFS: [105, "too much waits to be read"],
  EISCONN: [106, "the socket is connected already"],
  ENOTCONN: [107, "the socket is not connected"],
  ETIMEDOUT: [110, "the peer did not answer"],
  ECONNREFUSED: [111, "nobody listens there"],
  EHOSTUNREACH: [113, "there is no way to that host"],
  EALREADY: [114, "it is being connected already"],
  EINPROGRESS: [115, "it is being connected now"],
  EIO: [5, "the system gave no reason"],
  EAI_BADFLAGS: [-1, "a flag is not known"],
  EAI_NONAME: [-2, "no such host is known"],
  EAI_AGAIN: [-3, "the name servers do not answer"],
  EAI_FAMILY: [-6, "this address family is not available"],
  EAI_SOCKTYPE: [-7, "type and protocol do not fit"],
  EAI_SERVICE: [-8, "this is not a port"],
  EAI_ADDRFAMILY: [-9, "the host has no address of this family"],
};

/**
 * A socket operation that failed; the documents' `socket.error`. Branch on `code`: messages may
 * change. `cause` has what the system said, where it said something.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 *
 * const error = new SocketError("connect to 127.0.0.1:80", "ECONNREFUSED", "start the server");
 * assert.equal(error.errno, 111);
 * ```
 */
export class SocketError extends Error {
  /** What went wrong, by its name. */
  readonly code: SocketErrorCode;
  /** What went wrong, by its number on Linux. */
  readonly errno: number;

  /**
   * An error, described.
   *
   * @param action What could not be done, such as `connect to 127.0.0.1:80`.
   * @param code Why.
   * @param remedy What to do about it.
   */
  constructor(action: string, code: SocketErrorCode, remedy: string, options?: ErrorOptions) {
    super(`Cannot ${action}: ${ERRNOS[code][1]} (${code}); ${remedy}`, options);
    this.code = code;
    this.errno = ERRNOS[code][0];
  }

  /** The name of the class. */
  override get name(): string {
    return this.constructor.name;
  }
}

/**
 * The time that `settimeout` allows is up; the documents' `socket.timeout`.
 * Nothing that has come is lost: the next call goes on with it.
 */
export class SocketTimeout extends SocketError {
  /** Bytes that a `send`, `sendall` or `write` had given away before; the others are not sent. */
  readonly sentBytes: number;

  /**
   * A time limit that has passed.
   *
   * @param action What could not be done in time.
   * @param sentBytes What was sent of it.
   */
  constructor(action: string, sentBytes = 0) {
    super(action, "ETIMEDOUT", "check the peer, or allow more time");
    this.sentBytes = sentBytes;
  }
}

/** What to do about the errors that more than one operation meets. */
const REMEDIES: Partial<Record<SocketErrorCode, string>> = {
  EACCES: "check the permissions",
  EADDRINUSE: "end its owner or choose another one",
  EADDRNOTAVAIL: "bind an address of this machine",
  EAGAIN: "try again later, or let the socket block",
  EBADF: "make a new one",
  ECONNREFUSED: "start the server or check the address",
  EINPROGRESS: "send or receive when it is done",
  ENOENT: "start the server or check the path",
  ENOTCONN: "connect it first",
  EPIPE: "connect again",
};

/** The error of this code with its usual remedy. */
export function socketError(
  action: string,
  code: SocketErrorCode,
  options?: ErrorOptions,
): SocketError {
  return new SocketError(action, code, REMEDIES[code] ?? "check what is asked for", options);
}

/** The error for an operation whose time is up; where there was none, it would have to wait. */
export function lateError(action: string, timeoutMs: number, sentBytes = 0): SocketError {
  return timeoutMs === 0 ? socketError(action, "EAGAIN") : new SocketTimeout(action, sentBytes);
}

/**
 * What the runtime threw, as a {@link SocketError}. A permission that Deno refuses stays what it
 * is: its message names the flag.
 */
export function socketFailure(action: string, cause: unknown): Error {
  if (cause instanceof SocketError || cause instanceof Deno.errors.NotCapable) return cause;
  const code = codeOf(cause);
  return socketError(action, code, { cause });
}

function codeOf(cause: unknown): SocketErrorCode {
  const code = (cause as { code?: unknown } | null)?.code;
  if (typeof code === "string" && Object.hasOwn(ERRNOS, code)) return code as SocketErrorCode;
  if (cause instanceof Deno.errors.BadResource || cause instanceof Deno.errors.Interrupted) {
    return "EBADF";
  }
  if (cause instanceof Deno.errors.PermissionDenied) return "EACCES";
  return cause instanceof Deno.errors.NotFound ? "ENOENT" : "EIO";
}
