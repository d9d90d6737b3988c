import { deepEqual } from "node:assert/strict";
import type { ServerConfig } from "../../../src/config/config.ts";
import { carryOver, engineConfig } from "../../../src/config/engine_config.ts";
import { Engine } from "../../../src/control/engine/engine.ts";
import { testConfig, testSensor } from "../../support/serve.ts";

/** Two sensors, each with an average of a minute, and one of these again. */
function configOf(path: string): ServerConfig {
  const average = { kind: "other", type: "average" as const, windowMs: 60_000 };
  return {
    ...testConfig(),
    sensors: [
      { ...testSensor("a"), source: { type: "file", path, scale: 1 } },
      testSensor("b"),
    ],
    derived: [
      { ...average, name: "again", of: ["of a"] },
      { ...average, name: "of a", of: ["a"] },
      { ...average, name: "of b", of: ["b"] },
    ],
    shelves: [],
  };
}

function tick(engine: Engine, atMs: number, tempC: number): (number | null)[] {
  for (const sensor of ["a", "b"]) engine.apply({ type: "reading", sensor, tempC, atMs });
  engine.tick({ atMs, wallMs: atMs, lateMs: 0 });
  return ["of a", "again", "of b"].map((name) => engine.judgement(name).tempC);
}

Deno.test("what was computed from a sensor ends with it when it is read from another place", () => {
  const before = configOf("/run/old");
  const old = new Engine(engineConfig(before), 0);
  for (let second = 0; second < 10; second++) tick(old, second * 1000, 20);
  for (
    const [path, expected] of [["/run/old", [20, 20, 20]], ["/run/new", [80, 80, 20]]] as const
  ) {
    const after = configOf(path);
    const state = carryOver(old.snapshot(), before, after);
    deepEqual(tick(new Engine(engineConfig(after), 9000, state), 9000, 80), expected);
  }
});
