import assert from "node:assert/strict";
import { Engine } from "../../../src/control/engine/engine.ts";
import type { FanState } from "../../../src/control/engine/event.ts";
import { engineConfig } from "../../../src/config/engine_config.ts";
import { testConfig } from "../../support/serve.ts";

/** An engine whose shelf `nas` asks for 40 %, and its fans. */
class Bench {
  nowMs = 0;
  readonly config = engineConfig(testConfig());
  engine = new Engine(this.config, 0);

  /** Lives on; null: nobody reports. */
  live(seconds: number, states: FanState[] | null, tempC = 40): void {
    for (let second = 0; second < seconds; second++) {
      this.nowMs += 1000;
      const atMs = this.nowMs;
      this.engine.apply({ type: "reading", sensor: "nas", tempC, atMs });
      const fans = states?.map((state, channel) => ({
        channel,
        rpm: state === "spinning" ? 900 : null,
        state,
        appliedPercent: 40,
      }));
      if (fans) this.engine.apply({ type: "fans", shelf: "nas", board: "left", fans, atMs });
      this.engine.tick({ atMs, wallMs: 0, lateMs: 0 });
    }
  }

  get percent(): number {
    return this.engine.decision("nas").percent;
  }

  get kinds(): string[] {
    return this.engine.findings().map(({ kind }) => kind);
  }
}

Deno.test("Engine: no override takes from its siblings what a failed fan moved", () => {
  const bench = new Bench();
  bench.live(10, ["spinning", "stalled", "spinning"]);
  assert.equal(bench.percent, 60);
  const override = { expiresMs: null, expiresAt: null, forced: false, owner: "me", reason: null };
  const order = (percent: number) =>
    bench.engine.apply({
      type: "override",
      shelf: "nas",
      override: { ...override, percent },
      atMs: bench.nowMs,
    });
  order(20);
  assert.equal(bench.percent, 60);
  order(60);
  assert.equal(bench.percent, 90);
});

Deno.test("Engine tells of a board that does not report, for as long as it does not", () => {
  const bench = new Bench();
  bench.live(5, ["spinning"]);
  assert.deepEqual(bench.kinds, []);
  bench.live(60, null);
  assert.deepEqual(bench.kinds, ["no board"]);
  assert.equal(bench.percent, 40);
  bench.live(2, ["spinning"]);
  assert.deepEqual(bench.kinds, []);
});

Deno.test("Engine goes on from a snapshot with fans that are about to be alarmed", () => {
  const bench = new Bench();
  bench.live(4, ["spinning", "stalled"]);
  const again = new Bench();
  again.nowMs = bench.nowMs;
  again.engine = new Engine(bench.config, 0, JSON.parse(JSON.stringify(bench.engine.snapshot())));
  for (const each of [bench, again]) each.live(30, ["spinning", "stalled"], 50);
  assert.equal(again.percent, 100);
  assert.deepEqual(again.engine.snapshot(), bench.engine.snapshot());
});

Deno.test("Engine goes on from a snapshot as it decided, whatever fans have reported since", () => {
  const bench = new Bench();
  bench.live(4, ["spinning", "spinning"]);
  const report = (atMs: number) =>
    bench.engine.apply({
      type: "fans",
      shelf: "nas",
      board: "left",
      fans: [0, 1].map((channel) => ({ channel, rpm: null, state: "stalled", appliedPercent: 40 })),
      atMs,
    });
  report(bench.nowMs);
  report(bench.nowMs + 60_000);
  const decided = bench.engine.decision("nas");
  const snapshot = JSON.parse(JSON.stringify(bench.engine.snapshot()));
  assert.deepEqual(new Engine(bench.config, 0, snapshot).decision("nas"), decided);
});
