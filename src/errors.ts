/**
 * The error tree. One grammar for every message: "Cannot <action>: <what was found>; <what to
 * do>", without a period at the end. `code` is stable and goes over the wire; messages may change.
 *
 * The names follow fand's Python exceptions, with `UnencodableError` for its UnpicklableError.
 *
 * @module
 */

/** The code that an `error` reply carries on the wire, or that a local failure has. */
export type ErrorCode =
  | "bad_arguments"
  | "board"
  | "busy"
  | "config"
  | "connection_failed"
  | "connection_reset"
  | "corrupted_data"
  | "expire_bad_value"
  | "internal"
  | "limit"
  | "listening"
  | "no_config"
  | "no_override"
  | "not_owner"
  | "pwm_bad_value"
  | "rpm_bad_value"
  | "send_receive"
  | "sensor"
  | "shelf_not_found"
  | "store"
  | "temperature_bad_value"
  | "terminating"
  | "timeout"
  | "unencodable"
  | "unknown_request"
  | "usage";

/** The base of every error that fand throws on purpose. */
export class FandError extends Error {
  /** Stable, machine-readable name of the failure. */
  readonly code: ErrorCode = "internal";
  override get name(): string {
    return this.constructor.name;
  }
}

/** Something was asked for while the process is shutting down. */
export class TerminatingError extends FandError {
  override readonly code = "terminating";
}

/** The base of everything that can go wrong between two peers. */
export class CommunicationError extends FandError {}

/** The operating system refused a read or a write. */
export class SendReceiveError extends CommunicationError {
  override readonly code = "send_receive";
}

/** A listener could not be opened, or stopped accepting. */
export class ListeningError extends CommunicationError {
  override readonly code = "listening";
}

/** A connection could not be made: refused, unreachable, or the name does not resolve. */
export class ConnectionFailedError extends CommunicationError {
  override readonly code = "connection_failed";
}

/** Bytes arrived that are not a valid frame. */
export class CorruptedDataError extends CommunicationError {
  override readonly code = "corrupted_data";
}

/** The peer closed the connection, or said `disconnect`. */
export class FandConnectionResetError extends CommunicationError {
  override readonly code = "connection_reset";
}

/** A time limit passed. No byte is lost: a later `recv` continues where this one stopped. */
export class FandTimeoutError extends CommunicationError {
  override readonly code = "timeout";
}

/** The arguments cannot be written as CBOR within the limits. */
export class UnencodableError extends CommunicationError {
  override readonly code = "unencodable";
}

/** A temperature table is not usable. */
export class ShelfTemperatureBadValueError extends FandError {
  override readonly code = "temperature_bad_value";
}

/** A speed that no fan has. */
export class ShelfRpmBadValueError extends FandError {
  override readonly code = "rpm_bad_value";
}

/** A duty outside 0 to 100 percent. */
export class ShelfPwmBadValueError extends FandError {
  override readonly code = "pwm_bad_value";
}

/** An expiry that is in the past, too far away, or not a date. */
export class ShelfPwmExpireBadValueError extends FandError {
  override readonly code = "expire_bad_value";
}

/** An expiry was set on a shelf that has no override. */
export class ShelfNoOverrideError extends FandError {
  override readonly code = "no_override";
}

/** No shelf has this name. */
export class ShelfNotFoundError extends FandError {
  override readonly code = "shelf_not_found";
}

/** Somebody else reports this shelf's fans at the moment. */
export class ShelfNotOwnerError extends FandError {
  override readonly code = "not_owner";
}

/** A request that this server does not know. */
export class UnknownRequestError extends FandError {
  override readonly code = "unknown_request";
}

/** A request with the wrong number or types of arguments. */
export class BadArgumentsError extends FandError {
  override readonly code = "bad_arguments";
}

/** A named limit of the server is reached. */
export class LimitError extends FandError {
  override readonly code = "limit";
}

/** No configuration was found where one is needed. */
export class ServerNoConfigError extends FandError {
  override readonly code = "no_config";
}

/** The configuration is not usable; `problems` holds every reason found. */
export class ConfigError extends FandError {
  override readonly code = "config";
  /** Every problem found, one line each: file, line, key, what was found, what is allowed. */
  readonly problems: readonly string[];
  constructor(message: string, problems: readonly string[], options?: ErrorOptions) {
    super(message, options);
    this.problems = problems;
  }
}

/** What must survive a restart cannot be read or written. */
export class StoreError extends FandError {
  override readonly code = "store";
}

/** A sensor gave no usable reading. */
export class SensorError extends FandError {
  override readonly code = "sensor";
}

/** A fan board did not answer, or refused. */
export class BoardError extends FandError {
  override readonly code = "board";
}

/** A command line that cannot be understood; exit status 2. */
export class UsageError extends FandError {
  override readonly code = "usage";
}

const BY_CODE: Partial<Record<ErrorCode, new (message: string) => FandError>> = {
  bad_arguments: BadArgumentsError,
  expire_bad_value: ShelfPwmExpireBadValueError,
  limit: LimitError,
  no_override: ShelfNoOverrideError,
  not_owner: ShelfNotOwnerError,
  pwm_bad_value: ShelfPwmBadValueError,
  rpm_bad_value: ShelfRpmBadValueError,
  shelf_not_found: ShelfNotFoundError,
  terminating: TerminatingError,
  unknown_request: UnknownRequestError,
};

/**
 * The error that an `error` reply stands for: the class of its code, or {@link FandError} for a
 * code that this version does not know.
 */
export function errorFromReply(code: string, message: string): FandError {
  const Known = BY_CODE[code as ErrorCode] ?? FandError;
  return new Known(message);
}
