/**
 * Keeps a modem in use: opens its line, sets it up, and does so again after every loss.
 *
 * @module
 */
import { backoffMs, DEFAULT_BACKOFF } from "../../backoff.ts";
import type { Line } from "../../board/line.ts";
import type { Clock } from "../../clock.ts";
import type { Log } from "../../log.ts";
import { RadioError } from "../../sockets/radio/radio_error.ts";
import { AtModem, type Dialect, type LineCounters } from "./at_modem.ts";

/** What a modem is kept with. */
export interface KeeperOptions {
  /** For the log: where it is. */
  readonly name: string;
  /** What its time limits are measured with. */
  readonly clock: Clock;
  /** Where it is told what becomes of the modem. */
  readonly log: Log;
  /** Opens its line. */
  open(): Promise<Line>;
  /** 0 up to but not including 1. */
  random(): number;
}

/** What a driver does with its modem. */
export interface ModemUser {
  readonly dialect: Dialect;
  /** Makes a modem ready whose line was just opened. @throws {RadioError} */
  setUp(modem: AtModem): Promise<void>;
  /** Hears what it says by itself. */
  onEvent(line: string): void;
  /** The modem is gone, or has lost its memory. */
  onLost(why: RadioError): void;
}

/** What has happened since the beginning. */
export interface KeeperCounters extends LineCounters {
  /** Times that the line was opened. */
  readonly opened: number;
  /** Times that it was lost, or could not be opened. */
  readonly failed: number;
}

const NOTHING: LineCounters = { stray: 0, overlong: 0, garbled: 0 };

/** Owns a modem until it is closed. */
export class ModemKeeper {
  readonly #options: KeeperOptions;
  readonly #user: ModemUser;
  readonly #done: Promise<void>;
  /** At an open line, ready or not. */
  #opened: AtModem | null = null;
  #isReady = false;
  #isClosed = false;
  #endWait: (() => void) | null = null;
  #why: RadioError = new RadioError("Cannot use the modem: it is being opened; wait", "absent");
  #past: LineCounters = NOTHING;
  #openings = 0;
  #failures = 0;

  constructor(options: KeeperOptions, user: ModemUser) {
    this.#options = options;
    this.#user = user;
    this.#done = this.#run();
  }

  /** The modem. @throws {RadioError} Why there is none. */
  get modem(): AtModem {
    if (this.#opened === null) throw this.#why;
    return this.#opened;
  }

  /** What has happened since the beginning. */
  get counters(): KeeperCounters {
    return { ...this.#sum(), opened: this.#openings, failed: this.#failures };
  }

  /** Gives the line back. Never throws. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#endWait?.();
    await this.#opened?.close();
    await this.#done;
  }

  async #run(): Promise<void> {
    const { name, log, random } = this.#options;
    for (let inARow = 0; !this.#isClosed;) {
      this.#why = await this.#use();
      if (this.#isReady) inARow = 0;
      this.#isReady = false;
      this.#user.onLost(this.#why);
      if (this.#isClosed) return;
      this.#failures++;
      inARow++;
      if (inARow === 1) log.warn(`Radio "${name}": ${this.#why.message}; trying again`);
      else log.debug(`Radio "${name}": ${this.#why.message}`);
      await this.#wait(backoffMs(inARow, random(), DEFAULT_BACKOFF));
    }
  }

  /** Opens the modem and uses it to its end, and tells why that came. */
  async #use(): Promise<RadioError> {
    const { name, clock, open } = this.#options;
    try {
      const line = await open();
      this.#openings++;
      const onEvent = (text: string) => this.#user.onEvent(text);
      this.#opened = new AtModem(line, clock, this.#user.dialect, onEvent);
      if (this.#isClosed) await this.#opened.close();
      await this.#user.setUp(this.#opened);
      this.#isReady = true;
      return await this.#opened.ended;
    } catch (cause) {
      return failureOf(name, cause);
    } finally {
      await this.#opened?.close();
      this.#past = this.#sum();
      this.#opened = null;
    }
  }

  #sum(): LineCounters {
    const now = this.#opened?.counters ?? NOTHING;
    return {
      stray: this.#past.stray + now.stray,
      overlong: this.#past.overlong + now.overlong,
      garbled: this.#past.garbled + now.garbled,
    };
  }

  async #wait(ms: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const cancel = this.#options.clock.after(ms, resolve);
    this.#endWait = resolve;
    await promise;
    this.#endWait = null;
    cancel();
  }
}

function failureOf(name: string, cause: unknown): RadioError {
  if (cause instanceof RadioError) return cause;
  const found = cause instanceof Error ? cause.message : String(cause);
  const message = found.startsWith("Cannot ")
    ? found
    : `Cannot use the modem at "${name}": ${found}`;
  return new RadioError(message, "absent", { cause });
}
