/** What it costs to judge the sensors of 10 000 shelves once: 100 000 of them, and derived ones. */

import type { DerivedPolicy } from "../src/control/sensing/derived_policy.ts";
import { Sensing } from "../src/control/sensing/sensing.ts";
import { defaultSensor } from "../src/config/sensor_defaults.ts";

const SHELVES = 10_000;
const SENSORS = 10;

/** Every shelf with ten drives that are siblings, and one sensor derived from them. */
function build(): { sensing: Sensing; names: string[] } {
  const policies = Array.from({ length: SHELVES * SENSORS }, (_, at) => ({
    ...defaultSensor(`s${at}`, "hdd", { type: "smart", serial: `${at}` }),
    group: `shelf${Math.floor(at / SENSORS)}`,
  }));
  const names = policies.map(({ name }) => name);
  const derived = Array.from({ length: SHELVES }, (_, shelf): DerivedPolicy => ({
    type: "max",
    name: `max${shelf}`,
    kind: "hdd",
    of: names.slice(shelf * SENSORS, (shelf + 1) * SENSORS),
  }));
  return { sensing: new Sensing(policies, derived, 0), names };
}

const { sensing, names } = build();
let nowMs = 0;

/** A tick in which every sensor says something; the readings themselves are not measured. */
function bench(name: string, say: (sensor: string, at: number) => void): void {
  Deno.bench(`judge 100 000 sensors and 10 000 derived ones: ${name}`, { n: 30 }, (b) => {
    nowMs += 1000;
    for (const [at, sensor] of names.entries()) say(sensor, at);
    b.start();
    sensing.judge(nowMs);
    b.end();
  });
}

bench("as before", (sensor) => sensing.reading(sensor, 40, nowMs));
bench("all others", (sensor, at) => sensing.reading(sensor, 30 + (at + nowMs / 1000) % 9, nowMs));
bench("all missed", (sensor) => sensing.miss(sensor, "no answer", "timeout", nowMs));
