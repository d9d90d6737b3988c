/**
 * When a profile is in force by the clock on the wall of a place.
 *
 * @module
 */
import { loadCroner } from "../../deps.ts";

/** A time of day, week or year that comes again and again. */
export interface ScheduleConfig {
  /** When it begins: five fields as cron has them, minute to day of week. */
  from: string;
  /** For how long it lasts each time, in milliseconds. */
  forMs: number;
  /** IANA name of the time zone that `from` is meant in, such as `Europe/Berlin`. */
  timeZone: string;
}

/** Whether a schedule is in force, and until when that answer holds. */
export interface ScheduleMoment {
  /** When the period ends that it is in, in ms since the Unix epoch; null: it is in none. */
  untilMs: number | null;
  /** When the next period begins, in ms since the Unix epoch; null: never. */
  nextMs: number | null;
}

const { Cron } = await loadCroner();

/** The schedule of one profile. Pure: the time is passed in. */
export class Schedule {
  readonly #from: InstanceType<typeof Cron>;
  readonly #forMs: number;

  /** @throws {RangeError | TypeError} when the fields or the time zone are not valid. */
  constructor({ from, forMs, timeZone }: ScheduleConfig) {
    this.#from = new Cron(from, { timezone: timeZone, paused: true, mode: "5-part" });
    // A name that is no time zone is noticed on the first use only.
    this.#from.nextRun(new Date(0));
    this.#forMs = forMs;
  }

  /** How it stands at `wallMs`. */
  at(wallMs: number): ScheduleMoment {
    // The library leaves out the moment that it is asked about; a begin counts from itself on.
    const [begun] = this.#from.previousRuns(1, new Date(wallMs + 1));
    const endMs = begun === undefined ? -Infinity : begun.getTime() + this.#forMs;
    const nextMs = this.#from.nextRun(new Date(wallMs))?.getTime() ?? null;
    return { untilMs: wallMs < endMs ? endMs : null, nextMs };
  }
}
