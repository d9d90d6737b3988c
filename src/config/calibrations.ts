/**
 * The calibrations that the boards of a configuration name: files of their own, which are checked
 * with it.
 *
 * @module
 */

import { loadFanCalibration } from "../agent/calibration_file.ts";
import { ConfigError, FandError } from "../errors.ts";
import type { BoardConfig, ServerConfig } from "./config.ts";

/**
 * `config` with what its boards' calibrations hold.
 *
 * @throws {ConfigError} With what is wrong in each of the files.
 */
export async function withCalibrations(config: ServerConfig): Promise<ServerConfig> {
  const problems: string[] = [];
  const boards: BoardConfig[] = [];
  for (const board of config.boards) {
    try {
      boards.push(await calibrated(board));
    } catch (error) {
      if (!(error instanceof FandError)) throw error;
      problems.push(`${config.source}: board "${board.name}": calibration: ${error.message}`);
    }
  }
  if (problems.length === 0) return { ...config, boards };
  throw new ConfigError(
    `Cannot use the configuration "${config.source}": a calibration that it names has problems; ` +
      "correct what is listed and try again",
    problems,
  );
}

async function calibrated(board: BoardConfig): Promise<BoardConfig> {
  if (board.calibration === undefined) return board;
  const { file } = board.calibration;
  const fans = await loadFanCalibration(file, {
    name: board.name,
    line: board.line,
    channels: board.channels.map(({ channel }) => channel),
  });
  return { ...board, calibration: { file, fans } };
}
