/**
 * What a server runs on when nobody wrote a configuration: the sensors of this machine where
 * there are any, a thermal plant where there are none, and one simulated board.
 *
 * @module
 */

import { SYSTEM_PLACES } from "../board/hwmon/places.ts";
import { DEFAULT_FLOOR_PERCENT } from "../control/defaults.ts";
import { COMFORT_FILTER, COMFORT_OUTPUT } from "../control/comfort_defaults.ts";
import type { SensorCause } from "../control/demand/cause_policy.ts";
import type { Curve } from "../control/demand/curve.ts";
import type { FoundSensor } from "../sensors/discover/hwmon_inputs.ts";
import { NAS_SHELF } from "../sensors/simulated/plant.ts";
import {
  DEFAULT_LIMITS,
  DEFAULT_SERVER,
  type SensorConfig,
  type SensorKind,
  type ServerConfig,
  type ShelfConfig,
} from "./config.ts";
import type { SensorSource } from "../sensors/sensor_source.ts";
import { defaultSensor } from "./sensor_defaults.ts";
import { withGroups } from "./sensor_groups.ts";

/** A sensor as it goes into a configuration. */
interface NamedSensor {
  readonly name: string;
  readonly kind: SensorKind;
  readonly source: SensorSource;
}

/** What `source` says when no file was read. */
export const DEFAULT_SOURCE = "built-in default";

const PLANT = "nas";
const HOST_CPU: NamedSensor = { name: "cpu", kind: "cpu", source: { type: "cpu" } };
const SIMULATED: Readonly<Record<"cpu" | "drive", NamedSensor>> = {
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

/**
 * Quiet while cool, everything well before the critical temperature of the kind. The points of
 * `cpu` and `hdd` are those with which bench/comfort/ comes out best.
 */
const CURVES: Readonly<Record<SensorKind, Curve>> = {
  cpu: { shape: "linear", points: [[45, 25], [65, 45], [80, 100]] },
  hdd: { shape: "linear", points: [[34, 25], [40, 45], [46, 100]] },
  ssd: { shape: "linear", points: [[40, 25], [55, 45], [68, 100]] },
  other: { shape: "linear", points: [[40, 25], [55, 45], [75, 100]] },
};

/**
 * The configuration without a file: `shelf1` follows the processor and `shelf2` the drives, each
 * on its own channel of one simulated board. A shelf for which this machine has no sensor follows
 * the thermal plant instead. Nothing is written to disk.
 *
 * Inputs of other chips are left out: boards have many that nothing is connected to, and what
 * those show looks like a fire.
 *
 * @param found The temperature inputs of this machine; none gives the plant alone.
 */
export function defaultConfig(found: readonly FoundSensor[]): ServerConfig {
  const hasCpu = found.some(({ kind }) => kind === "cpu");
  const drives = findDrives(found);
  const groups = [
    { name: "shelf1", sensors: [hasCpu ? HOST_CPU : SIMULATED.cpu] },
    { name: "shelf2", sensors: drives.length > 0 ? drives : [SIMULATED.drive] },
  ];
  const shelves = groups.map(({ name, sensors }) => shelfOf(name, sensors));
  return {
    ...DEFAULT_SERVER,
    store: null,
    // Nothing here lasts: no file to change, and a board that is simulated.
    localRole: "admin",
    limits: DEFAULT_LIMITS,
    sensors: withGroups(groups.flatMap(({ sensors }) => sensors.map(sensorOf)), [], shelves),
    shelves,
    boards: [{
      name: "board1",
      line: "sim:",
      channels: groups.map(({ name }, channel) => ({ shelf: name, channel })),
      safePercent: 100,
      places: SYSTEM_PLACES,
    }],
    plants: { [PLANT]: { ...NAS_SHELF, seed: 1 } },
    source: DEFAULT_SOURCE,
    warnings: [],
  };
}

/** One sensor for each drive: of the inputs of an NVMe drive, the one that its limits are for. */
function findDrives(found: readonly FoundSensor[]): NamedSensor[] {
  const counts = { hdd: 0, ssd: 0 };
  const drives: NamedSensor[] = [];
  for (const { kind, source } of found) {
    if (kind !== "hdd" && kind !== "ssd") continue;
    if (source.chip === "nvme" && (source.label ?? "Composite") !== "Composite") continue;
    drives.push({ name: `${kind}${++counts[kind]}`, kind, source });
  }
  return drives;
}

function sensorOf({ name, kind, source }: NamedSensor): SensorConfig {
  return defaultSensor(name, kind, source);
}

/** One cause for each kind among the sensors. */
function shelfOf(name: string, sensors: readonly NamedSensor[]): ShelfConfig {
  const causes = new Map<SensorKind, SensorCause>();
  for (const { name: sensor, kind } of sensors) {
    const cause: SensorCause = causes.get(kind) ??
      { name: kind, curve: CURVES[kind], sensors: [], combine: "max", filter: COMFORT_FILTER };
    cause.sensors.push(sensor);
    causes.set(kind, cause);
  }
  return {
    name,
    floorPercent: DEFAULT_FLOOR_PERCENT,
    causes: [...causes.values()],
    output: COMFORT_OUTPUT,
  };
}
