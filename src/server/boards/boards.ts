/**
 * The boards on the server's own machine: the same agent that runs elsewhere, in this process and
 * through the same TCP port.
 *
 * @module
 */

import { type Assignment, runAgent } from "../../agent/agent.ts";
import { openBoard } from "../../board/open_board.ts";
import { systemClock } from "../../clock.ts";
import type { BoardConfig } from "../../config/config.ts";
import type { Logging } from "../program/logging.ts";
import type { Server } from "../server.ts";
import { RunningBoards } from "./running_boards.ts";

/** Drives boards of this machine as agents of `server`. */
export function boardsOf(server: Server, logging: Logging): RunningBoards {
  const { hostname, port } = server.address;
  const host = hostname === "0.0.0.0" ? "127.0.0.1" : hostname === "::" ? "::1" : hostname;
  const log = logging.log("agent");
  return new RunningBoards((board, signal) =>
    runAgent({
      servers: [{ host, port }],
      assignments: assignmentsOf(board),
      safePercent: board.safePercent,
      boardName: board.name,
      line: board.line,
      token: server.boardsToken,
      calibration: board.calibration?.fans ?? null,
      openBoard: () =>
        openBoard(board.line, {
          clock: systemClock,
          log,
          safePercent: board.safePercent,
          places: board.places,
        }),
      clock: systemClock,
      log,
      random: Math.random,
    }, signal)
  );
}

/** The channels of each shelf on a board. */
export function assignmentsOf(board: BoardConfig): Assignment[] {
  const shelves = Map.groupBy(board.channels, ({ shelf }) => shelf);
  return [...shelves].map(([shelf, channels]) => ({
    shelf,
    channels: channels.map(({ channel }) => channel),
  }));
}
