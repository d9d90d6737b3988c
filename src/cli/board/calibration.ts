/**
 * What a calibration knows of fans, as data: how it is kept in a file, and what follows from it.
 * Pure.
 *
 * @module
 */
import { UsageError } from "../../errors.ts";
import { isWireMap, type WireMap, type WireValue } from "../../wire/value.ts";

/** One duty and the speed that a fan settled at. */
export type Point = {
  /** What was asked for. */
  percent: number;
  /** What the timer made of it. */
  applied: number;
  rpm: number;
};

/** Whether the pulses of a tachometer make sense. */
export type PulseCheck = {
  /** Pulses a revolution that the speeds are computed with. */
  assumed: number;
  /** What fits the rated speed best; null when that was not told. */
  fitting: number | null;
  plausible: boolean;
};

/** One channel. */
export type ChannelCalibration = {
  channel: number;
  /** Falling duty; some of it may still be missing. */
  points: Point[];
  /** The least duty at which the turning fan goes on; 0 for a fan that never stops. */
  minimum_percent: number | null;
  /** The least duty that starts the standing fan. */
  start_percent: number | null;
  max_rpm: number | null;
  pulses: PulseCheck | null;
  /** ISO 8601; null while something is missing. */
  finished_at: string | null;
};

/** All channels of a board. */
export type Calibration = {
  format: string;
  board: string;
  channels: ChannelCalibration[];
};

const FORMAT = "fand calibration 1";
const ASSUMED_PULSES = 2;
/** Fans outside of this are rare enough to ask. */
const PLAUSIBLE_RPM = { least: 300, most: 8000 };
/** A fan may miss its rated speed by this share. */
const RATED_TOLERANCE = 0.25;

/** A calibration without channels. */
export function newCalibration(board: string): Calibration {
  return { format: FORMAT, board, channels: [] };
}

/** The entry of a channel, which is made when there is none. */
export function entryOf(calibration: Calibration, channel: number): ChannelCalibration {
  const known = calibration.channels.find((entry) => entry.channel === channel);
  if (known !== undefined) return known;
  const entry = {
    channel,
    points: [],
    minimum_percent: null,
    start_percent: null,
    max_rpm: null,
    pulses: null,
    finished_at: null,
  };
  calibration.channels.push(entry);
  calibration.channels.sort((one, other) => one.channel - other.channel);
  return entry;
}

/** Adds a point, in the place of one for the same duty. */
export function addPoint(entry: ChannelCalibration, point: Point): void {
  entry.points = [...entry.points.filter(({ percent }) => percent !== point.percent), point]
    .sort((one, other) => other.percent - one.percent);
}

/** The duties of a sweep: 100 down to 0. */
export function sweepOf(stepPercent: number): number[] {
  const duties: number[] = [];
  for (let percent = 100; percent > 0; percent -= stepPercent) duties.push(percent);
  return [...duties, 0];
}

/**
 * Whether the speed at full duty makes sense with two pulses a revolution, which is what fans of
 * computers have.
 *
 * @param ratedRpm as the data sheet tells it, or null.
 */
export function checkPulses(maxRpm: number, ratedRpm: number | null): PulseCheck {
  if (ratedRpm === null) {
    const plausible = maxRpm >= PLAUSIBLE_RPM.least && maxRpm <= PLAUSIBLE_RPM.most;
    return { assumed: ASSUMED_PULSES, fitting: null, plausible };
  }
  const fitting = Math.max(1, Math.round(ASSUMED_PULSES * maxRpm / ratedRpm));
  const actualRpm = maxRpm * ASSUMED_PULSES / fitting;
  const plausible = fitting === ASSUMED_PULSES &&
    Math.abs(actualRpm / ratedRpm - 1) <= RATED_TOLERANCE;
  return { assumed: ASSUMED_PULSES, fitting, plausible };
}

/**
 * Reads a file that a calibration wrote, to go on with it.
 *
 * @throws {UsageError} When it is something else, or of another board.
 */
export function readCalibration(text: string, file: string, board: string): Calibration {
  const found = parsed(text);
  if (!isWireMap(found) || found.format !== FORMAT || !Array.isArray(found.channels)) {
    throw new UsageError(
      `Cannot go on with "${file}": it is no calibration; name a new file with --out`,
    );
  }
  if (found.board !== board) {
    throw new UsageError(
      `Cannot go on with "${file}": it is of board "${found.board}", and this is "${board}"; ` +
        "name another file with --out",
    );
  }
  const calibration = newCalibration(board);
  for (const channel of found.channels) {
    if (isWireMap(channel)) readChannel(calibration, channel, file);
  }
  return calibration;
}

function readChannel(calibration: Calibration, map: WireMap, file: string): void {
  if (typeof map.channel !== "number" || !Array.isArray(map.points)) {
    throw new UsageError(`Cannot go on with "${file}": a channel is damaged; remove the file`);
  }
  const entry = entryOf(calibration, map.channel);
  for (const point of map.points) {
    if (!isWireMap(point)) continue;
    const { percent, applied, rpm } = point;
    if (typeof percent === "number" && typeof applied === "number" && typeof rpm === "number") {
      addPoint(entry, { percent, applied, rpm });
    }
  }
  const { pulses, finished_at } = map;
  entry.minimum_percent = numberOr(map.minimum_percent);
  entry.start_percent = numberOr(map.start_percent);
  entry.max_rpm = numberOr(map.max_rpm);
  entry.finished_at = typeof finished_at === "string" ? finished_at : null;
  if (isWireMap(pulses)) {
    entry.pulses = {
      assumed: numberOr(pulses.assumed) ?? ASSUMED_PULSES,
      fitting: numberOr(pulses.fitting),
      plausible: pulses.plausible === true,
    };
  }
}

function numberOr(value: WireValue | undefined): number | null {
  return typeof value === "number" ? value : null;
}

function parsed(text: string): WireValue {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
