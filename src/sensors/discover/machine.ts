/**
 * Everything that this machine can measure, and what could not be looked at.
 *
 * @module
 */
import { FandError } from "../../errors.ts";
import { openSensor } from "../open_sensor.ts";
import type { SensorSource } from "../sensor_source.ts";
import type { SensorTools } from "../sensor_tools.ts";
import { findDrives } from "./drives.ts";
import { findGpus } from "./gpus.ts";
import { findInputs } from "./inputs.ts";
import { findIpmi } from "./controller.ts";

/** A sensor of this machine. */
export interface Discovered {
  /** What to call it; not yet unique. */
  name: string;
  kind: "cpu" | "hdd" | "ssd" | "other";
  /** What to configure. */
  source: SensorSource;
  /** What it is, in words. */
  text: string;
}

/** A sensor of this machine and what it reads now. */
export interface Measured extends Discovered {
  /** °C, or null when there is no reading. */
  tempC: number | null;
  /** `ok`, `asleep`, or why there is no reading. */
  state: string;
}

/** What a machine has. */
export interface MachineSensors {
  sensors: Measured[];
  /** What could not be looked at, and why. */
  problems: { what: string; reason: string }[];
}

/** What is looked for, in the order in which it is told. */
const SEARCHES: readonly (readonly [what: string, find: Search])[] = [
  ["the kernel's inputs", findInputs],
  ["drives that only SMART knows", findDrives],
  ["NVIDIA graphics cards", findGpus],
  ["the management controller", findIpmi],
];

/** Looks for sensors; `known` is what was found before. */
export type Search = (
  tools: SensorTools,
  signal: AbortSignal,
  known: readonly Discovered[],
) => Promise<Discovered[]>;

/** How long one search, and then one reading, may take. */
const SEARCH_MS = 30_000;
const READ_MS = 10_000;

/** Looks everywhere, and reads what it finds once; nothing that sleeps is woken. */
export async function discoverMachine(tools: SensorTools): Promise<MachineSensors> {
  const problems: MachineSensors["problems"] = [];
  const found: Discovered[] = [];
  for (const [what, find] of SEARCHES) {
    try {
      found.push(...await within(SEARCH_MS, tools, (signal) => find(tools, signal, found)));
    } catch (error) {
      if (!(error instanceof FandError)) throw error;
      problems.push({ what, reason: error.message });
    }
  }
  const sensors = await Promise.all(named(found).map((each) => measure(each, tools)));
  return { sensors, problems };
}

async function measure(found: Discovered, tools: SensorTools): Promise<Measured> {
  try {
    const reading = await within(
      READ_MS,
      tools,
      (signal) => openSensor(found, tools).read(signal),
    );
    if (reading === "asleep") return { ...found, tempC: null, state: "asleep" };
    return { ...found, tempC: reading, state: "ok" };
  } catch (error) {
    if (!(error instanceof FandError)) throw error;
    return { ...found, tempC: null, state: error.message };
  }
}

async function within<T>(
  limitMs: number,
  { clock }: SensorTools,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const limit = new AbortController();
  const cancel = clock.after(limitMs, () => limit.abort());
  try {
    return await work(limit.signal);
  } finally {
    cancel();
  }
}

/** The same with names that stay apart: `disk`, `disk-2`. */
function named(found: readonly Discovered[]): Discovered[] {
  const counts = new Map<string, number>();
  return found.map((each) => {
    const name = each.name.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-|-$/g, "");
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    return { ...each, name: count === 1 ? name : `${name}-${count}` };
  });
}
