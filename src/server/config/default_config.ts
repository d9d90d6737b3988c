/**
 * What a server runs on when nobody wrote a configuration: the sensors of this machine where
 * there are any, a thermal plant where there are none, and one simulated board.
 *
 * @module
 */

import type { CausePolicy } from "../../control/decision.ts";
import { DEFAULT_FLOOR_PERCENT } from "../../control/defaults.ts";
import type { Curve } from "../../control/curve.ts";
import { NAS_SHELF } from "../../sensors/simulated/plant.ts";
import {
  DEFAULT_LIMITS,
  DEFAULT_SERVER,
  type SensorConfig,
  type SensorKind,
  type SensorSource,
  type ServerConfig,
  type ShelfConfig,
} from "./config.ts";
import { defaultSensor } from "./sensor_defaults.ts";

/** A sensor that this machine turned out to have. */
export interface DiscoveredSensor {
  /** Unique among what was discovered. */
  readonly name: string;
  readonly kind: SensorKind;
  readonly source: SensorSource;
}

/** What `source` says when no file was read. */
export const DEFAULT_SOURCE = "built-in default";

const PLANT = "nas";
const SIMULATED: Readonly<Record<"cpu" | "drive", DiscoveredSensor>> = {
  cpu: {
    name: "sim-cpu",
    kind: "cpu",
    source: { type: "simulated", plant: PLANT, source: "cpu" },
  },
  drive: {
    name: "sim-hdd",
    kind: "hdd",
    source: { type: "simulated", plant: PLANT, source: "hdd" },
  },
};

/** Quiet while cool, everything well before the critical temperature of the kind. */
const CURVES: Readonly<Record<SensorKind, Curve>> = {
  cpu: { shape: "linear", points: [[35, 25], [60, 50], [85, 100]] },
  hdd: { shape: "linear", points: [[30, 25], [40, 50], [50, 100]] },
  ssd: { shape: "linear", points: [[35, 25], [55, 50], [70, 100]] },
  other: { shape: "linear", points: [[35, 25], [55, 50], [80, 100]] },
};

/**
 * The configuration without a file: `shelf1` follows the processors and `shelf2` everything
 * else, each on its own channel of one simulated board. A shelf for which this machine has no
 * sensor follows the thermal plant instead. Nothing is written to disk.
 *
 * @param discovered The sensors that this machine has; none gives the plant alone.
 */
export function defaultConfig(discovered: readonly DiscoveredSensor[]): ServerConfig {
  const processors = discovered.filter(({ kind }) => kind === "cpu");
  const others = discovered.filter(({ kind }) => kind !== "cpu");
  const groups = [
    { name: "shelf1", sensors: processors.length > 0 ? processors : [SIMULATED.cpu] },
    { name: "shelf2", sensors: others.length > 0 ? others : [SIMULATED.drive] },
  ];
  return {
    ...DEFAULT_SERVER,
    store: null,
    limits: DEFAULT_LIMITS,
    sensors: groups.flatMap(({ sensors }) => sensors.map(sensorOf)),
    shelves: groups.map(({ name, sensors }) => shelfOf(name, sensors)),
    boards: [{
      name: "board1",
      line: "sim:",
      channels: groups.map(({ name }, channel) => ({ shelf: name, channel })),
      safePercent: 100,
    }],
    plants: { [PLANT]: { ...NAS_SHELF, seed: 1 } },
    source: DEFAULT_SOURCE,
    warnings: [],
  };
}

function sensorOf({ name, kind, source }: DiscoveredSensor): SensorConfig {
  return defaultSensor(name, kind, source);
}

/** One cause for each kind among the sensors. */
function shelfOf(name: string, sensors: readonly DiscoveredSensor[]): ShelfConfig {
  const causes = new Map<SensorKind, CausePolicy>();
  for (const { name: sensor, kind } of sensors) {
    const cause = causes.get(kind) ??
      { name: kind, curve: CURVES[kind], sensors: [], combine: "max" };
    cause.sensors.push(sensor);
    causes.set(kind, cause);
  }
  return { name, floorPercent: DEFAULT_FLOOR_PERCENT, causes: [...causes.values()] };
}
