/** What the engine makes of doubts and of computed temperatures. */
import { deepEqual, equal } from "node:assert/strict";
import { Engine } from "../../../src/control/engine/engine.ts";
import { engineConfig } from "../../../src/config/engine_config.ts";
import { parseToml } from "../../../src/config/toml/toml.ts";

const CONFIG = engineConfig(parseToml(
  `
[[sensor]]
name = "a"
type = "cpu"
misses = 1
failsafe_percent = 50
failsafe = { missing = 70 }
failsafe_hold_ms = 5000
recover_readings = 2
critical_c = 80

[[sensor]]
name = "b"
type = "cpu"
misses = 1
failsafe = { missing = 30 }

[[derived]]
name = "mean"
type = "mean"
of = ["a", "b"]
critical_c = 72

[[derived]]
name = "calm"
type = "ema"
of = ["mean"]
tau_ms = 1000

[[shelf]]
name = "rack"
floor_percent = 0
[[shelf.cause]]
name = "all"
sensors = ["calm"]
curve = [[20, 20], [80, 80]]
fall_hysteresis_c = 0
fall_response_ms = 0
[shelf.output]
fall_percent_per_s = 1000
`,
  "test",
));

/** An engine that has ticked once a second, with these temperatures; null is a miss. */
function engineAfter(...seconds: (readonly [a: number | null, b: number | null])[]): Engine {
  const engine = new Engine(CONFIG, 0);
  for (const [second, temps] of seconds.entries()) {
    const atMs = second * 1000;
    for (const [index, tempC] of temps.entries()) {
      const sensor = index === 0 ? "a" : "b";
      if (tempC !== null) engine.apply({ type: "reading", sensor, tempC, atMs });
      else engine.apply({ type: "miss", sensor, reason: "gone", fault: "missing", atMs });
    }
    engine.tick({ atMs, wallMs: atMs, lateMs: 0 });
  }
  return engine;
}

Deno.test("a shelf that follows a derived sensor is born when those behind it have reported", () => {
  const engine = engineAfter([40, null]);
  const { pending, percent, causes } = engine.decision("rack");
  deepEqual([pending, percent], [true, 100]);
  equal(causes[0]?.text, 'failsafe: waiting for the first reading of "b" -> 100 %');
  equal(engineAfter([40, 60]).decision("rack").percent, 50);
});

Deno.test("it has the graded failsafes of those behind it, and the highest counts", () => {
  const engine = engineAfter([30, 30], [30, null], [30, null]);
  deepEqual(engine.decision("rack").causes[0], {
    kind: "failsafe",
    name: "b",
    percent: 30,
    text: 'failsafe: sensor "b" lost (2 misses in 1.0 s: gone) -> 30 %',
  });
  equal(engineAfter([30, 30], [null, null], [null, null]).decision("rack").percent, 70);
});

Deno.test("it has the critical temperatures of those behind it, and its own", () => {
  equal(engineAfter([80, 20]).decision("rack").causes[0]?.name, "a");
  equal(engineAfter([73, 71]).decision("rack").causes[0]?.name, "mean");
  equal(engineAfter([73, 70]).decision("rack").causes[0]?.kind, "curve");
});

Deno.test("every lost sensor is one finding, by the kind of its fault and since it was lost", () => {
  const engine = engineAfter([30, 30], [null, 30], [null, 30], [null, 30]);
  deepEqual(engine.findings().filter(({ shelf }) => shelf === null), [{
    kind: "missing",
    severity: "warning",
    shelf: null,
    subject: "a",
    text: 'Sensor "a" is lost: 3 misses in 2.0 s: gone',
    sinceMs: 2000,
  }]);
});

Deno.test("an engine goes on from its snapshot with every doubt that it had", () => {
  const engine = engineAfter([30, 30], [null, 30], [null, 30], [31, 30]);
  const again = new Engine(CONFIG, 0, JSON.parse(JSON.stringify(engine.snapshot())));
  for (let second = 4; second < 12; second++) {
    const atMs = second * 1000;
    for (const each of [engine, again]) {
      each.apply({ type: "reading", sensor: "a", tempC: 31, atMs });
      each.apply({ type: "reading", sensor: "b", tempC: 30, atMs });
      each.tick({ atMs, wallMs: atMs, lateMs: 0 });
      equal(each.judgement("a").state, second < 7 ? "failed" : "ok");
    }
    deepEqual(again.decision("rack"), engine.decision("rack"));
  }
});

Deno.test("a shelf tells of the sensors that it follows, and of those behind them", () => {
  deepEqual(new Engine(CONFIG, 0).sensors("rack"), ["calm", "mean", "a", "b"]);
});
