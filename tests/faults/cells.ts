/**
 * The fault matrix: what is done to which part of a running chain, and what its fans must do.
 *
 * @module
 */

import {
  agentPid,
  boardPid,
  both,
  GARBLED,
  type Inject,
  killed,
  lines,
  nonsense,
  once,
  restarted,
  sensorPid,
  serverPid,
  STALLED,
  stopped,
} from "./inject.ts";
import { READING_MS, TIMES } from "./rig.ts";

export const COMPONENTS = ["sensor", "server", "network", "agent", "serial", "board"] as const;
export const FAULTS = [
  "killed",
  "stopped",
  "slow",
  "corrupt",
  "restarted",
  "partitioned",
] as const;

/** A part of the chain. */
export type Component = (typeof COMPONENTS)[number];
/** What befalls it. */
export type Fault = (typeof FAULTS)[number];

/**
 * What a fan must do: go to its safe level within the limit, keep its duty all the time, or either
 * of these. `dark`: nothing drives it that could be looked at, and the server must say so.
 */
export type Expected = "safe" | "holds" | "either" | "dark";

/** One fault of one part. */
export interface Cell {
  readonly component: Component;
  readonly fault: Fault;
  /** What is done, for the table. */
  readonly done: string;
  /** Of the shelf whose sensor and board it befalls, and of the other one on the same board. */
  readonly expected: readonly [a: Expected, b: Expected];
  /** Within this time the safe level is reached. */
  readonly limitMs: number;
  /** The same in words. */
  readonly limit: string;
  readonly inject: Inject;
  /** Whose clock is looked at when the board alone has to act; that of this machine without it. */
  readonly clock?: "chip";
}

const SESSION = { limitMs: TIMES.dutyTtlMs + 100, limit: "TTL + 100 ms" };
const READING = { limitMs: READING_MS + TIMES.tickMs + 100, limit: "U + 1 tick + 100 ms" };
/** The last command that reached the board was given up to one heartbeat after the fault. */
const LINE = { limitMs: TIMES.dutyTtlMs + TIMES.tickMs + 100, limit: "TTL + 1 beat + 100 ms" };
/** The server hears of it with the next report, and pushes until then. */
const REPORT = { limitMs: TIMES.dutyTtlMs + 1000 + 100, limit: "TTL + 1 report + 100 ms" };
const AT_ONCE = { limitMs: 200, limit: "at once" };
/** The agent gives a board four tries, and reports it to the server once a second. */
const TOLD = { limitMs: 3000, limit: "told within 3 s" };

const ALL_SAFE = ["safe", "safe"] as const;
const ALL_HOLD = ["holds", "holds"] as const;

const SENSOR: Omit<Cell, "component">[] = [
  {
    fault: "killed",
    done: "SIGKILL of what is asked over HTTP",
    expected: ["safe", "holds"],
    ...READING,
    inject: killed("sensor", (rig) => rig.startSensor()),
  },
  {
    fault: "stopped",
    done: "SIGSTOP of it",
    expected: ["safe", "holds"],
    ...READING,
    inject: stopped(sensorPid),
  },
  {
    fault: "slow",
    done: "its answers 1 s late, 5 times what they may take",
    expected: ["safe", "holds"],
    ...READING,
    inject: lines("readings", { delayMs: 1000 }, "down"),
  },
  {
    fault: "corrupt",
    done: "no byte of its answers as it was sent",
    expected: ["safe", "holds"],
    ...READING,
    inject: lines("readings", GARBLED, "down"),
  },
  {
    fault: "restarted",
    done: "SIGKILL, and started again at once",
    expected: ALL_HOLD,
    ...READING,
    inject: restarted("sensor", "SIGKILL", (rig) => rig.startSensor()),
  },
  {
    fault: "partitioned",
    done: "nothing passes between it and the server",
    expected: ["safe", "holds"],
    ...READING,
    inject: lines("readings", STALLED),
  },
];

const SERVER: Omit<Cell, "component">[] = [
  {
    fault: "killed",
    done: "SIGKILL",
    expected: ALL_SAFE,
    ...SESSION,
    inject: killed("server", (rig) => rig.startServer()),
  },
  {
    fault: "stopped",
    done: "SIGSTOP",
    expected: ALL_SAFE,
    ...SESSION,
    inject: stopped(serverPid),
  },
  {
    fault: "slow",
    done: "it stands still for 800 of every 900 ms, more than 2 ticks",
    expected: ALL_SAFE,
    ...SESSION,
    inject: stopped(serverPid, { standMs: 800, runMs: 100 }),
  },
  {
    fault: "corrupt",
    done: "another is in its place that talks nonsense",
    expected: ALL_SAFE,
    ...SESSION,
    inject: nonsense,
  },
  {
    fault: "restarted",
    done: "SIGTERM, and started again at once",
    expected: ALL_HOLD,
    ...SESSION,
    inject: restarted("server", "SIGTERM", (rig) => rig.startServer()),
  },
  {
    fault: "partitioned",
    done: "nothing passes between it and all others",
    expected: ALL_SAFE,
    ...SESSION,
    inject: both(lines("network", STALLED), lines("readings", STALLED)),
  },
];

const NETWORK: Omit<Cell, "component">[] = [
  {
    fault: "killed",
    done: "every connection ends, and none is accepted",
    expected: ALL_SAFE,
    ...SESSION,
    inject: async (rig) => {
      await rig.network.close();
      return () => Promise.resolve(rig.network.reopen());
    },
  },
  {
    fault: "stopped",
    done: "half open: nothing of the server's reaches the agent any more on this connection",
    expected: ALL_HOLD,
    ...SESSION,
    inject: once((rig) => rig.network.halfOpen("down")),
  },
  {
    fault: "slow",
    done: "200 ± 100 ms each way, 5 % lost and sent again 400 ms later",
    expected: ALL_HOLD,
    ...SESSION,
    inject: lines("network", { delayMs: 200, jitterMs: 100, loss: 0.05, resendMs: 400 }),
  },
  {
    fault: "corrupt",
    done: "no byte reaches the agent as it was sent",
    expected: ALL_SAFE,
    ...SESSION,
    inject: lines("network", GARBLED, "down"),
  },
  {
    fault: "restarted",
    done: "every connection ends once",
    expected: ALL_HOLD,
    ...SESSION,
    inject: once((rig) => rig.network.cut()),
  },
  {
    fault: "partitioned",
    done: "nothing passes, either way",
    expected: ALL_SAFE,
    ...SESSION,
    inject: lines("network", STALLED),
  },
];

const AGENT: Omit<Cell, "component">[] = [
  {
    fault: "killed",
    clock: "chip",
    done: "SIGKILL",
    expected: ALL_SAFE,
    ...SESSION,
    inject: killed("agent", (rig) => rig.startAgent()),
  },
  {
    fault: "stopped",
    clock: "chip",
    done: "SIGSTOP",
    expected: ALL_SAFE,
    ...SESSION,
    inject: stopped(agentPid),
  },
  {
    fault: "slow",
    done: "it stands still for 200 of every 300 ms",
    expected: ALL_HOLD,
    ...SESSION,
    inject: stopped(agentPid, { standMs: 200, runMs: 100 }),
  },
  {
    fault: "corrupt",
    done: "no byte reaches the server as the agent sent it",
    expected: ALL_SAFE,
    ...REPORT,
    inject: lines("network", GARBLED, "up"),
  },
  {
    fault: "restarted",
    done: "SIGTERM, and started again at once",
    expected: ALL_SAFE,
    limitMs: 1000,
    limit: "before it has ended",
    inject: restarted("agent", "SIGTERM", (rig) => rig.startAgent()),
  },
  {
    fault: "partitioned",
    clock: "chip",
    done: "nothing passes between it and the server, nor between it and the board",
    expected: ALL_SAFE,
    ...SESSION,
    inject: both(lines("network", STALLED), lines("serial", STALLED)),
  },
];

const SERIAL: Omit<Cell, "component">[] = [
  {
    fault: "killed",
    clock: "chip",
    done: "the line ends, and none can be opened",
    expected: ALL_SAFE,
    ...SESSION,
    inject: async (rig) => {
      await rig.serial.close();
      return () => Promise.resolve(rig.serial.reopen());
    },
  },
  {
    fault: "stopped",
    clock: "chip",
    done: "the board's answers stand still, commands go through",
    expected: ALL_SAFE,
    ...LINE,
    inject: lines("serial", STALLED, "down"),
  },
  {
    fault: "slow",
    done: "30 ± 20 ms each way",
    expected: ALL_HOLD,
    ...SESSION,
    inject: lines("serial", { delayMs: 30, jitterMs: 20 }),
  },
  {
    fault: "corrupt",
    done: "one byte of 500 is another, both ways",
    expected: ["either", "either"],
    ...LINE,
    inject: lines("serial", { corrupt: 0.002 }),
  },
  {
    fault: "restarted",
    done: "the line ends once",
    expected: ALL_HOLD,
    ...SESSION,
    inject: once((rig) => rig.serial.cut()),
  },
  {
    fault: "partitioned",
    clock: "chip",
    done: "nothing passes, either way",
    expected: ALL_SAFE,
    ...SESSION,
    inject: lines("serial", STALLED),
  },
];

const BOARD: Omit<Cell, "component">[] = [
  {
    fault: "killed",
    done: "its power is gone",
    expected: ["dark", "dark"],
    ...TOLD,
    inject: async (rig) => {
      await rig.askBoard((board) => board[Symbol.asyncDispose]());
      return () => rig.startBoard();
    },
  },
  {
    fault: "stopped",
    done: "the chip with all its clocks stands still (SIGSTOP)",
    expected: ["dark", "dark"],
    ...TOLD,
    inject: stopped(boardPid),
  },
  {
    fault: "slow",
    done: "the chip stands still for 60 of every 120 ms",
    expected: ALL_HOLD,
    ...SESSION,
    inject: stopped(boardPid, { standMs: 60, runMs: 60 }),
  },
  {
    fault: "corrupt",
    done: "one byte of 100 of its answers is another",
    expected: ["either", "either"],
    ...LINE,
    inject: lines("serial", { corrupt: 0.01 }, "down"),
  },
  {
    fault: "restarted",
    done: "its reset button",
    expected: ALL_SAFE,
    ...AT_ONCE,
    inject: once((rig) => rig.askBoard((board) => board.reset("external"))),
  },
  {
    fault: "partitioned",
    clock: "chip",
    done: "its plug is pulled out; the board itself runs on",
    expected: ALL_SAFE,
    ...SESSION,
    inject: async (rig) => {
      await rig.askBoard((board) => board.unplug());
      return async () => {
        await rig.askBoard((board) => board.plug());
        await rig.connectBoard();
      };
    },
  },
];

/** Every cell, part by part. */
export const CELLS: readonly Cell[] = [
  ...SENSOR.map((cell): Cell => ({ component: "sensor", ...cell })),
  ...SERVER.map((cell): Cell => ({ component: "server", ...cell })),
  ...NETWORK.map((cell): Cell => ({ component: "network", ...cell })),
  ...AGENT.map((cell): Cell => ({ component: "agent", ...cell })),
  ...SERIAL.map((cell): Cell => ({ component: "serial", ...cell })),
  ...BOARD.map((cell): Cell => ({ component: "board", ...cell })),
];

/** `server killed`. */
export function nameOf({ component, fault }: Cell): string {
  return `${component} ${fault}`;
}
