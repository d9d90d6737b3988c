/**
 * The calibration of a board's fans, read from the file that `fanctl board calibrate --out` wrote.
 *
 * @module
 */

import type { Calibration } from "../control/fans/map/calibration.ts";
import { readCalibration } from "../control/fans/map/calibration_reader.ts";
import { FandError, UsageError } from "../errors.ts";

/** Whose calibration it must be. */
export interface CalibratedBoard {
  /** What the board is called at the server. */
  readonly name: string;
  /** Its line: what it is called when it is calibrated without a server. */
  readonly line: string;
  /** The channels that are going to be driven. */
  readonly channels: readonly number[];
}

/**
 * Reads what is known of a board's fans. A channel that the file does not have is driven without a
 * map.
 *
 * @throws {UsageError} When the file is damaged, of another board, or not finished.
 * @throws {FandError} When it cannot be read.
 */
export async function loadFanCalibration(
  file: string,
  board: CalibratedBoard,
): Promise<Calibration> {
  const calibration = readCalibration(await textOf(file), file);
  if (calibration.board !== board.name && calibration.board !== board.line) {
    throw new UsageError(
      `Cannot use the calibration "${file}": it is of board "${calibration.board}", and this is ` +
        `"${board.name}"; name the file of this board`,
    );
  }
  const unfinished = calibration.channels.find(({ channel, finished_at }) =>
    board.channels.includes(channel) && finished_at === null
  );
  if (unfinished === undefined) return calibration;
  throw new UsageError(
    `Cannot use the calibration "${file}": channel ${unfinished.channel} is not finished; ` +
      `run fanctl board calibrate ${unfinished.channel} --out ${file} to its end`,
  );
}

async function textOf(file: string): Promise<string> {
  const { state } = await Deno.permissions.query({ name: "read", path: file });
  if (state !== "granted") {
    throw new FandError(
      `Cannot read the calibration "${file}": this process may not; run it with ` +
        `--allow-read=${file}`,
    );
  }
  try {
    return await Deno.readTextFile(file);
  } catch (error) {
    const found = error instanceof Deno.errors.NotFound
      ? "it does not exist"
      : error instanceof Error
      ? error.message
      : String(error);
    throw new FandError(
      `Cannot read the calibration "${file}": ${found}; ` +
        "name a file that fanctl board calibrate --out has written",
      { cause: error },
    );
  }
}
