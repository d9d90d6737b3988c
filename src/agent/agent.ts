/**
 * The agent: joins shelves of a server to channels of a board.
 *
 * @module
 */

import type { Board, BoardStatus } from "../board/board.ts";
import type { Clock } from "../clock.ts";
import type { Log } from "../log.ts";
import type { WireValue } from "../wire/value.ts";
import { BoardLink } from "./board_link.ts";
import { type Assignment, ChannelPlan, type ShelfState } from "./channel_plan.ts";
import { ServerLink } from "./server_link.ts";
import { Wakeup } from "./wakeup.ts";

export type { Assignment, ShelfState } from "./channel_plan.ts";

/** What an agent joins, and with what. */
export interface AgentOptions {
  readonly address: string;
  readonly port: number;
  readonly assignments: readonly Assignment[];
  /** What a channel gets that nothing valid is known for, in percent. */
  readonly safePercent: number;
  /** For the log: `sim:7`. */
  readonly boardName: string;
  openBoard(): Promise<Board>;
  readonly clock: Clock;
  readonly log: Log;
  random(): number;
  /** After every exchange with the board. */
  onStatus?(status: BoardStatus): void;
}

/** Speeds are reported this often. */
const REPORT_MS = 1000;

/**
 * Runs until `signal` is aborted: takes duties from the server, drives the board, reports speeds.
 * When the server is silent for longer than a duty is good, its shelves go to the safe level;
 * so they do at the end.
 */
export async function runAgent(options: AgentOptions, signal: AbortSignal): Promise<void> {
  const { clock } = options;
  const plan = new ChannelPlan(options.assignments, options.safePercent);
  let last: BoardStatus | null = null;
  const board = new BoardLink({
    name: options.boardName,
    plan,
    clock,
    log: options.log,
    open: () => options.openBoard(),
    random: () => options.random(),
    onStatus: (status) => {
      last = status;
      options.onStatus?.(status);
    },
  }, signal);
  const server = new ServerLink({
    address: options.address,
    port: options.port,
    shelves: plan.shelves,
    clock,
    log: options.log,
    random: () => options.random(),
    onDuty: (push) => {
      if (plan.take(push, clock.monotonicMs())) board.wake();
    },
  });
  const report = async () => {
    if (last === null) return;
    for (const assignment of options.assignments) {
      const state = plan.state(assignment.shelf, clock.monotonicMs());
      const speeds = shelfSpeeds(assignment, last, state);
      await server.report(assignment.shelf, speeds.slowest, speeds.details);
    }
  };
  await Promise.all([board.run(), server.run(signal), repeat(report, clock, signal)]);
}

async function repeat(
  action: () => Promise<void>,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  const wakeup = new Wakeup(clock, signal);
  while (!signal.aborted) {
    await wakeup.wait(REPORT_MS);
    await action();
  }
}

/**
 * What a shelf's fans do: the slowest speed, or null when one of them is unknown, and what the
 * board has applied on each channel.
 */
export function shelfSpeeds(
  assignment: Assignment,
  status: BoardStatus,
  state: ShelfState,
): { slowest: number | null; details: Record<string, WireValue> } {
  const channels = assignment.channels.map((channel) => status.channels[channel])
    .filter((channel) => channel !== undefined);
  const rpms = channels.map(({ rpm }) => rpm === null ? null : Math.round(rpm));
  const known = rpms.filter((rpm) => rpm !== null);
  return {
    slowest: known.length < rpms.length || known.length === 0 ? null : Math.min(...known),
    details: {
      state,
      rpms,
      applied: channels.map(({ permille }) => permille / 10),
      compare: channels.map(({ compare }) => compare),
      steps: channels.map(({ steps }) => steps),
    },
  };
}
