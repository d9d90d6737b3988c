import assert from "node:assert/strict";
import { DEFAULT_PHYSICS } from "../../../src/control/physics/physics_policy.ts";
import { PhysicsWatch } from "../../../src/control/physics/physics_watch.ts";
import { type Fault, watchedShelf } from "../../support/watched_shelf.ts";

const HOUR_S = 3600;
const DAY_S = 86_400;

/** The kinds of findings that hold after some days, of which the last ones have the fault. */
function kinds(seed: number, fault: Fault | null, options: { quantumK?: number } = {}) {
  const shelf = watchedShelf({ seed, ...options });
  const seen = new Set<string>();
  for (const { findings } of shelf.run(2 * DAY_S)) {
    for (const { kind, subject } of findings) seen.add(`${kind} ${subject}`);
  }
  const healthy = [...seen];
  if (fault === null) return { healthy, faulty: [] };
  seen.clear();
  shelf.fault = fault;
  for (const { findings } of shelf.run(18 * HOUR_S)) {
    for (const { kind, subject } of findings) seen.add(`${kind} ${subject}`);
  }
  return { healthy, faulty: [...seen].sort() };
}

Deno.test("PhysicsWatch is silent over days of any load", () => {
  for (const seed of [11, 12, 13]) assert.deepEqual(kinds(seed, null).healthy, []);
  assert.deepEqual(kinds(14, null, { quantumK: 1 }).healthy, []);
});

Deno.test("PhysicsWatch tells of a filter that lets less than a third through", () => {
  const { healthy, faulty } = kinds(21, "blocked");
  assert.deepEqual(healthy, []);
  assert.ok(faulty.includes("dust cpu"), faulty.join());
  assert.ok(!faulty.some((text) => text.startsWith("detached")), faulty.join());
});

Deno.test("PhysicsWatch tells of fans that blow elsewhere, also when it was never otherwise", () => {
  const { faulty } = kinds(31, "elsewhere");
  assert.ok(faulty.includes("dust cpu"), faulty.join());
  const shelf = watchedShelf({ seed: 32 });
  shelf.fault = "elsewhere";
  let text = "";
  for (const { findings } of shelf.run(2 * DAY_S)) {
    text ||= findings.find(({ subject }) => subject === "cpu")?.text ?? "";
  }
  assert.match(text, /^more air does not cool "cpu": it cools -?\d+ % faster at full air than at/);
});

Deno.test("PhysicsWatch tells of a sensor that has come off, until it is warm again", () => {
  const { faulty } = kinds(41, "detached");
  assert.deepEqual(faulty, ["detached cpu"]);
  const shelf = watchedShelf({ seed: 42 });
  shelf.settle(2 * DAY_S);
  shelf.fault = "detached";
  const { findings } = shelf.settle(6 * HOUR_S);
  assert.match(
    findings[0]?.text ?? "",
    /^"cpu" stays where it is while the air comes and goes; see/,
  );
  shelf.fault = null;
  assert.deepEqual(shelf.settle(HOUR_S).findings, []);
});

Deno.test("PhysicsWatch takes a dusty filter back once it is cleaned", () => {
  const shelf = watchedShelf({ seed: 51 });
  shelf.settle(2 * DAY_S);
  shelf.fault = "blocked";
  assert.ok(shelf.settle(12 * HOUR_S).findings.length > 0);
  shelf.fault = null;
  assert.deepEqual(shelf.settle(18 * HOUR_S).findings, []);
});

Deno.test("PhysicsWatch goes on from its state, and can be switched off", () => {
  const shelf = watchedShelf({ seed: 61 });
  shelf.settle(2 * DAY_S);
  shelf.fault = "blocked";
  const { findings } = shelf.settle(12 * HOUR_S);
  const state = JSON.parse(JSON.stringify(shelf.watch.state()));
  const again = new PhysicsWatch({ ...DEFAULT_PHYSICS, shelf: "nas" }, state);
  assert.deepEqual(again.observe(50, [], shelf.nowMs), findings);
  assert.deepEqual(JSON.parse(JSON.stringify(again.state())), state);
  assert.match(again.explain()[0]?.text ?? "", /^air cools "cpu" at \d\d % of what was learned/);
  const off = new PhysicsWatch({ ...DEFAULT_PHYSICS, check: false, shelf: "nas" }, state);
  assert.deepEqual(off.observe(50, [{ name: "cpu", tempC: 40, ageMs: 0 }], 0), []);
});

Deno.test("PhysicsWatch says nothing of sensors that are not known, or of another clock", () => {
  const watch = new PhysicsWatch({ ...DEFAULT_PHYSICS, shelf: "nas" });
  for (const nowMs of [5e6, 5e6 + 1000, 0, 1000, 9e9, 9e9 + 1]) {
    const sensors = [{ name: "a", tempC: null, ageMs: null }, { name: "b", tempC: 40, ageMs: 0 }];
    assert.deepEqual(watch.observe(30, sensors, nowMs), []);
  }
});

Deno.test("PhysicsWatch tells of a sensor that is colder than what it measured ever was", () => {
  const watch = new PhysicsWatch({ ...DEFAULT_PHYSICS, shelf: "nas" });
  const at = (nowMs: number, tempC: number) =>
    watch.observe(20, [{ name: "cpu", tempC, ageMs: 0 }], nowMs);
  let nowMs = 0;
  for (; nowMs < 25 * 3_600_000; nowMs += 1000) at(nowMs, 38 + 5 * Math.sin(nowMs / 3e6));
  // A night that is colder is no fault.
  for (; nowMs < 31 * 3_600_000; nowMs += 1000) at(nowMs, 33 - (nowMs - 25 * 3.6e6) / 3.6e6 * 0.8);
  assert.deepEqual(at(nowMs, 29), []);
  for (; nowMs < 32 * 3_600_000; nowMs += 1000) at(nowMs, 21);
  assert.match(
    at(nowMs, 21)[0]?.text ?? "",
    /^"cpu" reads more than 6 K below \d+\.\d °C, the coldest/,
  );
});
