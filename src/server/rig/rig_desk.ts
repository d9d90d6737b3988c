/**
 * Where rigs reach the fans, as the configuration in force says it.
 *
 * @module
 */

import type { RigConfig } from "../../config/rig_config.ts";
import { ListeningError } from "../../errors.ts";
import { EchoCommunicator } from "../../rig/echo/echo_communicator.ts";
import { newCounters, type RigCounters } from "../../rig/link/link.ts";
import { parseUri } from "../../rig/uri.ts";
import { isLoopback } from "../../sockets/address.ts";
import type { EventTap } from "../shelves/event_tap.ts";
import { rigNeeds } from "../program/rig_needs.ts";
import { FanRig, type FanRigParts } from "./fan_rig.ts";

/** What the desk needs from around it. */
export interface RigDeskParts extends FanRigParts {
  /** Whether rigs beyond this machine may be listened to: nothing proves who they are. */
  readonly insecure: boolean;
}

/** An open place and what it was opened for. */
interface Open {
  readonly config: RigConfig;
  readonly rig: EchoCommunicator;
}

/** Listens to rigs. */
export class RigDesk {
  readonly #parts: RigDeskParts;
  readonly #fans: FanRig;
  #open: Open | null = null;
  /** What was counted where rigs are not listened to any more; null when they never were. */
  #past: RigCounters | null = null;
  #isStopped = false;
  /** Settled when no change is under way. */
  #last: Promise<void> = Promise.resolve();

  constructor(parts: RigDeskParts) {
    this.#parts = parts;
    this.#fans = new FanRig(parts);
  }

  /** Where rigs reach the fans; null when they cannot. */
  get uri(): string | null {
    return this.#open?.rig.serverUri ?? null;
  }

  /** What has become of messages; null while nobody is listened to. */
  get counters(): Readonly<RigCounters> | null {
    return this.#open?.rig.counters ?? null;
  }

  /** How often each limit was reached since the start; nothing where rigs were never let in. */
  told(): Record<string, number> {
    const open = this.#open?.rig.counters ?? null;
    if (open === null && this.#past === null) return {};
    const { foreign, malformed, oversized, dropped, refusedPeers, refusedSends, unconfirmed } =
      sumOf(this.#past ?? newCounters(), open ?? newCounters());
    return {
      rig_foreign: foreign,
      rig_malformed: malformed,
      rig_oversized: oversized,
      rig_dropped: dropped,
      rig_refused_peers: refusedPeers,
      rig_refused_sends: refusedSends,
      rig_unconfirmed: unconfirmed,
    };
  }

  /** Looks at every tick. */
  readonly tap: EventTap = {
    began() {},
    record() {},
    ticked: (_time, engine) => this.#fans.ticked(engine),
  };

  /** Whether this is what is done already. */
  isAsWanted(config: RigConfig | null): boolean {
    return JSON.stringify(this.#open?.config ?? null) === JSON.stringify(config);
  }

  /**
   * Listens where the configuration says, and nowhere else. When that cannot be, everything stays
   * as it was.
   *
   * @throws {ListeningError} If the address cannot be had, or is not this machine's own alone.
   */
  async apply(config: RigConfig | null): Promise<void> {
    const before = this.#last;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#last = promise;
    await before;
    try {
      if (!this.#isStopped && !this.isAsWanted(config)) await this.#apply(config);
    } finally {
      resolve();
    }
  }

  /** Ends listening; an experiment that runs ends with it. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#last;
    await this.#close();
  }

  async #apply(config: RigConfig | null): Promise<void> {
    const before = this.#open;
    if (config === null) {
      this.#fans.end("the configuration");
      await this.#close();
      return;
    }
    if (!this.#parts.insecure) requireLoopback(config.listen);
    // The same place can only be had after it was given up.
    const isSamePlace = before?.config.listen === config.listen;
    if (isSamePlace) await this.#close();
    let rig: EchoCommunicator;
    try {
      rig = await this.#listen(config);
    } catch (error) {
      if (isSamePlace && before !== null) await this.#use(before.config);
      throw error;
    }
    if (!isSamePlace) await this.#close();
    this.#serve(rig, config);
  }

  async #use(config: RigConfig): Promise<void> {
    this.#serve(await this.#listen(config), config);
  }

  #serve(rig: EchoCommunicator, config: RigConfig): void {
    this.#open = { config, rig };
    this.#fans.serve(rig, config);
    this.#parts.log.info(`Listening to rigs at ${rig.serverUri}`);
  }

  async #listen(config: RigConfig): Promise<EchoCommunicator> {
    requireGranted(config);
    const { listen, peers } = config;
    const { clock, log } = this.#parts;
    const logger = quietly(log);
    try {
      return await EchoCommunicator.server(listen, { peers, clock, logger });
    } catch (cause) {
      const found = cause instanceof Error ? cause.message : String(cause);
      throw new ListeningError(
        `Cannot listen to rigs at ${listen}: ${found}; change "listen" of [rig] or free the port`,
        { cause },
      );
    }
  }

  async #close(): Promise<void> {
    const open = this.#open;
    this.#open = null;
    if (open === null) return;
    await open.rig.close();
    this.#past = sumOf(this.#past ?? newCounters(), open.rig.counters);
  }
}

function sumOf(a: RigCounters, b: RigCounters): RigCounters {
  const sum = newCounters();
  for (const name of Object.keys(sum) as (keyof RigCounters)[]) sum[name] = a[name] + b[name];
  return sum;
}

/** What everybody may send must not fill a log. */
function quietly(log: RigDeskParts["log"]): RigDeskParts["log"] {
  return {
    debug: () => {},
    info: (text) => log.debug(text),
    warn: (text) => log.debug(text),
    error: (text) => log.info(text),
  };
}

/** Deno would ask at a terminal, and nothing would tick until somebody answers. */
function requireGranted(config: RigConfig): void {
  const missing = rigNeeds(config).filter(({ descriptor }) =>
    Deno.permissions.querySync(descriptor).state !== "granted"
  );
  if (missing.length === 0) return;
  throw new ListeningError(
    `Cannot listen to rigs at ${config.listen}: ${missing.map(({ flag }) => flag).join(" ")} is ` +
      "missing; start the server with it",
  );
}

function requireLoopback(listen: string): void {
  const { host } = parseUri(listen, { allowsZero: true });
  if (isLoopback(host)) return;
  throw new ListeningError(
    `Cannot listen to rigs at ${listen}: anybody who reaches it could slow your fans; ` +
      "listen at 127.0.0.1, or say --insecure if you mean it",
  );
}
