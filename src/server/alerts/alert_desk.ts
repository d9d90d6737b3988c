/**
 * Watches the results of every tick and tells whoever has asked to be told.
 *
 * @module
 */
import type { AlertView } from "../../control/alerts/alert_conditions.ts";
import type { Severity } from "../../control/engine/finding.ts";
import type { AlertEvent } from "../../control/alerts/alert_rule.ts";
import {
  type AlertState,
  AlertWatch,
  type AlertWatchState,
} from "../../control/alerts/alert_watch.ts";
import { BadArgumentsError } from "../../errors.ts";
import { Libc } from "../../libc/libc.ts";
import type { Log } from "../../log.ts";
import { shorten } from "../requests/shorten.ts";
import { VERSION } from "../../version.ts";
import type { AlertConfig, AlertsConfig, DeliveryConfig } from "../../config/alert_config.ts";
import { type Notice, noticeOf } from "./notice.ts";
import { type Deliver, Outlet, type OutletParts } from "./outlet.ts";
import { program } from "./program.ts";
import { webhook } from "./webhook.ts";

/** A shutdown has this long before it is tried again. */
const SHUTDOWN_TIMEOUT_MS = 60_000;
const LOG_TIMEOUT_MS = 1000;

/** The alerts of one configuration. */
export class AlertDesk {
  readonly #config: AlertsConfig;
  readonly #watch: AlertWatch;
  /** By what they are: a name and all that is configured of it. */
  readonly #outlets: ReadonlyMap<string, Outlet>;
  readonly #parts: OutletParts;
  /** Opened when a program is run for the first time. */
  readonly #libc: Libc;

  /**
   * @param before The desk of the configuration until now. Its rules go on where they are still
   * there, and what it has not told yet is told: by the same outlet, or by the one of that name.
   */
  constructor(config: AlertsConfig, parts: OutletParts, before?: AlertDesk) {
    this.#config = config;
    this.#parts = parts;
    this.#watch = new AlertWatch(config.rules, parts.clock.monotonicMs(), before?.state());
    this.#libc = before === undefined ? new Libc() : before.#libc;
    const known = before === undefined ? new Map<string, Outlet>() : before.#outlets;
    this.#outlets = new Map(
      [...config.deliveries, ...config.rules.flatMap(shutdownOf)].map((each) => {
        const key = JSON.stringify(each);
        return [key, known.get(key) ?? newOutlet(each, parts, this.#libc)];
      }),
    );
    for (const [key, outlet] of known) {
      if (this.#outlets.has(key)) continue;
      const heir = this.#outlet(outlet.name);
      if (heir === undefined) void outlet.stop();
      else outlet.handOver(heir);
    }
  }

  /** Judges every rule on the results of a tick and queues what is to be told. */
  judge(view: AlertView): void {
    const { clock } = this.#parts;
    for (const event of this.#watch.judge(view, clock.monotonicMs())) {
      this.#tell(event, noticeOf(event, clock.wallMs(), `fand/${VERSION}`));
    }
  }

  /** What has been told and is not over. */
  active(): readonly Readonly<AlertState>[] {
    return this.#watch.active();
  }

  /** How much a rule matters. */
  severityOf(rule: string): Severity {
    return this.#config.rules.find(({ name }) => name === rule)?.severity ?? "info";
  }

  /**
   * Stops the repeating of a rule's alerts, or of one of them; returns how many that were.
   *
   * @throws {BadArgumentsError} When there is no such rule.
   */
  acknowledge(rule: string, subject: string | null, by: string): number {
    if (!this.#config.rules.some(({ name }) => name === rule)) {
      throw new BadArgumentsError(
        `Cannot acknowledge "${shorten(rule)}": no alert is called so; see them with "alerts"`,
      );
    }
    return this.#watch.acknowledge(rule, subject, by);
  }

  /** How every rule stands, as JSON values. */
  state(): AlertWatchState {
    return this.#watch.state();
  }

  /** Every outlet, for its counters. */
  get outlets(): readonly Outlet[] {
    return [...this.#outlets.values()];
  }

  /** Ends what is under way. */
  async stop(): Promise<void> {
    await Promise.all(this.outlets.map((each) => each.stop()));
    this.#libc[Symbol.dispose]();
  }

  #tell(event: AlertEvent, notice: Notice): void {
    const rule = this.#config.rules.find(({ name }) => name === event.rule);
    for (const name of rule?.deliver ?? []) this.#outlet(name)?.tell(notice);
    if (event.type === "raised") this.#outlet(shutdownName(event.rule))?.tell(notice);
  }

  #outlet(name: string): Outlet | undefined {
    return this.outlets.find((outlet) => outlet.name === name);
  }
}

/** No delivery is called so: it holds a control character. */
function shutdownName(rule: string): string {
  return `shutdown\n${rule}`;
}

/** A shutdown is told like any other program. */
function shutdownOf({ name, shutdown }: AlertConfig): DeliveryConfig[] {
  if (shutdown === null) return [];
  const timeoutMs = SHUTDOWN_TIMEOUT_MS;
  return [{ type: "command", name: shutdownName(name), argv: shutdown, timeoutMs }];
}

function newOutlet(config: DeliveryConfig, parts: OutletParts, libc: Libc): Outlet {
  switch (config.type) {
    case "log":
      return new Outlet(config.name, toLog(parts.log), LOG_TIMEOUT_MS, parts);
    case "command":
      return new Outlet(config.name, program(config.argv, libc), config.timeoutMs, parts);
    case "webhook":
      return new Outlet(
        config.name,
        webhook(config.url, config.bearerFile),
        config.timeoutMs,
        parts,
      );
  }
}

/** At the level that is shown without being asked for: whoever has a rule wants to see it. */
function toLog(log: Log): Deliver {
  return (notice) => {
    const text = `Alert "${notice.rule}" ${notice.type}: ${notice.text}`;
    if (notice.severity === "info") log.info(text);
    else log.error(text);
    return Promise.resolve();
  };
}
