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
  | "board_not_found"
  | "busy"
  | "config"
  | "connection_failed"
  | "connection_reset"
  | "corrupted_data"
  | "denied"
  | "expire_bad_value"
  | "internal"
  | "limit"
  | "listening"
  | "no_config"
  | "no_override"
  | "not_owner"
  | "profile_not_found"
  | "pwm_bad_value"
  | "radio"
  | "rpm_bad_value"
  | "send_receive"
  | "sensor"
  | "serial"
  | "sensor_not_found"
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
  get code(): ErrorCode {
    const found = CODES.find(([error]) => this instanceof error);
    return found?.[1] ?? "internal";
  }

  /** The name of the class. */
  override get name(): string {
    return this.constructor.name;
  }
}

/** Something was asked for while the process is shutting down. */
export class TerminatingError extends FandError {}

/** The base of everything that can go wrong between two peers. */
export class CommunicationError extends FandError {}

/** The operating system refused a read or a write. */
export class SendReceiveError extends CommunicationError {}

/** A listener could not be opened, or stopped accepting. */
export class ListeningError extends CommunicationError {}

/** A connection could not be made: refused, unreachable, or the name does not resolve. */
export class ConnectionFailedError extends CommunicationError {}

/** Bytes arrived that are not a valid frame. */
export class CorruptedDataError extends CommunicationError {}

/** The peer closed the connection, or said `disconnect`. */
export class FandConnectionResetError extends CommunicationError {
  /** In how many milliseconds the peer says that it will be back, or null when it does not. */
  readonly backInMs: number | null;

  /** An error with what the peer said of its return. */
  constructor(message: string, options: ErrorOptions & { backInMs?: number | null } = {}) {
    super(message, options);
    this.backInMs = options.backInMs ?? null;
  }
}

/** A time limit passed. No byte is lost: a later `recv` continues where this one stopped. */
export class FandTimeoutError extends CommunicationError {}

/** The arguments cannot be written as CBOR within the limits. */
export class UnencodableError extends CommunicationError {}

/** A temperature table is not usable. */
export class ShelfTemperatureBadValueError extends FandError {}

/** A speed that no fan has. */
export class ShelfRpmBadValueError extends FandError {}

/** A duty outside 0 to 100 percent. */
export class ShelfPwmBadValueError extends FandError {}

/** An expiry that is in the past, too far away, or not a date. */
export class ShelfPwmExpireBadValueError extends FandError {}

/** An expiry was set on a shelf that has no override. */
export class ShelfNoOverrideError extends FandError {}

/** No shelf has this name. */
export class ShelfNotFoundError extends FandError {}

/** Somebody else reports this shelf's fans at the moment. */
export class ShelfNotOwnerError extends FandError {}

/** There is no profile of that name. */
export class ProfileNotFoundError extends FandError {}

/** A request that this server does not know. */
export class UnknownRequestError extends FandError {}

/** A request with the wrong number or types of arguments. */
export class BadArgumentsError extends FandError {}

/** A request that this client may not make, or a proof of who it is that proves nothing. */
export class DeniedError extends FandError {}

/** A named limit of the server is reached. */
export class LimitError extends FandError {}

/** No configuration was found where one is needed. */
export class ServerNoConfigError extends FandError {}

/** The configuration is not usable; `problems` holds every reason found. */
export class ConfigError extends FandError {
  /** Every problem found, one line each: file, line, key, what was found, what is allowed. */
  readonly problems: readonly string[];

  /** An error with all its problems. */
  constructor(message: string, problems: readonly string[], options?: ErrorOptions) {
    super(message, options);
    this.problems = problems;
  }

  /** Always `config`. */
  override get code(): ErrorCode {
    return "config";
  }
}

/** What must survive a restart cannot be read or written. */
export class StoreError extends FandError {}

/** A sensor gave no usable reading. */
export class SensorError extends FandError {}

/** No sensor of this name takes what was sent for it. */
export class SensorNotFoundError extends FandError {}

/** A fan board did not answer, or refused. */
export class BoardError extends FandError {}

/** No agent has announced a board of this name. */
export class BoardNotFoundError extends FandError {}

/** A command line that cannot be understood; exit status 2. */
export class UsageError extends FandError {}

/** The code of each class; a class that is not here has its parent's. */
const CODES: readonly (readonly [new (message: string) => FandError, ErrorCode])[] = [
  [TerminatingError, "terminating"],
  [SendReceiveError, "send_receive"],
  [ListeningError, "listening"],
  [ConnectionFailedError, "connection_failed"],
  [CorruptedDataError, "corrupted_data"],
  [FandConnectionResetError, "connection_reset"],
  [FandTimeoutError, "timeout"],
  [UnencodableError, "unencodable"],
  [ShelfTemperatureBadValueError, "temperature_bad_value"],
  [ShelfRpmBadValueError, "rpm_bad_value"],
  [ShelfPwmBadValueError, "pwm_bad_value"],
  [ShelfPwmExpireBadValueError, "expire_bad_value"],
  [ShelfNoOverrideError, "no_override"],
  [ShelfNotFoundError, "shelf_not_found"],
  [ShelfNotOwnerError, "not_owner"],
  [ProfileNotFoundError, "profile_not_found"],
  [UnknownRequestError, "unknown_request"],
  [BadArgumentsError, "bad_arguments"],
  [DeniedError, "denied"],
  [LimitError, "limit"],
  [ServerNoConfigError, "no_config"],
  [StoreError, "store"],
  [SensorError, "sensor"],
  [SensorNotFoundError, "sensor_not_found"],
  [BoardError, "board"],
  [BoardNotFoundError, "board_not_found"],
  [UsageError, "usage"],
];

/**
 * The error that an `error` reply stands for: the class of its code, or {@link FandError} for a
 * code that this version does not know or that only this side can find out.
 */
export function errorFromReply(code: string, message: string): FandError {
  const Known = CODES.find(([, known]) => known === code)?.[0] ?? FandError;
  const isLocal = Known.prototype instanceof CommunicationError;
  return isLocal ? new FandError(message) : new Known(message);
}
