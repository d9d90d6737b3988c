/**
 * The agent: joins shelves of a server to channels of a board.
 *
 * @module
 */

import type { FanBoard, FanBoardStatus } from "../board/fan_board.ts";
import type { Clock } from "../clock.ts";
import type { ConnectOptions } from "../communication/socket_manager.ts";
import type { Calibration } from "../control/fans/map/calibration.ts";
import type { Log } from "../log.ts";
import { BoardLink } from "./board_link.ts";
import { Claim, type ClaimKeeper, NO_KEEPER } from "./duty/claim.ts";
import { DutyIntake } from "./duty/duty_intake.ts";
import { CalibratedFans } from "./calibrated_fans.ts";
import { type Assignment, ChannelPlan } from "./channel_plan.ts";
import { type ShelfSample, ShelfSamples } from "./shelf_sample.ts";
import { type Endpoint, ServerLink } from "./server_link.ts";
import { BoardRequests } from "./board_requests.ts";
import { Wakeup } from "./wakeup.ts";

export type { Assignment, ShelfState } from "./channel_plan.ts";
export type { Endpoint } from "./server_link.ts";
export type { ShelfSample } from "./shelf_sample.ts";

/** What an agent joins, and with what. */
export interface AgentOptions {
  /** Tried in order, from the first again after the last. */
  readonly servers: readonly Endpoint[];
  readonly assignments: readonly Assignment[];
  /** What a channel gets that nothing valid is known for, in percent. */
  readonly safePercent: number;
  /** For the log, and for those who ask the server for the board. */
  readonly boardName: string;
  /** The line to the board, as `openBoard` takes it, for those who ask. */
  readonly line: string;
  /** Of the board's fans; without one a percentage is a duty. */
  readonly calibration?: Calibration | null;
  /** Keeps the highest epoch that was granted; without it that is known until the end. */
  readonly claims?: ClaimKeeper;
  /** Whom to trust over TLS and what to prove; asked for each connection. None without. */
  readonly tls?: () => Promise<ConnectOptions["tls"]>;
  /** Proves to a server which shelves are this agent's; null or nothing where none is asked. */
  readonly token?: string | null;
  openBoard(): Promise<FanBoard>;
  readonly clock: Clock;
  readonly log: Log;
  random(): number;
  /** After every exchange with the board, for each shelf. */
  onSample?(sample: ShelfSample): void;
  /** After every turn of the board's owner, also of one that has found no board. */
  onTurn?(): void;
}

/** After a longer standstill of this process, or of its machine, it asks anew. */
const STANDSTILL_MS = 2000;
/** Speeds are reported this often. */
const REPORT_MS = 1000;
/** So often is a board announced again, in case somebody else had its name until then. */
const ANNOUNCE_MS = 10_000;

/**
 * Runs until `signal` is aborted: takes duties from the server, drives the board, reports speeds.
 * When the server is silent for longer than a duty is good, its shelves go to the safe level;
 * so they do at the end.
 */
export async function runAgent(options: AgentOptions, signal: AbortSignal): Promise<void> {
  const { clock, log, assignments } = options;
  const fans = new CalibratedFans(options.calibration ?? null, assignments);
  const plan = new ChannelPlan(assignments, options.safePercent, fans);
  const claim = new Claim(options.claims ?? NO_KEEPER);
  const duties = new DutyIntake(plan, claim, clock, () => board.wake());
  const requests = new BoardRequests({
    name: options.boardName,
    line: options.line,
    plan,
    clock,
    wake: () => board.wake(),
    onChange: () => void server.announce(),
  });
  const samples = new ShelfSamples(options, plan, fans);
  const tell = teller(log);
  const onStatus = (status: FanBoardStatus) => {
    requests.applied(status);
    for (const sample of samples.take(status)) tell(() => options.onSample?.(sample));
    tell(() => options.onTurn?.());
  };
  const onLost = () => {
    requests.lost();
    samples.lose();
    tell(() => options.onTurn?.());
  };
  const board: BoardLink = new BoardLink({
    name: options.boardName,
    plan,
    clock,
    log,
    open: () => options.openBoard(),
    random: () => options.random(),
    onTurn: (board) => requests.turn(board),
    onStatus,
    onLost,
  }, signal);
  const server: ServerLink = new ServerLink({
    servers: options.servers,
    shelves: plan.shelves,
    token: options.token ?? null,
    ...options.tls && { tls: options.tls },
    clock,
    log,
    random: () => options.random(),
    duties,
    announcement: () => ({
      name: options.boardName,
      info: { ...requests.describe(), ...duties.describe() },
    }),
    onTask: (action, args) => requests.do(action, args),
  });
  const report = async (lateMs: number) => {
    if (lateMs > STANDSTILL_MS) {
      log.warn(`Stood still for ${Math.round(lateMs)} ms; asking the server anew`);
      plan.forget();
      board.wake();
      return await server.reconnect();
    }
    const latest = [...samples.latest()];
    for (const { shelf, rpm, details } of latest) await server.report(shelf, rpm, details);
    if (latest.length === 0) await server.beat();
  };
  await Promise.all([
    board.run(),
    server.run(signal),
    repeat(report, REPORT_MS, clock, signal),
    repeat(() => server.announce(), ANNOUNCE_MS, clock, signal),
  ]);
}

/** Calls those who watch an agent: what they throw is told once, and costs no fan its board. */
function teller(log: Log): (call: () => void) => void {
  let hasFailed = false;
  return (call) => {
    try {
      call();
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      if (!hasFailed) log.error(`Cannot tell what the agent does: ${message}; the fans go on`);
      hasFailed = true;
    }
  };
}

/**
 * Acts again and again, and says by how much the wait before was longer than it should be. While a
 * machine sleeps only its wall clock goes on; one that is set back is nobody's standstill.
 */
async function repeat(
  action: (lateMs: number) => Promise<void>,
  everyMs: number,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  const wakeup = new Wakeup(clock, signal);
  while (!signal.aborted) {
    const dueMs = clock.monotonicMs() + everyMs;
    const wallDueMs = clock.wallMs() + everyMs;
    await wakeup.wait(everyMs);
    await action(Math.max(clock.monotonicMs() - dueMs, clock.wallMs() - wallDueMs));
  }
}
