/** Whoever watches an agent: what it throws is told, and costs no fan its board. */

import assert from "node:assert/strict";
import { runAgent } from "../../src/agent/agent.ts";
import { Board } from "../../src/board/board.ts";
import { freePort } from "../support/free_port.ts";
import { MachineBoard } from "../support/machine_line.ts";
import { RecordedLog } from "../support/recorded_log.ts";
import { until } from "../support/until.ts";
import { VirtualClock } from "../support/virtual_clock.ts";

const STEP_MS = 10;
const CALLS = 5;

Deno.test("an observer that throws is told of once, and the board goes on", async () => {
  const clock = new VirtualClock();
  const far = new MachineBoard(clock);
  const log = new RecordedLog();
  const stop = new AbortController();
  let opened = 0;
  let calls = 0;
  const ended = runAgent({
    servers: [{ host: "127.0.0.1", port: freePort() }],
    assignments: [{ shelf: "nas", channels: [0] }],
    safePercent: 40,
    boardName: "test",
    line: "test:",
    openBoard: () => {
      opened++;
      return Board.open(far.openLine(), { clock });
    },
    clock,
    log,
    random: () => 0.5,
    onSample: () => {
      calls++;
      throw new Error("nobody reads this any more");
    },
    onTurn: () => {
      throw new Error("nor that");
    },
  }, stop.signal);
  const passUntil = (holds: () => boolean, what: string) =>
    until(async () => {
      await clock.advance(STEP_MS);
      return holds();
    }, what);
  await passUntil(() => calls >= CALLS, "an observer that is called again");
  assert.equal(opened, 1);
  assert.equal(far.channel(0).drive, 400);
  stop.abort();
  let hasEnded = false;
  ended.finally(() => hasEnded = true);
  await passUntil(() => hasEnded, "the agent's end");
  await ended;
  const told = log.lines.filter((line) => line.includes("Cannot tell what the agent does"));
  assert.equal(told.length, 1, told.join("\n"));
});
