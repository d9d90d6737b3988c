/**
 * Opens a board of any kind by the name of its line.
 *
 * @module
 */
import type { Clock } from "../clock.ts";
import { type Log, silentLog } from "../log.ts";
import { Board } from "./board.ts";
import type { FanBoard } from "./fan_board.ts";
import { HwmonBoard } from "./hwmon/hwmon_board.ts";
import { type HwmonPlaces, SYSTEM_PLACES } from "./hwmon/places.ts";
import { parseLineSpec } from "./line_spec.ts";
import { openLine } from "./open_line.ts";

/** How a board is opened. */
export interface OpenBoardOptions {
  readonly clock: Clock;
  /** Silent unless given. */
  readonly log?: Log;
  /** What a channel gets when its time is up, where the board keeps no level; default 100. */
  readonly safePercent?: number;
  /** Where a motherboard's outputs are; default: {@link SYSTEM_PLACES}. */
  readonly places?: HwmonPlaces;
}

/**
 * Opens the board that `spec` names, as `parseLineSpec` takes it.
 * @throws BoardError when the spec is not usable, or nothing answers there
 */
export async function openBoard(spec: string, options: OpenBoardOptions): Promise<FanBoard> {
  const line = parseLineSpec(spec);
  const { clock, log = silentLog, safePercent = 100, places = SYSTEM_PLACES } = options;
  if (line.kind === "hwmon") {
    return await HwmonBoard.open(line, { clock, log, safePercent, places });
  }
  return await Board.open(await openLine(spec, { log }), { clock, log });
}
