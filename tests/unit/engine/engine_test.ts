import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { Engine } from "../../../src/control/engine/engine.ts";
import type { EngineConfig } from "../../../src/control/engine/engine_config.ts";
import type { FanReport } from "../../../src/control/engine/event.ts";
import type { Override } from "../../../src/control/engine/override.ts";
import { PLAIN_OUTPUT } from "../../../src/control/output/output_policy.ts";
import { NORMAL_PROFILE } from "../../../src/control/profile/profile.ts";
import { engineConfig, engineSensor, engineShelf } from "../../support/engine_config.ts";

const WALL_MS = Date.UTC(2030, 0, 1);
const ORDER: Override = {
  percent: 30,
  expiresMs: 60_000,
  expiresAt: WALL_MS + 60_000,
  forced: false,
  owner: "me",
  reason: "a recording",
};

/** An engine that is told temperatures and ticks once a second. */
class Run {
  engine: Engine;
  nowMs = 0;
  readonly tempsC = new Map<string, number>();
  constructor(config: EngineConfig = engineConfig()) {
    this.engine = new Engine(config, 0);
  }

  /** So many seconds; returns which shelves changed in the last tick. */
  seconds(count: number): string[] {
    let changed: string[] = [];
    for (let second = 0; second < count; second++) {
      const atMs = this.nowMs;
      for (const [sensor, tempC] of this.tempsC) {
        this.engine.apply({ type: "reading", sensor, tempC, atMs });
      }
      changed = this.engine.tick({ atMs, wallMs: WALL_MS + atMs, lateMs: 0 });
      this.nowMs += 1000;
    }
    return changed;
  }

  order(override: Override | null): void {
    this.engine.apply({ type: "override", shelf: "nas", override, atMs: this.nowMs });
  }

  percent(shelf = "nas"): number {
    return this.engine.decision(shelf).percent;
  }

  /** Goes on with a snapshot that has been text in between. */
  restart(config: EngineConfig = this.engine.config): void {
    const state = JSON.parse(JSON.stringify(this.engine.snapshot()));
    this.engine = new Engine(config, this.nowMs, state);
  }
}

function fan(channel: number, state: FanReport["state"]): FanReport {
  return { channel, rpm: state === "stalled" ? 0 : 900, state, appliedPercent: 50 };
}

Deno.test("an engine is born at full speed, follows its sensors, and tells what changed", () => {
  const run = new Run();
  strictEqual(run.percent(), 100);
  strictEqual(run.engine.decision("nas").pending, true);
  run.tempsC.set("cpu", 42);
  deepStrictEqual(run.seconds(1), ["nas"]);
  strictEqual(run.percent(), 42);
  deepStrictEqual(run.seconds(1), []);
  strictEqual(run.engine.decision("nas").decidedMs, 1000);
});

Deno.test("a calm shelf keeps its causes and renews its decision", () => {
  const run = new Run();
  run.tempsC.set("cpu", 42);
  run.seconds(2);
  const before = run.engine.decision("nas");
  run.seconds(1);
  const after = run.engine.decision("nas");
  strictEqual(after.causes, before.causes);
  strictEqual(after.decidedMs, before.decidedMs + 1000);
});

Deno.test("an override holds at once, with the evidence of the last tick and as old as that", () => {
  const run = new Run();
  run.tempsC.set("cpu", 42);
  run.seconds(1);
  run.nowMs += 400;
  run.order(ORDER);
  const { percent, decidedMs } = run.engine.decision("nas");
  deepStrictEqual([percent, decidedMs], [30, 0]);
  run.order(null);
  strictEqual(run.percent(), 42);
});

Deno.test("events of what the configuration does not know are counted and ignored", () => {
  const { engine } = new Run();
  engine.apply({ type: "reading", sensor: "moon", tempC: 4, atMs: 0 });
  engine.apply({ type: "override", shelf: "moon", override: ORDER, atMs: 0 });
  engine.apply({ type: "fans", shelf: "moon", board: "", fans: [], atMs: 0 });
  strictEqual(engine.ignored, 3);
});

Deno.test("a critical temperature stands above every override, also of a derived sensor", () => {
  const run = new Run(engineConfig({
    sensors: [engineSensor("a"), engineSensor("b")],
    derived: [{ name: "mean", kind: "other", type: "mean", of: ["a", "b"], criticalC: 70 }],
    shelves: [engineShelf("nas", ["mean"])],
  }));
  run.tempsC.set("a", 60).set("b", 60);
  run.seconds(1);
  run.order({ ...ORDER, forced: true });
  strictEqual(run.percent(), 30);
  run.tempsC.set("b", 85);
  run.seconds(1);
  strictEqual(run.percent(), 100);
  match(run.engine.decision("nas").limit ?? "", /critical: "mean" 72\.5 °C/);
});

Deno.test("a profile bends the curves, below an override, and until its time is up", () => {
  const quiet = { ...NORMAL_PROFILE, name: "quiet", shelves: ["nas"], maxPercent: 35 };
  const run = new Run(engineConfig({
    shelves: [engineShelf("nas", ["cpu"]), engineShelf("rack", ["cpu"])],
    profiles: [quiet],
  }));
  run.tempsC.set("cpu", 60);
  run.seconds(1);
  const profile = {
    name: "quiet",
    source: "hand" as const,
    owner: "me",
    reason: null,
    expiresMs: 3500,
    expiresAt: WALL_MS + 3500,
  };
  run.engine.apply({ type: "profile", profile, atMs: run.nowMs });
  run.seconds(1);
  deepStrictEqual([run.percent(), run.percent("rack")], [35, 60]);
  strictEqual(run.engine.decision("nas").causes[0]?.kind, "profile");
  run.order({ ...ORDER, percent: 50 });
  strictEqual(run.percent(), 50);
  run.order(null);
  run.seconds(3);
  strictEqual(run.percent(), 60);
});

Deno.test("output filters move comfort gently and never what stands above it", () => {
  const output = { ...PLAIN_OUTPUT, risePercentPerS: 2, fallPercentPerS: 1 };
  const run = new Run(engineConfig({ shelves: [engineShelf("nas", ["cpu"], { output })] }));
  run.tempsC.set("cpu", 40);
  run.seconds(1);
  strictEqual(run.percent(), 40);
  run.tempsC.set("cpu", 60);
  run.seconds(1);
  strictEqual(run.percent(), 42);
  strictEqual(run.engine.decision("nas").causes[0]?.text, "cpu 60.0 °C -> 60 %, filtered -> 42 %");
  run.tempsC.set("cpu", 95);
  run.seconds(1);
  strictEqual(run.percent(), 100);
  run.tempsC.set("cpu", 40);
  run.seconds(1);
  strictEqual(run.percent(), 99, "the end of a failsafe is as gentle as anything");
});

Deno.test("the others do what a stalled fan moved, until it turns again", () => {
  const run = new Run();
  run.tempsC.set("cpu", 45);
  const report = (fans: FanReport[]): void =>
    run.engine.apply({ type: "fans", shelf: "nas", board: "b", fans, atMs: run.nowMs });
  report([fan(0, "spinning"), fan(1, "spinning"), fan(2, "spinning")]);
  run.seconds(1);
  strictEqual(run.percent(), 45);
  for (let second = 0; second < 10; second++) {
    report([fan(0, "spinning"), fan(1, "spinning"), fan(2, "stalled")]);
    run.seconds(1);
  }
  strictEqual(run.percent(), 67.5);
  ok(run.engine.findings().some(({ kind }) => kind === "stall"));
  run.order(ORDER);
  strictEqual(run.percent(), 67.5, "no order takes it back");
});

Deno.test("findings begin and end once, and keep when they began", () => {
  const run = new Run();
  run.tempsC.set("cpu", 42);
  run.seconds(1);
  run.tempsC.clear();
  const heard: string[] = [];
  for (let second = 0; second < 12; second++) {
    if (second === 9) run.tempsC.set("cpu", 42);
    run.seconds(1);
    for (const { finding, holds } of run.engine.findingChanges) {
      heard.push(`${second} ${holds ? "begins" : "ends"} ${finding.kind} ${finding.subject}`);
    }
  }
  deepStrictEqual(heard, [
    "4 begins timeout cpu",
    "4 begins failsafe cpu",
    "9 ends timeout cpu",
    "9 ends failsafe cpu",
  ]);
});

Deno.test("a snapshot goes on bit for bit, whatever it is about", () => {
  const output = { ...PLAIN_OUTPUT, risePercentPerS: 0.7, fallPercentPerS: 0.3 };
  const run = new Run(engineConfig({ shelves: [engineShelf("nas", ["cpu"], { output })] }));
  const twin = new Run(run.engine.config);
  for (let second = 0; second < 60; second++) {
    for (const each of [run, twin]) {
      each.tempsC.set("cpu", 40 + 25 * Math.sin(second / 7));
      if (second === 20) each.order(ORDER);
      each.seconds(1);
    }
    twin.engine = new Engine(
      twin.engine.config,
      0,
      JSON.parse(JSON.stringify(twin.engine.snapshot())),
    );
    deepStrictEqual(twin.engine.decision("nas"), run.engine.decision("nas"));
  }
});

Deno.test("another configuration keeps the state of what did not change", () => {
  const output = { ...PLAIN_OUTPUT, risePercentPerS: 1 };
  const shelf = engineShelf("nas", ["cpu"], { output });
  const run = new Run(engineConfig({ shelves: [shelf] }));
  run.tempsC.set("cpu", 40);
  run.seconds(2);
  run.tempsC.set("cpu", 60);
  run.seconds(3);
  strictEqual(run.percent(), 43);
  run.restart(engineConfig({
    sensors: [engineSensor("cpu"), engineSensor("new")],
    shelves: [{ ...shelf, floorPercent: 25 }, engineShelf("rack", ["new"])],
  }));
  deepStrictEqual([run.percent(), run.engine.decision("nas").pending], [43, false]);
  run.seconds(1);
  deepStrictEqual([run.percent(), run.engine.decision("nas").pending], [44, false]);
  strictEqual(run.engine.decision("rack").pending, true);
});

Deno.test("an explanation tells every step, who ordered what until when, and what would change it", () => {
  const output = { ...PLAIN_OUTPUT, risePercentPerS: 1 };
  const run = new Run(engineConfig({ shelves: [engineShelf("nas", ["cpu"], { output })] }));
  run.tempsC.set("cpu", 40);
  run.seconds(1);
  run.tempsC.set("cpu", 60);
  run.seconds(1);
  const { percent, winner, steps, changes } = run.engine.explain("nas");
  deepStrictEqual([percent, winner], [41, "cpu 60.0 °C -> 60 %, filtered -> 41 %"]);
  deepStrictEqual(steps.map(({ what }) => what), ["sensor", "curve", "limit", "floor", "result"]);
  strictEqual(steps[0]?.text, "cpu: 60.0 °C, 0.0 s old");
  ok(changes.some((change) => change.startsWith("curve: at 80.0 °C")), changes.join("; "));
  run.order(ORDER);
  const ordered = run.engine.explain("nas");
  const step = ordered.steps.find(({ what }) => what === "override");
  strictEqual(step?.text, "override 30 %, by me (a recording)");
  strictEqual(step?.until, ORDER.expiresAt);
  match(ordered.changes[0] ?? "", /^override: when it ends/);
});

Deno.test("the explanation of a lost sensor says what would bring it back", () => {
  const run = new Run();
  run.tempsC.set("cpu", 40);
  run.seconds(1);
  run.tempsC.clear();
  run.seconds(6);
  const { steps, changes } = run.engine.explain("nas");
  strictEqual(steps[0]?.reason, "silent for 4.5 s and more");
  ok(steps[0].text.endsWith(`(failed: ${steps[0].reason})`), steps[0].text);
  // The reason stands with the sensor; it is not told again.
  const fault = steps.find(({ what }) => what === "fault");
  strictEqual(fault?.text, "cpu: timeout; asks for 100 %");
  match(changes[0] ?? "", /^sensor "cpu": its readings must come in time again/);
});

Deno.test("where no curve can say anything, no filter of the output is told of", () => {
  const output = { ...PLAIN_OUTPUT, fallPercentPerS: 0.5 };
  const run = new Run(engineConfig({
    sensors: [engineSensor("cpu", { failsafePercent: 50 })],
    shelves: [engineShelf("nas", ["cpu"], { output })],
  }));
  const limits = () => run.engine.explain("nas").steps.filter(({ what }) => what === "limit");
  run.tempsC.set("cpu", 60);
  run.seconds(1);
  run.tempsC.set("cpu", 40);
  run.seconds(2);
  strictEqual(limits().length, 1);
  run.tempsC.clear();
  run.seconds(6);
  deepStrictEqual([run.percent(), limits()], [50, []]);
});

Deno.test("a slice decides about its shelf as the whole engine does", () => {
  const run = new Run(engineConfig({
    sensors: [engineSensor("a"), engineSensor("b"), engineSensor("c")],
    derived: [{ name: "warmest", kind: "other", type: "max", of: ["a", "b"] }],
    shelves: [engineShelf("nas", ["warmest"]), engineShelf("rack", ["c"])],
  }));
  run.tempsC.set("a", 40).set("b", 50).set("c", 60);
  run.seconds(3);
  const part = run.engine.slice(["nas"]);
  deepStrictEqual(part.sensors.map(({ name }) => name), ["a", "b"]);
  deepStrictEqual(part.shelves.map(({ name }) => name), ["nas"]);
  const copy = new Engine(part, 0, run.engine.snapshot(["nas"]));
  deepStrictEqual(copy.decision("nas"), run.engine.decision("nas"));
});
