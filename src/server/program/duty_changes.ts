/**
 * What another configuration would make of this moment.
 *
 * @module
 */
import type { Clock } from "../../clock.ts";
import { Engine } from "../../control/engine/engine.ts";
import type { ServerConfig } from "../../config/config.ts";
import { carryOver, engineConfig } from "../../config/engine_config.ts";
import type { Controller } from "../shelves/controller.ts";
import type { DutyChange } from "./config_trial.ts";

/** The shelves whose duty would be another one at once, or that come or go. */
export function dutyChanges(
  controller: Controller,
  before: ServerConfig,
  after: ServerConfig,
  clock: Clock,
): DutyChange[] {
  const atMs = clock.monotonicMs();
  const state = carryOver(controller.engine.snapshot(), before, after);
  const engine = new Engine(engineConfig(after), atMs, state);
  engine.tick({ atMs, wallMs: clock.wallMs(), lateMs: 0 });
  const names = new Set([...before.shelves, ...after.shelves].map(({ name }) => name));
  const known = new Set(after.shelves.map(({ name }) => name));
  return [...names].map((name): DutyChange => [
    name,
    rounded(controller.shelves.get(name)?.decision.percent),
    rounded(known.has(name) ? engine.decision(name).percent : undefined),
  ]).filter(([, now, then]) => now !== then);
}

function rounded(percent: number | undefined): number | null {
  return percent === undefined ? null : Math.round(percent * 10) / 10;
}
