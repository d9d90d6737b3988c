import assert from "node:assert/strict";
import {
  loadAt,
  NAS_SHELF,
  Plant,
  type PlantSpec,
  steadyTempC,
} from "../../src/sensors/simulated/plant.ts";

const CRITICAL_C = { cpu: 95, hdd: 60 } as const;

const HEATER: PlantSpec = {
  ambientC: 20,
  noiseK: 0,
  sources: [{
    name: "heater",
    load: 1,
    idleW: 0,
    fullW: 10,
    capacityJPerK: 5,
    stillWPerK: 0.1,
    flowWPerK: 0.4,
  }],
};

function source(name: string) {
  const found = NAS_SHELF.sources.find((candidate) => candidate.name === name);
  assert.ok(found);
  return found;
}

Deno.test("a source comes to rest where heat and air flow balance", () => {
  const plant = new Plant(HEATER);
  for (let second = 0; second < 200; second++) plant.step(1000, 1);
  assert.ok(Math.abs((plant.read("heater") ?? 0) - 40) < 0.001);
  for (let second = 0; second < 1000; second++) plant.step(1000, 0);
  assert.ok(Math.abs((plant.read("heater") ?? 0) - 120) < 0.001);
});

Deno.test("a source warms up with its time constant", () => {
  const plant = new Plant(HEATER);
  const startC = plant.read("heater") ?? 0;
  for (let step = 0; step < 100; step++) plant.step(100, 1);
  const expectedC = 40 + (startC - 40) * Math.exp(-1);
  assert.ok(Math.abs((plant.read("heater") ?? 0) - expectedC) < 0.001);
});

Deno.test("a schedule is linear between its points and begins again", () => {
  const schedule = [[0, 0], [10, 1], [20, 0.5]] as const;
  assert.equal(loadAt(schedule, 5), 0.5);
  assert.equal(loadAt(schedule, 15), 0.75);
  assert.equal(loadAt(schedule, 25), 0.5);
  assert.equal(loadAt([[0, 0.2], [5, 0.2], [5, 0.9], [6, 0.9]], 5.5), 0.9);
  assert.equal(loadAt(0.3, 99), 0.3);
  assert.equal(loadAt([], 1), 0);
  assert.equal(loadAt([[0, 0.4]], 7), 0.4);
});

Deno.test("readings have noise of the told size, the same for the same seed", () => {
  const readings = (seed: number) => {
    const plant = new Plant({ ...HEATER, noiseK: 0.5 }, seed);
    return Array.from({ length: 100 }, () => plant.read("heater") ?? 0);
  };
  const trueC = new Plant(HEATER).read("heater") ?? 0;
  assert.deepEqual(readings(3), readings(3));
  assert.notDeepEqual(readings(3), readings(4));
  assert.ok(readings(3).every((tempC) => Math.abs(tempC - trueC) <= 0.5));
  assert.ok(new Set(readings(3)).size > 90);
});

Deno.test("what is not there has neither reading nor load", () => {
  const plant = new Plant();
  assert.deepEqual(plant.sources, ["cpu", "hdd"]);
  assert.equal(plant.read("gpu"), undefined);
  assert.equal(plant.load("gpu"), undefined);
  assert.equal(plant.load("cpu"), 0.15);
});

Deno.test.each(["cpu", "hdd"] as const)(
  "the default %s needs its fans under full load, and they suffice",
  (name: "cpu" | "hdd") => {
    const { ambientC } = NAS_SHELF;
    assert.ok(steadyTempC(source(name), ambientC, 1, 0.2) > CRITICAL_C[name]);
    assert.ok(steadyTempC(source(name), ambientC, 1, 1) < CRITICAL_C[name] - 15);
    assert.ok(steadyTempC(source(name), ambientC, 0.15, 0.3) < CRITICAL_C[name] - 15);
  },
);

Deno.test("the default shelf under control swings within a minute and never gets critical", () => {
  const plant = new Plant();
  const ranges = new Map(plant.sources.map((name) => [name, { lowC: Infinity, highC: 0 }]));
  let airflow = 0.3;
  for (let halfSecond = 0; halfSecond < 240; halfSecond++) {
    const cpuC = plant.read("cpu") ?? 0;
    const hddC = plant.read("hdd") ?? 0;
    const demand = Math.max(0.2, 0.2 + (cpuC - 40) / 30 * 0.8, 0.2 + (hddC - 34) / 12 * 0.8);
    airflow += (Math.min(1, demand) - airflow) * 0.35;
    plant.step(500, airflow);
    for (const [name, range] of ranges) {
      const tempC = plant.read(name) ?? 0;
      range.lowC = Math.min(range.lowC, tempC);
      range.highC = Math.max(range.highC, tempC);
    }
  }
  const cpu = ranges.get("cpu");
  const hdd = ranges.get("hdd");
  assert.ok(cpu && hdd);
  assert.ok(cpu.lowC > 36 && cpu.lowC < 44 && cpu.highC > 60 && cpu.highC < 72, `${cpu.highC}`);
  assert.ok(hdd.lowC > 33 && hdd.lowC < 40 && hdd.highC > 41 && hdd.highC < 47, `${hdd.highC}`);
});
