/**
 * `[[board]]` of a fand.toml.
 *
 * @module
 */

import type { BoardChannel, BoardConfig } from "../config.ts";
import type { Names } from "../names.ts";
import { type KeyPath, type Problems, show } from "../problems.ts";
import { isTable, read } from "./rules.ts";
import { BOARD, CHANNELS } from "./schema.ts";

/** What the boards of one file share. */
export interface BoardContext {
  readonly problems: Problems;
  readonly shelves: Names;
}

/** Reads one board; null when it has problems. */
export function readBoard(
  value: unknown,
  path: KeyPath,
  context: BoardContext,
): BoardConfig | null {
  const board = read(BOARD, value, path, context.problems);
  const table = isTable(value) && isTable(value["channels"]) ? value["channels"] : {};
  const channels = readChannels(table, [...path, "channels"], context);
  if (board && Object.keys(table).length === 0) {
    context.problems.add([...path, "channels"], "no channel", "at least one shelf with a channel");
  }
  return board && {
    name: board.name,
    line: board.line,
    channels,
    safePercent: board.safe_percent,
    ...board.calibration !== undefined &&
      { calibration: { file: board.calibration, fans: null } },
    places: { sysfsRoot: board.sysfs, stateDir: board.state },
  };
}

function readChannels(
  table: Readonly<Record<string, unknown>>,
  path: KeyPath,
  context: BoardContext,
): BoardChannel[] {
  const { problems, shelves } = context;
  const channels: BoardChannel[] = [];
  for (const [shelf, value] of Object.entries(table)) {
    const here = [...path, shelf];
    shelves.expect(shelf, here);
    for (const [index, channel] of (read(CHANNELS, value, here, problems) ?? []).entries()) {
      const owner = channels.find((other) => other.channel === channel);
      if (owner) {
        problems.add(
          [...here, index],
          `channel ${channel}, which shelf ${show(owner.shelf)} has`,
          "each channel of a board once",
        );
      }
      channels.push({ shelf, channel });
    }
  }
  return channels;
}
