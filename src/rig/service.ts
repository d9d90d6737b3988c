/**
 * What an auxiliary service of an experiment does, and the messages that stand for it.
 *
 * @module
 */
import { ExpMessage } from "./exp_message.ts";
import { type ExpStatus, expStatus } from "./exp_status.ts";

/** The version of the protocol; it is never sent. */
export const PROTOCOL_VERSION = "1.0.0";

/** What an experiment is called: the text itself, or the parts of `2030-01-31_1_subject`. */
export type ExpReference = string | {
  /** Such as `2030-01-31`. */
  readonly date: string;
  /** The number of the experiment on that day. */
  readonly sequence: number | string;
  /** Who or what is experimented with. */
  readonly subject: string;
};

/** A client of an Alyx database, as far as rigs tell each other of it. */
export interface AlyxClient {
  /** Where the database is. */
  readonly baseUrl: string | null;
  /** Who is logged in. */
  readonly user: string | null;
  /** What proves it, as the database gave it; null while nobody is logged in. */
  readonly token: unknown;
}

/** A message before it is encoded: an event, and what belongs to it. */
export type ServiceMessage = [event: ExpMessage, ...data: unknown[]];

/**
 * Something that takes part in an experiment. Each method tells the other end that something is
 * the case; the static method of the same name makes the message that is to be sent for it.
 *
 * @example A service that writes down what it is told
 * ```ts
 * import assert from "node:assert/strict";
 * import { ExpMessage, Service, type ServiceMessage } from "../../mod.ts";
 *
 * class Notebook extends Service {
 *   readonly name = "notebook";
 *   readonly lines: ServiceMessage[] = [];
 *   init = (data?: unknown) => this.lines.push(Service.init(data));
 *   start = (reference: string, data?: unknown) =>
 *     this.lines.push(Service.start(reference, data));
 *   stop = (data?: unknown, immediately?: boolean) =>
 *     this.lines.push(Service.stop(data, immediately));
 *   status = (status: string | number) => this.lines.push(Service.status(status));
 *   info = (status: string | number, data?: unknown) =>
 *     this.lines.push(Service.info(status, data));
 *   cleanup = (data?: unknown) => this.lines.push(Service.cleanup(data));
 *   alyx = () => this.lines.push(Service.alyx(null));
 * }
 *
 * const notebook = new Notebook();
 * notebook.start("2030-01-31_1_subject");
 * assert.deepEqual(notebook.lines, [[ExpMessage.EXPSTART, "2030-01-31_1_subject", null]]);
 * ```
 */
export abstract class Service {
  /** An arbitrary label. */
  abstract readonly name: string;

  /** The experiment is being prepared. */
  abstract init(data?: unknown): unknown;
  /** The experiment begins. */
  abstract start(reference: ExpReference, data?: unknown): unknown;
  /** The experiment has ended; `immediately` when it was interrupted. */
  abstract stop(data?: unknown, immediately?: boolean): unknown;
  /** How this end stands; meant to be light. */
  abstract status(status: ExpStatus | string | number): unknown;
  /** How this end stands, with more about it. */
  abstract info(status: ExpStatus | string | number, data?: unknown): unknown;
  /** What the experiment leaves behind is being cleaned up. */
  abstract cleanup(data?: unknown): unknown;
  /** Sends a token for an Alyx database, or asks for one. */
  abstract alyx(alyx?: AlyxClient | null): unknown;

  /** The message for {@linkcode Service.prototype.init}. */
  static init(data: unknown = null): ServiceMessage {
    return [ExpMessage.EXPINIT, data];
  }

  /**
   * The message for {@linkcode Service.prototype.start}; what the reference looks like is not
   * checked, and an empty one is null.
   *
   * @throws {TypeError} If a part of the reference is missing.
   */
  static start(reference: ExpReference | null, data: unknown = null): ServiceMessage {
    return [ExpMessage.EXPSTART, referenceText(reference), data];
  }

  /** The message for {@linkcode Service.prototype.stop}. */
  static stop(data: unknown = null, immediately = false): ServiceMessage {
    return [immediately ? ExpMessage.EXPINTERRUPT : ExpMessage.EXPEND, data];
  }

  /**
   * The message for {@linkcode Service.prototype.status}.
   *
   * @throws {RangeError} If there is no such status.
   */
  static status(status: ExpStatus | string | number): ServiceMessage {
    return [ExpMessage.EXPSTATUS, expStatus(status)];
  }

  /**
   * The message for {@linkcode Service.prototype.info}.
   *
   * @throws {RangeError} If there is no such status.
   */
  static info(status: ExpStatus | string | number, data: unknown = null): ServiceMessage {
    return [ExpMessage.EXPINFO, expStatus(status), data];
  }

  /** The message for {@linkcode Service.prototype.cleanup}. */
  static cleanup(data: unknown = null): ServiceMessage {
    return [ExpMessage.EXPCLEANUP, data];
  }

  /** The message for {@linkcode Service.prototype.alyx}: without a token it asks for one. */
  static alyx(alyx: AlyxClient | null = null): ServiceMessage {
    const isLoggedIn = alyx !== null && alyx.user !== null && alyx.token !== null;
    const token = isLoggedIn ? { [String(alyx.user)]: alyx.token } : {};
    return [ExpMessage.ALYX, alyx?.baseUrl ?? null, token];
  }
}

function referenceText(reference: ExpReference | null): string | null {
  if (reference === null || typeof reference === "string") return reference || null;
  const { date, sequence, subject } = reference;
  const number = Math.trunc(Number(sequence));
  if (typeof date !== "string" || typeof subject !== "string" || !Number.isFinite(number)) {
    throw new TypeError(
      "Cannot tell the experiment's reference: a part is missing; give date, sequence and subject",
    );
  }
  return `${date}_${number}_${subject}`;
}
