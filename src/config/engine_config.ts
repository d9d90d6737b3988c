/**
 * The part of a server's configuration that the engine works by.
 *
 * @module
 */

import type { EngineConfig } from "../control/engine/engine_config.ts";
import type { EngineState } from "../control/engine/engine_state.ts";
import type { ServerConfig } from "./config.ts";

/** What decides, without what reads and listens. */
export function engineConfig(config: ServerConfig): EngineConfig {
  return {
    tickMs: config.tickMs,
    rpmTtlMs: config.rpmTtlMs,
    sensors: config.sensors.map(({ source: _, ...policy }) => policy),
    derived: config.derived,
    shelves: config.shelves,
    profiles: config.profiles.map(({ schedule: _, ...policy }) => policy),
  };
}

/**
 * `state`, of an engine with the configuration `before`, as far as it holds for `after`: what a
 * sensor said that is read from another place now is forgotten, and what was computed from it.
 */
export function carryOver(
  state: EngineState,
  before: ServerConfig,
  after: ServerConfig,
): EngineState {
  const sources = new Map(before.sensors.map(({ name, source }) => [name, JSON.stringify(source)]));
  const same = new Set(
    after.sensors.filter(({ name, source }) => sources.get(name) === JSON.stringify(source))
      .map(({ name }) => name),
  );
  const { sensing, drives } = state;
  const kept = new Set(same);
  // Each after those that it is computed from, as the state has them.
  const derived = sensing.derived.filter(({ policy: { name, of } }) => {
    const isKept = of.every((input) => kept.has(input));
    if (isKept) kept.add(name);
    return isKept;
  });
  return {
    ...state,
    sensing: {
      ...sensing,
      sensors: sensing.sensors.filter(({ judgement }) => same.has(judgement.name)),
      derived,
    },
    drives: Object.fromEntries(Object.entries(drives).filter(([name]) => same.has(name))),
  };
}
