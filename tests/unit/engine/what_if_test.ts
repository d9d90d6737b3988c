import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { Engine } from "../../../src/control/engine/engine.ts";
import { whatIf } from "../../../src/control/engine/what_if.ts";
import { PLAIN_OUTPUT } from "../../../src/control/output/output_policy.ts";
import { NORMAL_PROFILE } from "../../../src/control/profile/profile.ts";
import { engineConfig, engineSensor, engineShelf } from "../../support/engine_config.ts";

const WALL_MS = Date.UTC(2030, 0, 1);

/** An engine at rest: `cpu` at 40 °C, `disk` at 30 °C, two fans. */
function calm(): Engine {
  const engine = new Engine(
    engineConfig({
      sensors: [engineSensor("cpu"), engineSensor("disk", { failsafePercent: 70 })],
      shelves: [engineShelf("nas", ["cpu", "disk"], {
        output: { ...PLAIN_OUTPUT, risePercentPerS: 2, fallPercentPerS: 2 },
      })],
      profiles: [{ ...NORMAL_PROFILE, name: "quiet", maxPercent: 30 }],
    }),
    0,
  );
  const fans = [0, 1].map((channel) => (
    { channel, rpm: 800, state: "spinning" as const, appliedPercent: 40 }
  ));
  for (let atMs = 0; atMs < 5000; atMs += 1000) {
    engine.apply({ type: "reading", sensor: "cpu", tempC: 40, atMs });
    engine.apply({ type: "reading", sensor: "disk", tempC: 30, atMs });
    engine.apply({ type: "fans", shelf: "nas", board: "upper", fans, atMs });
    engine.tick({ atMs, wallMs: WALL_MS + atMs, lateMs: 0 });
  }
  return engine;
}

Deno.test("what is not supposed stays as it is", () => {
  const { now, steps, settled, fans } = whatIf(calm(), "nas", {});
  deepStrictEqual([now.percent, steps, settled], [40, [], true]);
  deepStrictEqual(fans, [{ board: "upper", channel: 0 }, { board: "upper", channel: 1 }]);
});

Deno.test("a sensor that were missing ends in its own failsafe, after the misses it may have", () => {
  const { steps, settled } = whatIf(calm(), "nas", { sensors: new Map([["disk", "missing"]]) });
  strictEqual(settled, true);
  deepStrictEqual(steps.map(({ afterMs, percent }) => [afterMs, percent]), [[4000, 70]]);
  match(steps[0]?.because ?? "", /^failsafe: sensor "disk" lost/);
});

Deno.test("of a gentle move the beginning and the end are told", () => {
  const { steps } = whatIf(calm(), "nas", { sensors: new Map([["cpu", 60]]) });
  deepStrictEqual(steps.map(({ afterMs, percent }) => [afterMs, percent]), [
    [1000, 42],
    [9000, 58],
    [10_000, 60],
  ]);
});

Deno.test("heat, stalled fans, a profile and an order can be supposed together", () => {
  const engine = calm();
  const at = (supposed: Parameters<typeof whatIf>[2]) =>
    whatIf(engine, "nas", supposed).steps.at(-1)?.percent;
  strictEqual(at({ sensors: new Map([["cpu", 95]]) }), 100);
  strictEqual(at({ fans: "stalled" }), 100);
  strictEqual(at({ profile: "quiet" }), 30);
  strictEqual(at({ profile: "quiet", override: 55 }), 55);
  strictEqual(at({ override: 25, sensors: new Map([["disk", "missing"]]) }), 70);
});

Deno.test("a supposition changes nothing, and tells what would be told", () => {
  const engine = calm();
  const before = JSON.stringify(engine.snapshot());
  const { findings } = whatIf(engine, "nas", { sensors: new Map([["cpu", "missing"]]) });
  ok(findings.some(({ kind, subject }) => kind === "missing" && subject === "cpu"));
  strictEqual(JSON.stringify(engine.snapshot()), before);
});

Deno.test("what never settles is run for a bounded time", () => {
  const engine = new Engine(
    engineConfig({
      shelves: [engineShelf("nas", ["cpu"], {
        output: { ...PLAIN_OUTPUT, risePercentPerS: 0.01 },
      })],
    }),
    0,
  );
  engine.apply({ type: "reading", sensor: "cpu", tempC: 40, atMs: 0 });
  engine.tick({ atMs: 0, wallMs: WALL_MS, lateMs: 0 });
  const { settled, ranMs } = whatIf(engine, "nas", { sensors: new Map([["cpu", 75]]) });
  deepStrictEqual([settled, ranMs], [false, 1_800_000]);
});
