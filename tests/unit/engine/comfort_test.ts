import assert from "node:assert/strict";
import { Engine } from "../../../src/control/engine/engine.ts";
import type { Override } from "../../../src/control/engine/override.ts";
import { engineConfig } from "../../../src/config/engine_config.ts";
import { parseFandIni } from "../../../src/config/ini/ini.ts";
import { parseToml } from "../../../src/config/toml/toml.ts";

const configOf = (cause: string) =>
  engineConfig(parseToml(
    `[[sensor]]
name = "cpu"
type = "cpu"
[[shelf]]
name = "nas"
[[shelf.cause]]
name = "cpu"
sensors = ["cpu"]
${cause}`,
    "x.toml",
  ));

const TABLE = "curve = [[40, 20], [80, 100]]\n";
const pid = (kp: number) => `shape = "pid"\ntarget_c = 60\nkp = ${kp}\nki = 0.05\n`;

const ORDER: Override = {
  percent: 90,
  expiresMs: null,
  expiresAt: null,
  forced: false,
  owner: "test",
  reason: null,
};

/** One second: a reading and a tick; the duty of the shelf. */
function second(engine: Engine, at: number, tempC: number, sensor = "cpu", shelf = "nas"): number {
  const atMs = at * 1000;
  engine.apply({ type: "reading", sensor, tempC, atMs });
  engine.tick({ atMs, wallMs: Date.UTC(2030, 0, 1) + atMs, lateMs: 0 });
  return engine.decision(shelf).percent;
}

Deno.test("an override acts at once, and its end is as gentle as anything", () => {
  const engine = new Engine(configOf(TABLE), 0);
  assert.equal(second(engine, 0, 50), 40);
  engine.apply({ type: "override", shelf: "nas", override: ORDER, atMs: 500 });
  assert.equal(engine.decision("nas").percent, 90);
  assert.equal(second(engine, 1, 50), 90);
  assert.equal(second(engine, 2, 50), 90);
  engine.apply({ type: "override", shelf: "nas", override: null, atMs: 2500 });
  assert.equal(second(engine, 3, 50), 89.5);
  assert.equal(second(engine, 4, 50), 89);
});

Deno.test("a lower override that ends gives way at once, as rises do", () => {
  const engine = new Engine(configOf(TABLE), 0);
  second(engine, 0, 70);
  const override = { ...ORDER, percent: 30 };
  engine.apply({ type: "override", shelf: "nas", override, atMs: 500 });
  assert.equal(second(engine, 1, 70), 30);
  engine.apply({ type: "override", shelf: "nas", override: null, atMs: 1500 });
  assert.equal(second(engine, 2, 70), 80);
});

Deno.test("a rise begins at the floor, however long the curves have been below it", () => {
  const config = configOf(TABLE);
  const [shelf] = config.shelves;
  assert.ok(shelf?.output);
  const output = { ...shelf.output, risePercentPerS: 5, fallPercentPerS: null };
  const engine = new Engine({ ...config, shelves: [{ ...shelf, floorPercent: 40, output }] }, 0);
  for (let at = 0; at < 5; at++) assert.equal(second(engine, at, 40), 40);
  assert.equal(second(engine, 5, 80), 45);
  assert.equal(second(engine, 6, 80), 50);
});

Deno.test("the full speed of a birth is left at once", () => {
  const engine = new Engine(configOf(TABLE), 0);
  engine.tick({ atMs: 0, wallMs: 0, lateMs: 0 });
  assert.equal(engine.decision("nas").percent, 100);
  assert.equal(second(engine, 1, 50), 40);
});

Deno.test("a reload that changes nothing here goes on bit by bit", () => {
  for (const cause of [TABLE, pid(2)]) {
    const temps = Array.from({ length: 60 }, (_, at) => 60 + 9 * Math.sin(at / 5));
    const old = new Engine(configOf(cause), 0);
    temps.slice(0, 30).forEach((tempC, at) => second(old, at, tempC));
    const state = JSON.parse(JSON.stringify(old.snapshot()));
    const reloaded = new Engine(configOf(cause), 29_500, state);
    for (const [index, tempC] of temps.slice(30).entries()) {
      assert.equal(second(reloaded, 30 + index, tempC), second(old, 30 + index, tempC));
    }
  }
});

Deno.test("a reload with other gains makes no jump", () => {
  const old = new Engine(configOf(pid(2)), 0);
  let before = 0;
  for (let at = 0; at < 30; at++) before = second(old, at, 64);
  const reloaded = new Engine(configOf(pid(7)), 29_500, old.snapshot());
  const after = second(reloaded, 30, 64);
  assert.ok(Math.abs(after - before) < 1, `${before} before, ${after} after`);
});

Deno.test("a fand.ini moves as its tables say, without a filter", () => {
  const ini = parseFandIni(
    "[DEFAULT]\nshelves = nas\nhdd_temps = 0: 25\nssd_temps = 0: 25\n" +
      "cpu_temps = 0: 25, 60: 50, 70: 80\n[nas]\ndevices = cpu; host\n",
    "fand.ini",
  );
  const engine = new Engine(engineConfig(ini), 0);
  const duties = [75, 65, 50, 61, 59.9].map((tempC, at) => second(engine, at, tempC));
  assert.deepEqual(duties, [80, 50, 25, 50, 25]);
});
