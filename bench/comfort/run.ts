/**
 * One way of control on the thermal plant: what it did to temperatures, power and quiet.
 *
 * @module
 */

import { CASE_FAN, FanModel } from "../../src/board/sim/fan_model.ts";
import { seededRandom } from "../../src/seeded_random.ts";
import {
  type LoadSchedule,
  NAS_SHELF,
  Plant,
  type PlantSpec,
} from "../../src/sensors/simulated/plant.ts";

/** Decides a duty in percent from temperatures in °C by name. */
export interface Way {
  readonly name: string;
  /** Time between two decisions. */
  readonly tickMs: number;
  decide(temps: ReadonlyMap<string, number>, nowMs: number): number;
}

/** What came of it. */
export interface Outcome {
  /** The highest temperature of each source, in °C. */
  readonly peakC: Readonly<Record<string, number>>;
  /** Seconds in which at least one source was above its limit. */
  readonly overS: number;
  /** Mean of the cube of the speed, in percent of that at full speed: what the fans take. */
  readonly powerPercent: number;
  /** How often the speed was more than 3 % of the highest away from what it was 5 s before. */
  readonly changes: number;
}

/** Above this a source is too warm: well before its critical temperature, in °C. */
export const LIMITS_C: Readonly<Record<string, number>> = { cpu: 75, hdd: 45 };

const HOURS = 4;
const WARM_UP_MS = 600_000;
const STEP_MS = 100;
const LISTEN_MS = 5000;
const AUDIBLE_PERCENT = 3;

/**
 * Work as it comes on a small server: pauses of half a minute to ten minutes, then ten seconds to
 * ten minutes of half to full load.
 */
export function loadTrace(seed: number): LoadSchedule {
  const random = seededRandom(seed);
  const points: [number, number][] = [[0, 0.1]];
  let second = 0;
  for (let isBusy = false; second < HOURS * 3600; isBusy = !isBusy) {
    const lastsS = isBusy ? 10 * 60 ** random() : 30 * 20 ** random();
    const load = isBusy ? 0.5 + 0.5 * random() : 0.05 + 0.15 * random();
    points.push([second + 1, load], [second + lastsS, load]);
    second += lastsS;
  }
  return points;
}

/**
 * The built-in plant under a load of {@link loadTrace}.
 *
 * @param inertia How many times more heat its parts take up than the lively built-in ones.
 */
export function plantUnder(load: LoadSchedule, inertia: number): PlantSpec {
  const sources = NAS_SHELF.sources.map((source) => ({
    ...source,
    load,
    capacityJPerK: source.capacityJPerK * inertia,
  }));
  return { ...NAS_SHELF, sources };
}

/** Lets `way` control the plant for some hours; its fan is the one of the simulated board. */
export function runWay(spec: PlantSpec, way: Way): Outcome {
  const plant = new Plant(spec);
  const fan = new FanModel(CASE_FAN);
  const peakC: Record<string, number> = {};
  let duty = 100;
  let overS = 0;
  let cubes = 0;
  let steps = 0;
  let changes = 0;
  let heardPercent = NaN;
  for (let nowMs = 0; nowMs < HOURS * 3_600_000; nowMs += STEP_MS) {
    const speed = fan.rpm / CASE_FAN.maxRpm;
    if (nowMs % 1000 === 0) {
      const temps = new Map(plant.sources.map((name) => [name, plant.read(name) ?? NaN]));
      if (nowMs % way.tickMs === 0) duty = way.decide(temps, nowMs);
      if (nowMs >= WARM_UP_MS) {
        for (const [name, tempC] of temps) peakC[name] = Math.max(peakC[name] ?? -Infinity, tempC);
        if ([...temps].some(([name, tempC]) => tempC > (LIMITS_C[name] ?? Infinity))) overS++;
        if (nowMs % LISTEN_MS === 0) {
          if (Math.abs(speed * 100 - heardPercent) > AUDIBLE_PERCENT) changes++;
          heardPercent = speed * 100;
        }
      }
    }
    fan.step(STEP_MS, duty * 10);
    plant.step(STEP_MS, fan.rpm / CASE_FAN.maxRpm);
    if (nowMs < WARM_UP_MS) continue;
    cubes += speed ** 3;
    steps++;
  }
  return { peakC, overS, powerPercent: cubes / steps * 100, changes };
}
