/**
 * The server as a service of systemd: it says that it is alive in each tick, and only there, so
 * that a server that decides nothing any more is ended and started again.
 *
 * @module
 */

import { FandError } from "../../errors.ts";
import { ServiceManager } from "../../libc/service_manager.ts";
import type { Log } from "../../log.ts";
import type { EventTap } from "../shelves/event_tap.ts";

/** What it tells its manager, and when. */
export interface Service extends Disposable {
  /** Says in every tick that the server is alive. */
  readonly taps: readonly EventTap[];
  /** Clients are served. */
  ready(): void;
  /** It was told to end. */
  stopping(): void;
}

/** Nobody has started this process who wants to know. */
const ALONE: Service = { taps: [], ready() {}, stopping() {}, [Symbol.dispose]() {} };

/**
 * The service that this process is.
 * @param tickMs the time between two ticks
 * @throws {FandError} when the manager cannot be told in time
 */
export function openService(tickMs: number, log: Log): Service {
  const manager = ServiceManager.find();
  if (manager === null) return ALONE;
  const { watchdogMs } = manager;
  if (watchdogMs !== null && watchdogMs < 2 * tickMs) {
    manager[Symbol.dispose]();
    throw new FandError(
      `Cannot keep the watchdog quiet: WatchdogSec is ${watchdogMs / 1000} s and tick_ms is ` +
        `${tickMs}; let the watchdog have at least two ticks`,
    );
  }
  let told: string | null = null;
  const tap: EventTap = {
    began() {},
    record() {},
    ticked() {
      manager.alive();
      const { problem } = manager;
      if (problem !== null && problem !== told) {
        log.warn(`Cannot tell the service manager that this server is alive: ${problem}`);
      }
      told = problem;
    },
  };
  return {
    taps: [tap],
    ready: () => manager.ready(),
    stopping: () => manager.stopping(),
    [Symbol.dispose]: () => manager[Symbol.dispose](),
  };
}
