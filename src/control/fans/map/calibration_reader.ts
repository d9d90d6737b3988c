/**
 * Reads a calibration from its file, and says where it is damaged. Pure.
 *
 * @module
 */
import { UsageError } from "../../../errors.ts";
import {
  addPoint,
  type Calibration,
  CALIBRATION_FORMAT,
  type ChannelCalibration,
  entryOf,
  newCalibration,
  type Point,
  type PulseCheck,
} from "./calibration.ts";

/** A larger file is no calibration. */
export const MAX_CALIBRATION_CHARS = 1_048_576;
/** A board has no more channels than these. */
const MOST_CHANNELS = 16;
const MOST_POINTS = 1001;
const MOST_KEEP_OUTS = 16;
const MOST_RPM = 100_000;

type Table = Record<string, unknown>;

/**
 * Reads the text of a file, finished or not.
 *
 * @param file its name, for messages.
 * @throws {UsageError} Naming the line of what is not JSON, or the key of what is not allowed.
 */
export function readCalibration(text: string, file: string): Calibration {
  const root = parsed(text, file);
  const at = new Place(file);
  if (!isTable(root) || root["format"] !== CALIBRATION_FORMAT) {
    throw at.key("format").error(
      isTable(root) ? root["format"] : root,
      `"${CALIBRATION_FORMAT}", as fanctl board calibrate writes it`,
    );
  }
  const calibration = newCalibration(at.key("board").text(root["board"]));
  const detuneRpm = root["detune_rpm"];
  if (detuneRpm !== undefined) {
    calibration.detune_rpm = at.key("detune_rpm").number(detuneRpm, 0, 1000);
  }
  for (const [index, value] of at.key("channels").list(root["channels"], MOST_CHANNELS).entries()) {
    readChannel(calibration, value, at.key(`channels[${index}]`));
  }
  return calibration;
}

function readChannel(calibration: Calibration, value: unknown, at: Place): void {
  if (!isTable(value)) throw at.error(value, "a channel");
  const channel = at.key("channel").whole(value["channel"], 0, MOST_CHANNELS - 1);
  if (calibration.channels.some((entry) => entry.channel === channel)) {
    throw at.key("channel").error(channel, "each channel once");
  }
  const entry = entryOf(calibration, channel);
  const points = at.key("points").list(value["points"], MOST_POINTS);
  for (const [index, point] of points.entries()) {
    addPoint(entry, readPoint(point, at.key(`points[${index}]`)));
  }
  const optional = (key: string, most: number) => at.key(key).optional(value[key], most);
  entry.minimum_percent = optional("minimum_percent", 100);
  entry.start_percent = optional("start_percent", 100);
  entry.max_rpm = optional("max_rpm", MOST_RPM);
  entry.pulses = readPulses(value["pulses"], at.key("pulses"));
  const finished = value["finished_at"] ?? null;
  entry.finished_at = finished === null ? null : at.key("finished_at").text(finished);
  if (value["minimum_rpm"] !== undefined) {
    entry.minimum_rpm = at.key("minimum_rpm").number(value["minimum_rpm"], 0, MOST_RPM);
  }
  if (value["start_ms"] !== undefined) {
    entry.start_ms = at.key("start_ms").number(value["start_ms"], 0, 60_000);
  }
  if (value["keep_out_rpm"] !== undefined) {
    entry.keep_out_rpm = readKeepOuts(value["keep_out_rpm"], at.key("keep_out_rpm"));
  }
  if (entry.finished_at !== null) checkWhole(entry, at);
}

function readPoint(value: unknown, at: Place): Point {
  if (!isTable(value)) throw at.error(value, "a point with percent, applied and rpm");
  return {
    percent: at.key("percent").number(value["percent"], 0, 100),
    applied: at.key("applied").number(value["applied"], 0, 100),
    rpm: at.key("rpm").number(value["rpm"], 0, MOST_RPM),
  };
}

function readPulses(value: unknown, at: Place): PulseCheck | null {
  if (value === undefined || value === null) return null;
  if (!isTable(value)) throw at.error(value, "a table or null");
  return {
    assumed: at.key("assumed").number(value["assumed"], 1, 100),
    fitting: at.key("fitting").optional(value["fitting"], 1000),
    plausible: value["plausible"] === true,
  };
}

function readKeepOuts(value: unknown, at: Place): [number, number][] {
  return at.list(value, MOST_KEEP_OUTS).map((range, index) => {
    const here = at.key(`[${index}]`);
    const [from, to] = here.list(range, 2);
    const fromRpm = here.number(from, 0, MOST_RPM);
    const toRpm = here.number(to, 0, MOST_RPM);
    if (!(fromRpm < toRpm)) throw here.error(`[${fromRpm}, ${toRpm}]`, "[from, to] that rises");
    return [fromRpm, toRpm];
  });
}

/** What says that it is finished must know what a finished one knows. */
function checkWhole(entry: ChannelCalibration, at: Place): void {
  const full = entry.points.find(({ percent }) => percent === 100);
  if (full === undefined || !(full.rpm > 0)) {
    throw at.key("points").error(full?.rpm, "a point at 100 percent with a speed above 0");
  }
  if (entry.minimum_percent === null) {
    throw at.key("minimum_percent").error(null, "a number from 0 to 100");
  }
}

/** Where in the file something stands, and what may stand there. */
class Place {
  readonly #file: string;
  readonly #path: string;

  constructor(file: string, path = "") {
    this.#file = file;
    this.#path = path;
  }

  key(name: string): Place {
    const isIndex = name.startsWith("[");
    return new Place(
      this.#file,
      this.#path === "" || isIndex ? this.#path + name : `${this.#path}.${name}`,
    );
  }

  number(value: unknown, least: number, most: number): number {
    if (typeof value === "number" && value >= least && value <= most) return value;
    throw this.error(value, `a number from ${least} to ${most}`);
  }

  whole(value: unknown, least: number, most: number): number {
    if (Number.isInteger(value)) return this.number(value, least, most);
    throw this.error(value, `a whole number from ${least} to ${most}`);
  }

  optional(value: unknown, most: number): number | null {
    return value === undefined || value === null ? null : this.number(value, 0, most);
  }

  text(value: unknown): string {
    if (typeof value === "string") return value;
    throw this.error(value, "a text");
  }

  list(value: unknown, most: number): unknown[] {
    if (Array.isArray(value) && value.length <= most) return value;
    throw this.error(value, `an array of at most ${most}`);
  }

  error(found: unknown, allowed: string): UsageError {
    return new UsageError(
      `Cannot use the calibration "${this.#file}": ${this.#path}: found ${shown(found)}, ` +
        `allowed ${allowed}; calibrate again, or correct it`,
    );
  }
}

function shown(value: unknown): string {
  if (value === undefined) return "nothing";
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

function isTable(value: unknown): value is Table {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function parsed(text: string, file: string): unknown {
  if (text.length > MAX_CALIBRATION_CHARS) {
    throw new UsageError(
      `Cannot use the calibration "${file}": it has ${text.length} characters; ` +
        "name what fanctl board calibrate has written",
    );
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new UsageError(
      `Cannot use the calibration "${file}": line ${lineOf(error.message, text)} is not JSON; ` +
        "correct it, or calibrate into a new file",
      { cause: error },
    );
  }
}

/** The parser tells a position where it knows one; what is cut off ends on its last line. */
function lineOf(message: string, text: string): number {
  const position = /at position (\d+)/.exec(message)?.[1];
  return text.slice(0, position === undefined ? text.length : Number(position)).split("\n").length;
}
