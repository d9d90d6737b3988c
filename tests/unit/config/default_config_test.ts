import { deepEqual, equal, ok } from "node:assert/strict";
import { evaluateCurve } from "../../../src/control/demand/curve.ts";
import type { FoundSensor } from "../../../src/sensors/discover/hwmon_inputs.ts";
import { defaultConfig } from "../../../src/config/default_config.ts";

const found = (kind: FoundSensor["kind"], chip: string, label?: string): FoundSensor => ({
  kind,
  source: label === undefined ? { type: "hwmon", chip } : { type: "hwmon", chip, label },
  text: chip,
});

const names = (sensors: readonly FoundSensor[]): string[][] =>
  defaultConfig(sensors).shelves.map(({ causes }) => causes.flatMap((cause) => cause.sensors));

Deno.test("the default on a machine without sensors runs on the thermal plant", () => {
  const config = defaultConfig([]);
  deepEqual(names([]), [["sim-cpu"], ["sim-hdd"]]);
  deepEqual(Object.keys(config.plants), ["nas"]);
  for (const { source } of config.sensors) equal(source.type, "simulated");
  equal(config.store, null);
  equal(config.source, "built-in default");
});

Deno.test("the default takes the sensors of this machine shelf by shelf", () => {
  deepEqual(names([found("cpu", "coretemp", "Core 0"), found("cpu", "coretemp", "Core 1")]), [
    ["cpu"],
    ["sim-hdd"],
  ]);
  deepEqual(names([found("hdd", "drivetemp"), found("ssd", "nvme"), found("hdd", "drivetemp")]), [
    ["sim-cpu"],
    ["hdd1", "hdd2", "ssd1"],
  ]);
});

Deno.test("the default leaves out inputs that may be connected to nothing", () => {
  deepEqual(names([found("other", "nct6775", "AUXTIN1")]), [["sim-cpu"], ["sim-hdd"]]);
  deepEqual(names([found("ssd", "nvme", "Composite"), found("ssd", "nvme", "Sensor 2")]), [
    ["sim-cpu"],
    ["ssd1"],
  ]);
});

Deno.test("the default puts both shelves on one simulated board, a channel each", () => {
  deepEqual(defaultConfig([]).boards, [{
    name: "board1",
    line: "sim:",
    channels: [{ shelf: "shelf1", channel: 0 }, { shelf: "shelf2", channel: 1 }],
    safePercent: 100,
    places: { sysfsRoot: "/sys", stateDir: "/run/fand" },
  }]);
});

Deno.test("the default's curves reach 100 % before the critical temperature", () => {
  const config = defaultConfig([found("ssd", "nvme"), found("hdd", "drivetemp")]);
  for (const { name, criticalC } of config.sensors) {
    const cause = config.shelves.flatMap(({ causes }) => causes)
      .find(({ sensors }) => sensors.includes(name));
    ok(cause && "curve" in cause && "points" in cause.curve);
    equal(evaluateCurve(cause.curve, criticalC), 100);
  }
});
