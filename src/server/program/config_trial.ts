/**
 * A new configuration on trial: in force at once, and taken back by itself unless somebody
 * confirms it in time. So a slip that makes the machine hard to reach, or hot, ends without help.
 *
 * @module
 */
import { join, parse, resolve } from "node:path";
import type { Clock } from "../../clock.ts";
import { BadArgumentsError, ConfigError } from "../../errors.ts";
import type { Log } from "../../log.ts";
import { Request } from "../../wire/request.ts";
import { type Actor, SERVER_ACTOR } from "../access/audit.ts";
import type { ServerConfig } from "../../config/config.ts";
import { DEFAULT_SOURCE } from "../../config/default_config.ts";

/** The shortest and the longest time to confirm in. */
export const MIN_CONFIRM_MS = 5000;
export const MAX_CONFIRM_MS = 600_000;
/** What could not be taken back is tried again this often, until it works. */
const RETRY_MS = 5000;

/** What a trial needs from around it. */
export interface ConfigTrialParts {
  readonly clock: Clock;
  readonly log: Log;
  /** What the server runs on. */
  current(): ServerConfig;
  /** Reads and checks a candidate, and tells the digest of its text. */
  read(candidate: string): Promise<{ config: ServerConfig; sha256: string }>;
  /** The duties that `config` would change at once. */
  compare(config: ServerConfig): DutyChange[];
  /** Puts a configuration in force, keeping the state of what does not change. */
  put(config: ServerConfig, change: ConfigCause): Promise<void>;
}

/** A shelf, its duty now, and its duty with another configuration; null where it does not exist. */
export type DutyChange = readonly [shelf: string, now: number | null, then: number | null];

/** Why another configuration is in force, and by whom. */
export interface ConfigCause {
  readonly what: string;
  readonly by: Actor;
}

/** A trial under way. */
export interface RunningTrial {
  readonly sha256: string;
  /** Milliseconds until it is taken back. */
  readonly leftMs: number;
}

/** The trials of one server, one at a time. */
export class ConfigTrial {
  readonly #parts: ConfigTrialParts;
  #running: { before: ServerConfig; sha256: string; endMs: number; cancel: () => void } | null =
    null;
  /** Settled when no change is under way. */
  #last: Promise<void> = Promise.resolve();

  constructor(parts: ConfigTrialParts) {
    this.#parts = parts;
  }

  /** The file in force, from the root on: who asks may stand elsewhere. Null for none. */
  get file(): string | null {
    const { source } = this.#parts.current();
    return source === DEFAULT_SOURCE ? null : resolve(source);
  }

  /**
   * The file that a new configuration is taken from, beside the one that is in force: nothing over
   * the wire can name another. Null when the server runs on no file.
   */
  get candidate(): string | null {
    if (this.file === null) return null;
    // The extension tells how a file is read, so it stays the last.
    const { dir, name, ext } = parse(this.file);
    return join(dir, `${name}.candidate${ext}`);
  }

  /** The trial under way, or null. */
  get running(): RunningTrial | null {
    if (this.#running === null) return null;
    const { sha256, endMs } = this.#running;
    return { sha256, leftMs: Math.max(0, endMs - this.#parts.clock.monotonicMs()) };
  }

  /**
   * What the candidate would change at once.
   *
   * @param sha256 Of the text that is meant, so that nothing else is taken for it.
   * @throws {ConfigError} With every problem found.
   * @throws {BadArgumentsError} When the candidate's text is another one.
   */
  async check(sha256: string): Promise<DutyChange[]> {
    return this.#parts.compare(await this.#read(sha256));
  }

  /**
   * Puts the candidate in force for `confirmMs`.
   *
   * @throws {ConfigError} With every problem found; nothing has changed then.
   * @throws {BadArgumentsError} When a trial is under way, or the candidate is another one.
   */
  async begin(
    sha256: string,
    confirmMs: number,
    by: Actor = SERVER_ACTOR,
  ): Promise<DutyChange[]> {
    if (!(confirmMs >= MIN_CONFIRM_MS && confirmMs <= MAX_CONFIRM_MS)) {
      throw new BadArgumentsError(
        `Cannot try a configuration for ${confirmMs} ms; ` +
          `give ${MIN_CONFIRM_MS} to ${MAX_CONFIRM_MS} ms to confirm in`,
      );
    }
    return await this.#alone(async () => {
      if (this.#running !== null) {
        throw new BadArgumentsError(
          "Cannot try a configuration: another one is on trial; confirm it or take it back first",
        );
      }
      const config = await this.#read(sha256);
      const changes = this.#parts.compare(config);
      const before = this.#parts.current();
      const { clock, log } = this.#parts;
      // Armed first: whatever goes wrong on the way, it ends.
      const cancel = clock.after(confirmMs, () => void this.#expire());
      this.#running = { before, sha256, endMs: clock.monotonicMs() + confirmMs, cancel };
      try {
        // The candidate is to become that file, or to be forgotten.
        const change = { what: Request.CONFIG_TRY, by };
        await this.#parts.put({ ...config, source: before.source }, change);
      } catch (error) {
        await this.#putBack(before, SERVER_ACTOR);
        throw error;
      }
      log.warn(`A new configuration is on trial; it is taken back in ${confirmMs / 1000} s`);
      return changes;
    });
  }

  /**
   * Keeps what is on trial.
   *
   * @throws {BadArgumentsError} When nothing of that digest is on trial.
   */
  confirm(sha256: string): void {
    if (this.#running?.sha256 !== sha256) {
      throw new BadArgumentsError(
        "Cannot confirm the configuration: it is not on trial, or not any more; try it again",
      );
    }
    this.#running.cancel();
    this.#running = null;
    this.#parts.log.info("The configuration on trial is confirmed");
  }

  /** Puts back what was in force before the trial; false when there is none. */
  async takeBack(why: string, by: Actor = SERVER_ACTOR): Promise<boolean> {
    return await this.#alone(async () => {
      const trial = this.#running;
      if (trial === null) return false;
      await this.#putBack(trial.before, by);
      this.#parts.log.warn(`The configuration on trial is taken back: ${why}`);
      return true;
    });
  }

  /** Ends a trial without putting anything back: for the end of the server, or a reload by hand. */
  forget(): void {
    this.#running?.cancel();
    this.#running = null;
  }

  async #read(sha256: string): Promise<ServerConfig> {
    const file = this.candidate;
    if (file === null) {
      throw new ConfigError(
        `Cannot try a configuration: the server runs on the ${this.#parts.current().source}, ` +
          "which is no file; start it with -c FILE",
        [],
      );
    }
    const candidate = await this.#parts.read(file);
    if (candidate.sha256 === sha256) return candidate.config;
    throw new BadArgumentsError(
      `Cannot use "${file}": its digest is ${candidate.sha256} and not ${sha256}; ` +
        "somebody has changed it, look at it again",
    );
  }

  /** The trial is over only once that has worked. */
  async #putBack(before: ServerConfig, by: Actor): Promise<void> {
    await this.#parts.put(before, { what: Request.CONFIG_TAKE_BACK, by });
    this.#running?.cancel();
    this.#running = null;
  }

  async #expire(): Promise<void> {
    try {
      await this.takeBack("nobody has confirmed it in time");
    } catch (error) {
      const { clock, log } = this.#parts;
      const found = error instanceof Error ? error.message : String(error);
      log.error(`Cannot take the configuration on trial back: ${found}; trying again`);
      if (this.#running !== null) {
        this.#running.cancel = clock.after(RETRY_MS, () => void this.#expire());
      }
    }
  }

  /** One change after the other: the end of a trial must not get lost beside another request. */
  async #alone<T>(work: () => Promise<T>): Promise<T> {
    const before = this.#last;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#last = promise;
    await before;
    try {
      return await work();
    } finally {
      resolve();
    }
  }
}
