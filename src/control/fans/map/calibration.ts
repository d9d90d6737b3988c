/**
 * What a calibration knows of fans, as data: how it is kept in a file, and what follows from it.
 * Pure.
 *
 * @module
 */
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
  /** The speed at the least duty. */
  minimum_rpm?: number;
  /** From the start duty on the standing fan to its first revolution, in milliseconds. */
  start_ms?: number;
  /** Speeds that the fan shall not be held at, because something resonates; by hand. */
  keep_out_rpm?: [fromRpm: number, toRpm: number][];
  /** ISO 8601; null while something is missing. */
  finished_at: string | null;
};

/** All channels of a board. */
export type Calibration = {
  format: string;
  board: string;
  /** How far apart the fans of one shelf shall turn, so that they do not beat; by hand. */
  detune_rpm?: number;
  channels: ChannelCalibration[];
};

/** What a file says that it is. */
export const CALIBRATION_FORMAT = "fand calibration 1";
const ASSUMED_PULSES = 2;
/** Fans outside of this are rare enough to ask. */
const PLAUSIBLE_RPM = { least: 300, most: 8000 };
/** A fan may miss its rated speed by this share. */
const RATED_TOLERANCE = 0.25;

/** A calibration without channels. */
export function newCalibration(board: string): Calibration {
  return { format: CALIBRATION_FORMAT, board, channels: [] };
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
