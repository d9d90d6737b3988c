import { deepStrictEqual, strictEqual } from "node:assert/strict";
import type { Curve } from "../../src/control/demand/curve.ts";
import { decide, type DecisionInput, floorCause } from "../../src/control/engine/decision.ts";
import { watchMeasured, weighSensors } from "../../src/control/engine/evidence.ts";
import { unknownSensor } from "../../src/control/sensing/judgement.ts";
import { sensorsOf, type ShelfPolicy } from "../../src/control/engine/shelf_policy.ts";
import { Demand } from "../../src/control/demand/demand.ts";
import { createOverride, type Override } from "../../src/control/engine/override.ts";
import type {
  SensorJudgement,
  SensorPolicy,
  SensorState,
} from "../../src/control/sensing/sensor_health.ts";
import { defaultCriticalC } from "../../src/control/defaults.ts";

const CURVE: Curve = { shape: "linear", points: [[30, 25], [70, 65]] };
const NOW = { monotonicMs: 1000, wallMs: Date.UTC(2030, 0, 1) };

function policy(name: string, changes: Partial<SensorPolicy> = {}): SensorPolicy {
  return {
    name,
    kind: "cpu",
    intervalMs: 1000,
    timeoutMs: 500,
    misses: 3,
    minC: -20,
    maxC: 120,
    failsafePercent: 100,
    criticalC: 95,
    required: true,
    ...changes,
  };
}

function sensor(
  name: string,
  state: SensorState,
  tempC: number | null = null,
  validForMs = 4000,
): SensorJudgement {
  const usable = state !== "failed" && state !== "waiting";
  return {
    name,
    kind: "cpu",
    state,
    tempC,
    ageMs: 500,
    validForMs: usable ? validForMs : 0,
    reason: state === "failed" ? "4 misses in 3.0 s: gone" : null,
    fault: state === "failed" ? "missing" : null,
    failsafePercent: 0,
    sinceMs: 0,
  };
}

const SHELF: ShelfPolicy = {
  name: "rack",
  floorPercent: 20,
  causes: [{ name: "chips", curve: CURVE, sensors: ["cpu", "gpu"], combine: "max" }],
};

interface Situation {
  shelf: ShelfPolicy;
  policies: ReadonlyMap<string, SensorPolicy>;
  override: Override | null;
  lateMs: number;
  nowMs: number;
}

function input(sensors: SensorJudgement[], changes: Partial<Situation> = {}): DecisionInput {
  const { shelf = SHELF, override = null, lateMs = 0, nowMs = NOW.monotonicMs } = changes;
  const { policies = new Map([policy("cpu"), policy("gpu")].map((each) => [each.name, each])) } =
    changes;
  const judged = new Map(sensors.map((each) => [each.name, judgedBy(each, policies)]));
  const watched = sensorsOf(shelf).map((name) =>
    watchMeasured(judged.get(name) ?? unknownSensor(name), policies.get(name))
  );
  return {
    evidence: weighSensors(watched, 1000),
    fans: [],
    comfort: {
      curves: new Demand(shelf.causes).evaluate(judged, nowMs),
      profile: null,
      output: null,
    },
    floor: floorCause(shelf.floorPercent),
    override,
    lateMs,
    tickMs: 1000,
    nowMs,
  };
}

/** The judgement with what its policy asks for when it has failed. */
function judgedBy(
  judgement: SensorJudgement,
  policies: ReadonlyMap<string, SensorPolicy>,
): SensorJudgement {
  if (judgement.state !== "failed") return judgement;
  return { ...judgement, failsafePercent: policies.get(judgement.name)?.failsafePercent ?? 100 };
}

function order(percent: number, forced = false): Override {
  return createOverride(
    { percent, forced, expiresAt: NOW.wallMs + 60_000, owner: "me", reason: null },
    NOW,
  );
}

const CALM = [sensor("cpu", "ok", 50), sensor("gpu", "ok", 40)];

Deno.test("a shelf follows its hottest sensor and says so in words", () => {
  const decision = decide(input([sensor("cpu", "ok", 64.2), sensor("gpu", "ok", 40)]));
  strictEqual(Math.round(decision.percent * 10), 592);
  strictEqual(decision.pending, false);
  strictEqual(decision.born, true);
  strictEqual(decision.limit, null);
  strictEqual(decision.decidedMs, NOW.monotonicMs);
  deepStrictEqual(decision.causes.map(({ kind, name, text }) => [kind, name, text]), [
    ["curve", "chips", "cpu 64.2 °C -> 59.2 %"],
    ["floor", "floor", "floor 20 %"],
  ]);
});

Deno.test("the highest of several curves decides", () => {
  const shelf: ShelfPolicy = {
    ...SHELF,
    causes: [
      { name: "cpus", curve: CURVE, sensors: ["cpu"], combine: "max" },
      { name: "gpus", curve: CURVE, sensors: ["gpu"], combine: "max" },
    ],
  };
  const decision = decide(input([sensor("cpu", "ok", 40), sensor("gpu", "ok", 60)], { shelf }));
  strictEqual(decision.percent, 55);
  deepStrictEqual(decision.causes.map(({ name }) => name), ["gpus", "floor", "cpus"]);
});

Deno.test("the floor holds under a curve that asks for less", () => {
  const curve: Curve = { shape: "step", points: [[0, 5]] };
  const causes = [{ name: "chips", curve, sensors: ["cpu"], combine: "max" as const }];
  const decision = decide(input(CALM, { shelf: { ...SHELF, causes } }));
  strictEqual(decision.percent, 20);
  strictEqual(decision.causes[0]?.kind, "floor");
});

Deno.test("a shelf is born at 100 % and pending until every required sensor has reported", () => {
  const decision = decide(input([sensor("cpu", "ok", 40), sensor("gpu", "waiting")]));
  strictEqual(decision.percent, 100);
  strictEqual(decision.pending, true);
  strictEqual(decision.born, false);
  strictEqual(
    decision.causes[0]?.text,
    'failsafe: waiting for the first reading of "gpu" -> 100 %',
  );
});

Deno.test("a sensor that is not required does not hold the birth up", () => {
  const policies = new Map([
    ["cpu", policy("cpu")],
    ["gpu", policy("gpu", { required: false })],
  ]);
  const decision = decide(
    input([sensor("cpu", "ok", 50), sensor("gpu", "waiting")], { policies }),
  );
  strictEqual(decision.percent, 45);
  strictEqual(decision.born, true);
});

Deno.test("a shelf is born once a required sensor has failed", () => {
  const decision = decide(input([sensor("cpu", "ok", 50), sensor("gpu", "failed")]));
  strictEqual(decision.born, true);
  strictEqual(decision.pending, false);
  strictEqual(decision.percent, 100);
  strictEqual(
    decision.causes[0]?.text,
    'failsafe: sensor "gpu" lost (4 misses in 3.0 s: gone) -> 100 %',
  );
});

Deno.test("a lost or critical sensor is told even while another is awaited", () => {
  const lost = decide(input([sensor("cpu", "failed"), sensor("gpu", "waiting")]));
  strictEqual(lost.pending, false);
  strictEqual(lost.percent, 100);
  const critical = decide(input([sensor("cpu", "ok", 99), sensor("gpu", "waiting")]));
  strictEqual(critical.pending, false);
  strictEqual(critical.causes[0]?.kind, "critical");
});

Deno.test("the highest failsafe of the lost sensors holds, and hotter curves rise above it", () => {
  const policies = new Map([
    ["cpu", policy("cpu", { failsafePercent: 50 })],
    ["gpu", policy("gpu", { failsafePercent: 70 })],
  ]);
  const both = decide(input([sensor("cpu", "failed"), sensor("gpu", "failed")], { policies }));
  strictEqual(both.percent, 70);
  strictEqual(both.causes[0]?.name, "gpu");
  const hot = decide(input([sensor("cpu", "failed"), sensor("gpu", "ok", 70)], { policies }));
  strictEqual(hot.percent, 65);
  strictEqual(hot.causes[0]?.kind, "curve");
});

Deno.test("a sensor that nobody polls has failed", () => {
  const decision = decide(input([sensor("cpu", "ok", 40)], { policies: new Map() }));
  strictEqual(decision.percent, 100);
  strictEqual(
    decision.causes[0]?.text,
    'failsafe: sensor "gpu" lost (no such sensor) -> 100 %',
  );
});

Deno.test("a shelf that nothing measures runs at full speed", () => {
  const shelf = { ...SHELF, causes: [] };
  const decision = decide(input([], { shelf }));
  strictEqual(decision.percent, 100);
  strictEqual(decision.pending, false);
  strictEqual(decision.causes[0]?.name, "unmeasured");
});

Deno.test("sleeping devices ask for what their curve gives at rest", () => {
  const decision = decide(input([sensor("cpu", "asleep"), sensor("gpu", "asleep")]));
  strictEqual(decision.percent, 25);
  strictEqual(decision.causes[0]?.text, "cpu asleep -> 25 %");
});

Deno.test("a tick that is later than its period is a failsafe, one that is not is none", () => {
  strictEqual(decide(input(CALM, { lateMs: 1000 })).percent, 45);
  const late = decide(input(CALM, { lateMs: 1001 }));
  strictEqual(late.percent, 100);
  strictEqual(late.causes[0]?.text, "failsafe: the tick is 1.0 s late -> 100 %");
  strictEqual(decide(input(CALM, { lateMs: NaN })).percent, 100);
});

Deno.test("a critical temperature stands above every override, even a forced one", () => {
  const sensors = [sensor("cpu", "ok", 95), sensor("gpu", "ok", 40)];
  const decision = decide(input(sensors, { override: order(30, true) }));
  strictEqual(decision.percent, 100);
  strictEqual(decision.causes[0]?.text, 'critical: "cpu" 95.0 °C >= 95.0 °C -> 100 %');
  strictEqual(decision.limit, 'critical: "cpu" 95.0 °C >= 95.0 °C -> 100 %');
});

Deno.test("a tolerated miss keeps a temperature critical", () => {
  const sensors = [sensor("cpu", "missed", 97), sensor("gpu", "ok", 40)];
  strictEqual(decide(input(sensors)).percent, 100);
});

Deno.test("an override takes the place of the curves, upwards and downwards", () => {
  for (const percent of [30, 90]) {
    const decision = decide(input(CALM, { override: order(percent) }));
    strictEqual(decision.percent, percent);
    strictEqual(decision.limit, null);
    strictEqual(decision.causes[0]?.text, `override ${percent} %`);
  }
});

Deno.test("an override below the floor gets the floor and is told so", () => {
  for (const forced of [false, true]) {
    const decision = decide(input(CALM, { override: order(0, forced) }));
    strictEqual(decision.percent, 20);
    strictEqual(decision.limit, "floor 20 %");
  }
});

Deno.test("a failsafe limits an override unless it is forced", () => {
  const sensors = [sensor("cpu", "ok", 50), sensor("gpu", "failed")];
  const plain = decide(input(sensors, { override: order(30) }));
  strictEqual(plain.percent, 100);
  strictEqual(plain.limit, 'failsafe: sensor "gpu" lost (4 misses in 3.0 s: gone) -> 100 %');
  const forced = decide(input(sensors, { override: order(30, true) }));
  strictEqual(forced.percent, 30);
  strictEqual(forced.limit, null);
  strictEqual(forced.causes[0]?.text, "override 30 %, forced below failsafes");
  strictEqual(forced.causes.some(({ kind }) => kind === "failsafe"), true);
});

Deno.test("a forced override decides before the shelf is born, a plain one does not", () => {
  const sensors = [sensor("cpu", "ok", 50), sensor("gpu", "waiting")];
  const forced = decide(input(sensors, { override: order(30, true) }));
  deepStrictEqual([forced.percent, forced.pending, forced.born], [30, false, false]);
  const plain = decide(input(sensors, { override: order(30) }));
  deepStrictEqual([plain.percent, plain.pending, plain.born], [100, true, false]);
});

Deno.test("an override whose time is up is gone", () => {
  const decision = decide(input(CALM, { override: order(90), nowMs: NOW.monotonicMs + 60_000 }));
  strictEqual(decision.percent, 45);
  strictEqual(decision.causes.some(({ kind }) => kind === "override"), false);
});

Deno.test("a decision holds until the tick after the first of its readings has run out", () => {
  const sensors = [sensor("cpu", "ok", 50, 3000), sensor("gpu", "missed", 40, 700)];
  strictEqual(decide(input(sensors)).validForMs, 700 + 1000);
});

Deno.test("a failsafe holds for the time that a reading would, and not for ever", () => {
  const one = decide(input([sensor("cpu", "ok", 50, 3000), sensor("gpu", "failed")]));
  strictEqual(one.validForMs, 3000 + 1000);
  const all = decide(input([sensor("cpu", "failed"), sensor("gpu", "failed")]));
  strictEqual(all.validForMs, 4500);
  const none = decide(input([], { policies: new Map() }));
  strictEqual(none.validForMs, 2000);
});

Deno.test("numbers that are none ask for everything", () => {
  strictEqual(decide(input(CALM, { shelf: { ...SHELF, floorPercent: NaN } })).percent, 100);
  strictEqual(decide(input(CALM, { override: { ...order(30), percent: NaN } })).percent, 100);
  const policies = new Map([
    ["cpu", policy("cpu", { failsafePercent: NaN })],
    ["gpu", policy("gpu")],
  ]);
  const sensors = [sensor("cpu", "failed"), sensor("gpu", "ok", 40)];
  strictEqual(decide(input(sensors, { policies })).percent, 100);
});

for (const [kind, tempC] of [["hdd", 60], ["ssd", 75], ["cpu", 95], ["toString", 90]] as const) {
  Deno.test(`the critical temperature of ${kind} is ${tempC} °C when nobody says otherwise`, () => {
    strictEqual(defaultCriticalC(kind), tempC);
  });
}
