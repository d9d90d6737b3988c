/**
 * Finds, in the temperatures of one sensor, the stretches in which it went exponentially to a new
 * level, and how fast. Whatever heats or loads a thing, that rate is its conductance to the air
 * divided by its heat capacity: load decides where the temperature goes, air how fast it gets
 * there.
 * Pure; bounded; no calendar.
 *
 * @module
 */

/** A stretch in which the temperature moved, while the air did not. */
export interface Swing {
  /** Which of the {@link LEVELS} it was seen at. */
  level: number;
  /** Of the approach, per hour: 3600 is a time constant of one second. Null: not exponential. */
  ratePerHour: number | null;
  /** The air during it, 0 to 100. */
  airPercent: number;
}

/** Stretches are looked for at several lengths; each is four times the one before. */
export const LEVELS = 5;
const FACTOR = 4;
/** The length of the shortest block, of which four make a stretch. */
export const BLOCK_MS = 6000;
const BLOCKS = 4;
/** A block with less readings has no mean. */
const LEAST_READINGS = 2;
/** The temperature must have moved by so much in all, and in the last block. */
const LEAST_SWING_K = 3;
const LEAST_STEP_K = 0.3;
/** Of a step to the one before: flatter is a ramp, steeper is noise. */
const RATIO = { least: 0.15, most: 0.85 };
/** The two ratios of an exponential are the same; by so much they may differ, as a logarithm. */
const MOST_BEND = 0.35;
/** The air must have been about the same meanwhile. */
const MOST_AIR_CHANGE = 8;

/** What is kept: JSON values only. */
export interface TransientsState {
  /** When the shortest block began; monotonic. Null before the first. */
  beganMs: number | null;
  /** When the last reading was made. */
  readMs: number;
  /** Those that anything is known of, the shortest first. */
  levels: Level[];
}

/** Sums over the block under way, and the means of those before. */
export interface Level {
  temp: number;
  readings: number;
  air: number;
  ticks: number;
  /** Blocks of the level below that are in it. */
  parts: number;
  /** Means of the last blocks, the oldest first; a block without a mean empties them. */
  temps: number[];
  airs: number[];
}

/** Follows one sensor. Made to cost next to nothing while a block is under way. */
export class Transients {
  /** The mean of the block that was closed last, in °C; null when it has none. */
  meanC: number | null = null;
  /** The mean of the air in that block, 0 to 100. */
  meanAir = 0;
  readonly #phaseMs: number;
  #beganMs: number;
  #readMs: number;
  readonly #shortest: Level;
  readonly #levels: Level[];
  #found: Swing[] | null = null;

  /** @param phaseMs by which blocks begin earlier, so that not all sensors end one at a time. */
  constructor(state?: TransientsState, phaseMs = 0) {
    this.#phaseMs = phaseMs;
    this.#beganMs = state?.beganMs ?? NaN;
    this.#readMs = state?.readMs ?? -1;
    this.#levels = state === undefined ? [newLevel()] : state.levels.map(copyOf);
    this.#shortest = this.#levels[0] ??= newLevel();
  }

  /**
   * Takes what holds now; true when a block has ended.
   *
   * @param tempC null when it is not known.
   * @param readMs when it was read.
   */
  observe(tempC: number | null, readMs: number, airPercent: number, nowMs: number): boolean {
    const level = this.#shortest;
    const isOver = !(nowMs - this.#beganMs < BLOCK_MS && nowMs >= this.#beganMs);
    if (isOver) this.#end(nowMs);
    level.air += airPercent;
    level.ticks++;
    if (tempC !== null && readMs !== this.#readMs) {
      this.#readMs = readMs;
      level.temp += tempC;
      level.readings++;
    }
    return isOver;
  }

  /** What was found since this was last asked. */
  found(): readonly Swing[] {
    const found = this.#found ?? [];
    this.#found = null;
    return found;
  }

  /** What to go on with later. */
  state(): TransientsState {
    const beganMs = Number.isNaN(this.#beganMs) ? null : this.#beganMs;
    return { beganMs, readMs: this.#readMs, levels: this.#levels.map(copyOf) };
  }

  #end(nowMs: number): void {
    // After a standstill, or on another clock, what was under way is worth nothing.
    if (nowMs - this.#beganMs < 2 * BLOCK_MS && nowMs >= this.#beganMs) {
      this.#beganMs += BLOCK_MS;
      this.#close(0);
    } else {
      this.#beganMs = nowMs - this.#phaseMs;
      this.#levels.length = 1;
      Object.assign(this.#shortest, newLevel());
      this.meanC = null;
    }
  }

  #close(index: number): void {
    const level = this.#levels[index] as Level;
    const longer = index + 1 < LEVELS ? this.#levels[index + 1] ??= newLevel() : null;
    if (longer !== null) {
      longer.temp += level.temp;
      longer.readings += level.readings;
      longer.air += level.air;
      longer.ticks += level.ticks;
      longer.parts++;
    }
    const hasMean = level.readings >= LEAST_READINGS;
    if (hasMean) this.#push(level, index);
    else level.temps.length = level.airs.length = 0;
    if (index === 0) {
      this.meanC = level.readings > 0 ? level.temp / level.readings : null;
      this.meanAir = level.ticks > 0 ? level.air / level.ticks : 0;
    }
    level.temp =
      level.readings =
      level.air =
      level.ticks =
      level.parts =
        0;
    if (longer !== null && longer.parts >= FACTOR) this.#close(index + 1);
  }

  #push(level: Level, index: number): void {
    const { temps, airs } = level;
    temps.push(level.temp / level.readings);
    airs.push(level.air / level.ticks);
    if (temps.length > BLOCKS) {
      temps.shift();
      airs.shift();
    }
    const swing = temps.length === BLOCKS ? swingOf(level, index) : null;
    if (swing === null) return;
    (this.#found ??= []).push(swing);
    // Each stretch counts once.
    if (swing.ratePerHour !== null) temps.length = airs.length = 0;
  }
}

function newLevel(): Level {
  return { temp: 0, readings: 0, air: 0, ticks: 0, parts: 0, temps: [], airs: [] };
}

function copyOf(level: Level): Level {
  return { ...level, temps: [...level.temps], airs: [...level.airs] };
}

function swingOf({ temps, airs }: Level, level: number): Swing | null {
  if (Math.abs((temps[0] ?? 0) - (temps.at(-1) ?? 0)) < LEAST_SWING_K) return null;
  if (Math.max(...airs) - Math.min(...airs) > MOST_AIR_CHANGE) return null;
  const airPercent = airs.reduce((sum, air) => sum + air, 0) / airs.length;
  const blockHours = BLOCK_MS * FACTOR ** level / 3_600_000;
  const rate = rateOf(temps);
  return { level, ratePerHour: rate === null ? null : rate / blockHours, airPercent };
}

/** The rate per block of four temperatures that go exponentially to a new level, or null. */
function rateOf([t0 = 0, t1 = 0, t2 = 0, t3 = 0]: readonly number[]): number | null {
  const [first, second, third] = [t0 - t1, t1 - t2, t2 - t3];
  if (Math.abs(third) < LEAST_STEP_K) return null;
  const [ratio, next] = [second / first, third / second];
  const isWithin = (each: number) => each >= RATIO.least && each <= RATIO.most;
  if (!isWithin(ratio) || !isWithin(next)) return null;
  if (Math.abs(Math.log(ratio / next)) > MOST_BEND) return null;
  return -Math.log((second + third) / (first + second));
}
