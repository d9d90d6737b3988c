/**
 * What a recorded run teaches: how fast the fans turn at a duty, and how temperatures answer.
 *
 * @module
 */
import type { Engine } from "../engine/engine.ts";
import { fitThermalModel, type ThermalFit } from "../model/fit.ts";
import type { ThermalSample } from "../model/thermal_model.ts";
import type { JournalEntry } from "./entry.ts";
import { SpeedCurve } from "./speed_curve.ts";

/** Fans have come to their speed after this long. */
const SETTLED_MS = 15_000;
/** Samples of one sensor; of more, every second one is dropped. */
const MOST_SAMPLES = 4000;
/** A model that explains less of the temperature is not used. */
const LEAST_EXPLAINED = 0.5;

/** A model of a sensor, and the shelf whose air it answers to. */
export interface SensorModel {
  readonly sensor: string;
  readonly shelf: string;
  readonly fit: ThermalFit;
}

/** Samples of one sensor under the duty of one shelf. */
interface Trail {
  readonly sensor: string;
  readonly shelf: string;
  samples: ThermalSample[];
  /** So many readings for each sample. */
  stride: number;
  skipped: number;
}

/** Watches a run while it is replayed. */
export class RunLearner {
  readonly #speeds = new Map<string, SpeedCurve>();
  readonly #settled = new Map<string, { percent: number; sinceMs: number }>();
  readonly #trails = new Map<string, Trail[]>();

  /** Another engine goes on, perhaps with other sensors; what is known of others stays. */
  began(engine: Engine): void {
    this.#settled.clear();
    for (const { name } of engine.config.shelves) {
      for (const sensor of engine.sensors(name)) {
        const trails = this.#trails.get(sensor) ?? [];
        this.#trails.set(sensor, trails);
        if (trails.some(({ shelf }) => shelf === name)) continue;
        trails.push({ sensor, shelf: name, samples: [], stride: 1, skipped: 0 });
      }
    }
  }

  /** An entry has happened to `engine`. */
  happened(entry: JournalEntry, engine: Engine): void {
    if (entry.type === "decision") {
      const { shelf, outcome } = entry;
      const known = this.#settled.get(shelf);
      if (known?.percent === outcome.percent) return;
      const sinceMs = this.#nowMs;
      this.#settled.set(shelf, { percent: outcome.percent, sinceMs });
    } else if (entry.type === "tick") {
      this.#nowMs = entry.time.atMs;
    } else if (entry.event.type === "fans") {
      const { shelf, fans, atMs } = entry.event;
      const rpms = fans?.map(({ rpm }) => rpm).filter((rpm) => rpm !== null) ?? [];
      if (rpms.length > 0) this.#takeSpeed(shelf, Math.min(...rpms), atMs);
    } else if (entry.event.type === "reading") {
      const { sensor, tempC, atMs } = entry.event;
      for (const trail of this.#trails.get(sensor) ?? []) {
        const shelves = engine.config.shelves;
        if (!shelves.some(({ name }) => name === trail.shelf)) continue;
        addSample(trail, { atMs, tempC, percent: engine.decision(trail.shelf).percent });
      }
    }
  }

  /** The speed of a shelf's fans over their duty. */
  speed(shelf: string): SpeedCurve {
    let speed = this.#speeds.get(shelf);
    if (speed === undefined) this.#speeds.set(shelf, speed = new SpeedCurve());
    return speed;
  }

  /** The models that explain enough, one a sensor: that of the shelf whose air it feels most. */
  models(): SensorModel[] {
    return [...this.#trails.values()].flatMap((trails) => {
      const fits = trails.flatMap(({ sensor, shelf, samples }): SensorModel[] => {
        const fit = fitThermalModel(samples);
        return fit && isUsable(fit) ? [{ sensor, shelf, fit }] : [];
      });
      return fits.sort((a, b) => b.fit.explained - a.fit.explained).slice(0, 1);
    });
  }

  #nowMs = 0;

  #takeSpeed(shelf: string, rpm: number, atMs: number): void {
    const settled = this.#settled.get(shelf);
    if (settled === undefined || atMs - settled.sinceMs < SETTLED_MS) return;
    this.speed(shelf).take(settled.percent, rpm);
  }
}

/** Air that heats, and noise, are no model. */
function isUsable({ model, explained }: ThermalFit): boolean {
  return model.gainCPerPercent < 0 && explained >= LEAST_EXPLAINED;
}

function addSample(trail: Trail, sample: ThermalSample): void {
  if (++trail.skipped < trail.stride) return;
  trail.skipped = 0;
  // A clock that began anew would turn the samples' order round.
  const last = trail.samples.at(-1);
  if (last !== undefined && sample.atMs < last.atMs) trail.samples = [];
  trail.samples.push(sample);
  if (trail.samples.length < MOST_SAMPLES) return;
  trail.samples = trail.samples.filter((_, index) => index % 2 === 0);
  trail.stride *= 2;
}
