/**
 * The sensors of a configuration while they are being read, and the simulated heat behind some
 * of them.
 *
 * @module
 */

import { CASE_FAN } from "../../board/sim/fan_model.ts";
import type { Clock } from "../../clock.ts";
import type { SensorEvent } from "../../control/engine/event.ts";
import { expectReports, type Reports } from "../../sensors/reported/reported_readings.ts";
import { openSensor } from "../../sensors/open_sensor.ts";
import { Poller } from "../../sensors/poller.ts";
import { SensorTools } from "../../sensors/sensor_tools.ts";
import { Plant } from "../../sensors/simulated/plant.ts";
import type { ServerConfig } from "../../config/config.ts";
import type { Controller } from "./controller.ts";
import type { ServedShelf } from "./served_shelf.ts";
import type { OpenReadings } from "../server.ts";

/** Opens every sensor of `config` and begins to read them; what they say goes to `sink`. */
export function openReadings(
  config: ServerConfig,
  parts: { clock: Clock; reports: Reports; sink: (event: SensorEvent) => void },
): OpenReadings {
  const plants = new Map(
    Object.entries(config.plants).map(([name, spec]) => [name, new Plant(spec, spec.seed)]),
  );
  const { clock, reports } = parts;
  expectReports(reports, config.sensors);
  const tools = new SensorTools({ clock, plants, reports, ...config.tools });
  const sensors = config.sensors.map((policy) => ({ sensor: openSensor(policy, tools), policy }));
  const poller = new Poller(sensors, parts.clock, parts.sink);
  poller.start();
  return {
    advance(elapsedMs, controller) {
      const nowMs = parts.clock.monotonicMs();
      for (const [name, plant] of plants) {
        plant.step(elapsedMs, airflow(cooledBy(name, config, controller), nowMs));
      }
    },
    async stop() {
      await poller.stop();
      await tools[Symbol.asyncDispose]();
    },
  };
}

/** The shelves whose sensors are in a plant: their fans move its air. */
function cooledBy(plant: string, config: ServerConfig, controller: Controller): ServedShelf[] {
  const inside = new Set(
    config.sensors.filter(({ source }) => source.type === "simulated" && source.plant === plant)
      .map(({ name }) => name),
  );
  return [...controller.shelves.values()]
    .filter((shelf) => shelf.sensors.some((sensor) => inside.has(sensor)));
}

/** 0 to 1: the mean of the shelves. Without a tachometer's word, the duty stands for the speed. */
function airflow(shelves: readonly ServedShelf[], nowMs: number): number {
  const flows = shelves.map((shelf) => {
    const rpm = shelf.rpm.rpm(nowMs);
    return rpm === null ? shelf.duty(nowMs).percent / 100 : rpm / CASE_FAN.maxRpm;
  });
  return flows.reduce((sum, flow) => sum + flow, 0) / Math.max(1, flows.length);
}
