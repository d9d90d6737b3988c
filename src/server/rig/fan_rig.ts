/**
 * The fans as a service on a rig: what they do when it says something, and what they answer.
 *
 * @module
 */

import type { Clock } from "../../clock.ts";
import type { RigConfig } from "../../config/rig_config.ts";
import type { Engine } from "../../control/engine/engine.ts";
import type { Log } from "../../log.ts";
import type { RigAddress } from "../../rig/communicator.ts";
import type { EchoCommunicator } from "../../rig/echo/echo_communicator.ts";
import { ExpMessage } from "../../rig/exp_message.ts";
import { plain } from "../../rig/quoted.ts";
import { Service, type ServiceMessage } from "../../rig/service.ts";
import { formatEndpoint } from "../../sockets/address.ts";
import type { Profiles } from "../profiles/profiles.ts";
import type { Controller } from "../shelves/controller.ts";
import { Experiment } from "./experiment.ts";
import type { Audit } from "../access/audit.ts";
import { profileText } from "../requests/changes.ts";
import { fanReport } from "./fan_report.ts";

/** How often an interruption is told until somebody confirms it. */
export const MOST_TRIES = 5;
/** Characters of a reference that are kept. */
const MOST_REFERENCE = 100;

/** What the service needs from around it; a reload changes what is told here. */
export interface FanRigParts {
  readonly clock: Clock;
  readonly log: Log;
  profiles(): Profiles;
  controller(): Controller;
  /** Is told which profile an experiment has put in force or ended. */
  readonly audit: Audit;
}

/** Who runs the experiment, and through what he is reached. */
interface Leader {
  readonly rig: EchoCommunicator;
  readonly address: RigAddress;
}

/** Makes the fans quiet while an experiment runs, unless something more important wants air. */
export class FanRig {
  readonly #parts: FanRigParts;
  readonly #experiment: Experiment;
  #leader: Leader | null = null;

  constructor(parts: FanRigParts) {
    this.#parts = parts;
    this.#experiment = new Experiment(parts.clock);
  }

  /** Listens to what comes in here. */
  serve(rig: EchoCommunicator, config: RigConfig): void {
    if (this.#leader !== null) this.#leader = { rig, address: this.#leader.address };
    const over = ExpMessage.EXPEND | ExpMessage.EXPINTERRUPT | ExpMessage.EXPCLEANUP;
    rig.assignCallback(ExpMessage.EXPINIT, (_data, address) => {
      this.#experiment.initialize();
      this.#answer(rig, address, Service.init(this.#state(false)));
    });
    rig.assignCallback(ExpMessage.EXPSTART, ([reference], address) => {
      this.#start({ rig, address }, config, reference);
    });
    rig.assignCallback(over, (_data, address, event) => {
      this.end(`rig ${formatEndpoint(...address)}`);
      this.#answer(rig, address, [event, this.#state(false)]);
    });
    for (const event of [ExpMessage.EXPSTATUS, ExpMessage.EXPINFO]) {
      rig.assignCallback(event, (_data, address) => {
        const { status } = this.#experiment;
        const isLong = event === ExpMessage.EXPINFO;
        this.#answer(rig, address, [event, status, this.#state(isLong)]);
      });
    }
  }

  /** Ends what runs. */
  end(by: string): void {
    this.#experiment.end();
    this.#leader = null;
    this.#normal(by);
  }

  /** Looks at the results of a tick: what is critical outranks an experiment. */
  ticked(engine: Engine): void {
    if (!this.#experiment.isRunning) return;
    for (const { name } of engine.config.shelves) {
      const critical = engine.decision(name).causes.find(({ kind }) => kind === "critical");
      if (critical === undefined) continue;
      this.#interrupt(`shelf "${name}": ${critical.text}`);
      return;
    }
  }

  #start(leader: Leader, config: RigConfig, given: unknown): void {
    const reference = typeof given === "string" ? plain(given, MOST_REFERENCE) : null;
    if (this.#experiment.start(reference, config)) {
      this.#leader = leader;
      this.#order(config, reference, `rig ${formatEndpoint(...leader.address)}`);
    }
    this.#answer(
      leader.rig,
      leader.address,
      Service.start(typeof given === "string" ? given : null, this.#state(false)),
    );
  }

  #order({ profile: name, maxMs }: RigConfig, reason: string | null, owner: string): void {
    const { profiles, clock } = this.#parts;
    const expiresAt = clock.wallMs() + maxMs;
    try {
      this.#audited(owner, () => profiles().order("rig", { name, expiresAt, owner, reason }));
    } catch (error) {
      this.#experiment.end();
      throw error;
    }
  }

  #interrupt(reason: string): void {
    const leader = this.#leader;
    const reference = this.#experiment.reference;
    this.#experiment.interrupt();
    this.#normal("a critical temperature");
    this.#parts.log.error(`The experiment is interrupted: ${reason}`);
    if (leader !== null) void this.#tellInterrupt(leader, { reference, reason });
  }

  /** Somebody who records must know that the fans are loud: it is told until it is confirmed. */
  async #tellInterrupt({ rig, address }: Leader, data: unknown): Promise<void> {
    for (let tries = 1; tries <= MOST_TRIES && rig.isConnected; tries++) {
      try {
        await rig.stop(data, true, address);
        return;
      } catch (error) {
        this.#parts.log.warn(complaint(address, error));
      }
    }
  }

  #normal(by: string): void {
    this.#audited(by, () => this.#parts.profiles().clear("rig", by));
  }

  /** Changes the profile that is in force, and tells the audit. */
  #audited(by: string, change: () => void): void {
    const { profiles, audit } = this.#parts;
    const before = profileText(profiles());
    change();
    this.#useProfile();
    const after = profileText(profiles());
    if (before === after) return;
    // Addresses of rigs are not proved, so that all rigs count as one.
    const actor = { who: null, client: null, from: by, host: "rig" };
    audit.record(actor, { what: "rig", about: null, before, after });
  }

  #useProfile(): void {
    this.#parts.controller().useProfile(this.#parts.profiles().current());
  }

  /** What belongs to every answer. */
  #state(isLong: boolean): Record<string, unknown> {
    const { profiles, controller, clock } = this.#parts;
    const { leftMs } = this.#experiment;
    return {
      experiment: this.#experiment.reference,
      left_ms: leftMs === null ? null : Math.round(leftMs),
      profile: profiles().current()?.name ?? null,
      ...fanReport(controller(), clock.monotonicMs(), isLong),
    };
  }

  #answer(rig: EchoCommunicator, address: RigAddress, message: ServiceMessage): void {
    rig.confirmedSend(message, address).catch((error) => {
      // Whoever asks and does not listen must not fill the log.
      this.#parts.log.info(complaint(address, error));
    });
  }
}

function complaint(address: RigAddress, error: unknown): string {
  const found = error instanceof Error ? error.message : String(error);
  return `Rig ${formatEndpoint(...address)}: ${plain(found, 400)}`;
}
