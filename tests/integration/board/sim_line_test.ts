/** The simulated board in its worker: line, driver, and the hands of a person at it. */
import assert from "node:assert/strict";
import { Board, type BoardStatus } from "../../../src/board/board.ts";
import { openLine } from "../../../src/board/open_line.ts";
import { SimLine } from "../../../src/board/sim/sim_line.ts";
import { systemClock } from "../../../src/clock.ts";
import { BoardError } from "../../../src/errors.ts";
import { REPOSITORY } from "../../support/paths.ts";
import { runDeno } from "../../support/process.ts";
import { tempDir } from "../../support/temp_dir.ts";
import { TreeServer } from "../../support/tree_server.ts";
import { until } from "../../support/until.ts";

const FAST = 10;

const all = (permille: number, ttlMs = 10_000) => [1, 2, 3].map(() => ({ permille, ttlMs }));

/** A board on a line, both closed at the end. */
async function bench(speed: number) {
  const line = await SimLine.open({ seed: 1, speed });
  const board = await Board.open(line, { clock: systemClock });
  return { line, board, [Symbol.asyncDispose]: () => board.close() };
}

/** Renews a duty until the board's status is as awaited. */
async function drive(
  board: Board,
  permille: number,
  reached: (status: BoardStatus) => boolean,
): Promise<void> {
  await until(async () => reached(await board.set(all(permille))), `${permille} permille`);
}

Deno.test("a duty goes through the driver, the line and the firmware, and speed comes back", async () => {
  await using at = await bench(FAST);
  assert.equal(at.board.hello.part, "ATmega328P");
  await drive(
    at.board,
    500,
    ({ channels }) => channels.every(({ rpm }) => rpm !== null && rpm > 800),
  );
  const status = await at.board.status();
  assert.deepEqual(status.channels.map(({ permille }) => permille), [500, 500, 500]);
  const seen = await at.line.observe();
  assert.deepEqual(seen.channels.map(({ compare }) => compare), [160, 160, 39]);
  for (const [channel, { rpm }] of seen.channels.entries()) {
    const told = status.channels[channel]?.rpm ?? 0;
    assert.ok(Math.abs(told / rpm - 1) < 0.1, `${told} told, ${rpm} true`);
  }
});

Deno.test("the driver's silence lets the board go to full speed by itself", async () => {
  await using at = await bench(FAST);
  await at.board.set(all(200, 500));
  await until(async () => {
    const { channels } = await at.line.observe();
    return channels.every(({ drive }) => drive === "released");
  }, "released");
  const { channels, counters } = await at.board.status();
  assert.ok(channels.every(({ flags }) => flags.failsafe && flags.latched && flags.released));
  assert.equal(counters.ttlExpired, 3);
  assert.ok((await at.board.clear(7)).channels.every(({ flags }) => !flags.latched));
});

Deno.test("a blocked and an unplugged fan are told as standing, and repaired as turning", async () => {
  await using at = await bench(FAST);
  const speeds = (status: BoardStatus) => status.channels.map(({ rpm }) => (rpm ?? 0) > 0);
  await drive(at.board, 600, (status) => speeds(status).every(Boolean));
  at.line.stall(0);
  at.line.disconnect(1);
  await drive(at.board, 600, (status) => speeds(status).join() === "false,false,true");
  at.line.repair(0);
  at.line.repair(1);
  await drive(at.board, 600, (status) => speeds(status).every(Boolean));
});

Deno.test("the reset button is noticed, and the next set works", async () => {
  await using at = await bench(1);
  const before = at.board.hello.bootId;
  await at.board.set(all(300));
  at.line.reset();
  await assert.rejects(at.board.set(all(300)), /it was reset and is at its safe level/);
  const status = await at.board.set(all(300));
  assert.notEqual(status.bootId, before);
  assert.deepEqual(status.resetCauses, ["external"]);
  assert.equal((await at.line.observe()).resets, 1);
});

Deno.test("time stands still at speed 0 and goes on after", async () => {
  await using line = await SimLine.open({ seed: 1 });
  line.setSpeed(0);
  const { timeMs } = await line.observe();
  assert.equal((await line.observe()).timeMs, timeMs);
  line.setSpeed(Infinity);
  await until(async () => (await line.observe()).timeMs > timeMs + 1000, "a second");
});

Deno.test("simulated time keeps step with real time, and never runs ahead of it", async () => {
  const beforeMs = systemClock.monotonicMs();
  await using line = await SimLine.open({ seed: 1 });
  const startMs = systemClock.monotonicMs();
  for (let look = 0; look < 20; look++) {
    const { timeMs } = await line.observe();
    const elapsedMs = systemClock.monotonicMs() - beforeMs;
    assert.ok(timeMs <= elapsedMs, `${timeMs} ms simulated in ${elapsedMs} ms`);
  }
  await until(async () => {
    const { timeMs } = await line.observe();
    const elapsedMs = systemClock.monotonicMs() - startMs;
    return elapsedMs > 300 && timeMs > elapsedMs * 0.9;
  }, "in step");
});

Deno.test("a writer is held back by the line's rate", async () => {
  await using line = await SimLine.open({ seed: 1 });
  const writer = line.writable.getWriter();
  const startMs = systemClock.monotonicMs();
  for (let chunk = 0; chunk < 10; chunk++) await writer.write(new Uint8Array(500).fill(0x55));
  const tookMs = systemClock.monotonicMs() - startMs;
  assert.ok(tookMs > 100, `5000 bytes at 25 a millisecond were taken in ${tookMs} ms`);
});

Deno.test("a closed line ends its streams and answers nothing", async () => {
  const line = await SimLine.open({ seed: 1 });
  const reader = line.readable.getReader();
  const reading = reader.read();
  const observing = line.observe();
  const writer = line.writable.getWriter();
  await line.close();
  await line.close();
  assert.deepEqual(await reading, { done: true, value: undefined });
  await assert.rejects(observing, BoardError);
  await assert.rejects(line.observe(), /Cannot use the board line "sim:1": it is closed/);
  await assert.rejects(writer.write(Uint8Array.of(1)), BoardError);
  line.stall(0);
});

Deno.test("two boards live side by side", async () => {
  await using one = await bench(1);
  await using other = await bench(1);
  await Promise.all([one.board.set(all(250)), other.board.set(all(750))]);
  const [first] = (await one.line.observe()).channels;
  const [second] = (await other.line.observe()).channels;
  assert.equal(first?.compare, 80);
  assert.equal(second?.compare, 240);
});

Deno.test("Board.open takes a line that openLine has opened", async () => {
  await using board = await Board.open(await openLine("sim:5"), { clock: systemClock });
  assert.equal((await board.set(all(1000))).channels.length, 3);
});

function script(base: string): string {
  return `
    import { Board } from "${base}src/board/board.ts";
    import { openLine } from "${base}src/board/open_line.ts";
    import { systemClock } from "${base}src/clock.ts";
    try {
      const board = await Board.open(await openLine("sim:"), { clock: systemClock });
      console.log(board.hello.part);
      await board.close();
    } catch (error) {
      console.log(error.message);
    }`;
}

Deno.test("a program from the web needs no permission for the simulated board", async () => {
  await using server = new TreeServer(REPOSITORY);
  await using folder = await tempDir();
  const main = await folder.write("main.js", script(server.url("")));
  const flags = ["--no-prompt", "--no-lock", `--allow-import=${server.host}`];
  const { stdout, stderr } = await runDeno(["run", ...flags, main]);
  assert.equal(stdout, "ATmega328P\n", stderr);
});

Deno.test("a program from the disk needs to read the worker's files, and is told so", async () => {
  await using folder = await tempDir();
  const main = await folder.write("main.js", script(`file://${REPOSITORY}`));
  const flag = `--allow-read=${REPOSITORY}src,${REPOSITORY}deps.ts`;
  const refused = await runDeno(["run", "--no-prompt", main]);
  assert.equal(
    refused.stdout,
    `Cannot run the simulated board: its worker may not be loaded; run with ${flag}\n`,
  );
  assert.equal(refused.stderr, "");
  assert.equal((await runDeno(["run", "--no-prompt", flag, main])).stdout, "ATmega328P\n");
});
