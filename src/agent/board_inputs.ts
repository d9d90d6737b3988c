/**
 * What a board measures besides its fans, as the server is told with every report.
 *
 * @module
 */

import type { FanBoardStatus } from "../board/fan_board.ts";
import type { WireMap } from "../wire/value.ts";

/** `inputs`, one entry a thermistor in order; nothing for a board that has none. */
export function boardInputs({ details }: FanBoardStatus): WireMap {
  if (details?.thermistor === undefined) return {};
  return { inputs: [{ temp_c: details.temperatureC ?? null, state: details.thermistor }] };
}
