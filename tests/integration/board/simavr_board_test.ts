/**
 * The whole way in real time: the driver of the board, the serial driver, a pseudo terminal, and
 * the committed images in simavr, whose registers are looked at from outside.
 */

import assert from "node:assert/strict";
import { Board } from "../../../src/board/board.ts";
import { openLine } from "../../../src/board/open_line.ts";
import { type Clock, systemClock } from "../../../src/clock.ts";
import { BoardError } from "../../../src/errors.ts";
import { LIBC } from "../../support/permissions_page.ts";
import { startDeno } from "../../support/process.ts";
import { serve } from "../../support/serve.ts";
import {
  SIMAVR_PARTS,
  SimavrBoard,
  type SimavrChannel,
  testOnSimavr,
} from "../../support/simavr_board.ts";
import { tempDir } from "../../support/temp_dir.ts";
import { until } from "../../support/until.ts";

const [UNO] = SIMAVR_PARTS;
const CYCLES_A_MS = 16_000;

/**
 * Ten times as patient as a driver is with a real board: on a machine without a core to spare the
 * kernel carries what is written to a pseudo terminal as late as half a second after.
 */
const patientClock: Clock = {
  ...systemClock,
  after: (delayMs, action) => systemClock.after(10 * delayMs, action),
};

const open = async (path: string): Promise<Board> =>
  await Board.open(await openLine(path), { clock: patientClock });

const all = (board: Board, permille: number, ttlMs: number) =>
  board.hello.channels.map(() => ({ permille, ttlMs }));

async function startUno(): Promise<SimavrBoard> {
  assert.ok(UNO);
  return await SimavrBoard.start(UNO);
}

/** Looks until every channel is as wanted; the chip's clock then, in milliseconds. */
async function chipMsWhen(
  chip: SimavrBoard,
  isWanted: (channel: SimavrChannel) => boolean,
  what: string,
): Promise<number> {
  let cycle = 0;
  await until(async () => {
    const seen = await chip.observe();
    cycle = seen.cycle;
    return seen.channels.every(isWanted);
  }, what);
  return cycle / CYCLES_A_MS;
}

for (const part of SIMAVR_PARTS) {
  testOnSimavr(`${part.title} in simavr: hello, set, register, fan, and the TTL`, async () => {
    await using chip = await SimavrBoard.start(part);
    assert.ok((await chip.observe()).channels.every(({ released }) => released), "born released");
    await using board = await open(chip.path);
    assert.equal(board.hello.part, part.title);
    assert.deepEqual((await board.status()).resetCauses, ["power-on"]);

    const status = await board.set(all(board, 550, 10_000));
    const { channels } = await chip.observe();
    assert.equal(channels.length, status.channels.length);
    for (const [index, channel] of channels.entries()) {
      assert.equal(channel.released, false);
      assert.equal(channel.duty, 0.55, `channel ${index}`);
      const { steps, compare } = status.channels[index] ?? {};
      assert.equal(compare, 0.55 * (steps ?? 0));
    }

    // The fans come to their speed, and the board sees it.
    await chipMsWhen(chip, ({ rpm }) => Math.abs(rpm - 990) < 5, "990 rpm");
    const quietMs = (await chip.observe()).cycle / CYCLES_A_MS + 400;
    await until(async () => (await chip.observe()).cycle / CYCLES_A_MS > quietMs, "400 ms more");
    const seen = (await board.status()).channels;
    for (const [index, { tach }] of board.hello.channels.entries()) {
      const rpm = seen[index]?.rpm;
      if (tach) assert.ok(Math.abs((rpm ?? 0) - 990) < 10, `channel ${index}: ${rpm} rpm`);
      else assert.equal(rpm, null);
    }

    const before = (await chip.observe()).cycle / CYCLES_A_MS;
    await board.set(all(board, 300, 400));
    const after = (await chip.observe()).cycle / CYCLES_A_MS;
    const expiredMs = await chipMsWhen(chip, ({ released }) => released, "its safe level");
    // The driver takes off what a set waits before it is sent.
    assert.ok(expiredMs - before >= 400 - 20, `${expiredMs - before} ms after the set was sent`);
    assert.ok(expiredMs - after <= 400 + 100, `${expiredMs - after} ms after it was answered`);
    assert.equal((await board.status()).counters.ttlExpired, channels.length);
  });
}

testOnSimavr("a blocked rotor is told as standing, and the others turn on", async () => {
  await using chip = await startUno();
  await using board = await open(chip.path);
  await chip.stall(1);
  await until(async () => {
    const rpms = (await board.set(all(board, 500, 5000))).channels.map(({ rpm }) => rpm ?? -1);
    return rpms[1] === 0 && (rpms[0] ?? 0) > 500 && (rpms[2] ?? 0) > 500;
  }, "0 rpm on channel 1 alone");
  await chip.free(1);
  await until(async () => {
    const { channels } = await board.set(all(board, 500, 5000));
    return (channels[1]?.rpm ?? 0) > 500;
  }, "channel 1 turning");
});

testOnSimavr("a reset in the middle of a session is noticed, and the next set works", async () => {
  await using chip = await startUno();
  await using board = await open(chip.path);
  await board.set(all(board, 300, 5000));
  await chip.reset("watchdog");
  await chipMsWhen(chip, ({ released }) => released, "its safe level");
  await assert.rejects(board.set(all(board, 300, 5000)), /it was reset and is at its safe level/);
  assert.deepEqual((await board.set(all(board, 300, 5000))).resetCauses, ["watchdog"]);
});

testOnSimavr("an unplugged board goes safe, and its agent finds it in another place", async () => {
  await using chip = await startUno();
  await using dir = await tempDir();
  // What udev does: a name that stays, for a device file that does not.
  const link = dir.join("board");
  await Deno.symlink(chip.path, link);
  await using server = serve({
    tempsC: { nas: 25 },
    config: { heartbeatMs: 500, dutyTtlMs: 1500 },
  });
  await using agent = startDeno(
    ["run", "--no-prompt", `--allow-net=127.0.0.1:${server.port}`, `--allow-ffi=${LIBC}`].concat(
      ["client.ts", "agent", "nas=0,1,2", "--board", `tty:${link}`, "-p", `${server.port}`, "-v"],
    ),
  );
  await chipMsWhen(chip, ({ duty }) => duty === 0.25, "25 %");

  await chip.unplug();
  await agent.line(/it was unplugged/);
  await chipMsWhen(chip, ({ released }) => released, "its safe level");
  await chip.plug();
  await Deno.remove(link);
  await Deno.symlink(chip.path, link);
  await chipMsWhen(chip, ({ duty }) => duty === 0.25, "25 % again");
  const said = agent.lines.filter(({ text }) => text.includes("unplugged"));
  assert.equal(said.length, 1, said.map(({ text }) => text).join("\n"));

  agent.kill("SIGINT");
  await agent.ended;
  assert.ok((await chip.observe()).channels.every(({ released }) => released), "left safe");
});

testOnSimavr("a second owner is refused by name, and the first goes on", async () => {
  await using chip = await startUno();
  await using board = await open(chip.path);
  await assert.rejects(openLine(chip.path), (error) => {
    assert.ok(error instanceof BoardError);
    assert.match(error.message, /this process itself holds it; end that first$/);
    return true;
  });
  await board.set(all(board, 500, 1000));
});

testOnSimavr("a host that is killed leaves the board safe and the port free", async () => {
  await using chip = await startUno();
  const base = new URL("../../../src/", import.meta.url);
  const host = `
    import { Board } from "${base}board/board.ts";
    import { openLine } from "${base}board/open_line.ts";
    import { systemClock } from "${base}clock.ts";
    const board = await Board.open(await openLine(Deno.args[0]), { clock: systemClock });
    for (let count = 0;; count++) {
      await board.set(board.hello.channels.map(() => ({ permille: 250, ttlMs: 500 })));
      if (count === 0) console.log("driving");
    }`;
  const flags = ["--no-prompt", `--allow-ffi=${LIBC}`, "--ext=ts", "-"];
  await using child = startDeno(["run", ...flags, chip.path], { stdin: host });
  await child.line("driving");
  await chipMsWhen(chip, ({ duty }) => duty === 0.25, "25 %");
  child.kill("SIGKILL");
  await child.ended;
  const killedMs = (await chip.observe()).cycle / CYCLES_A_MS;
  const safeMs = await chipMsWhen(chip, ({ released }) => released, "its safe level");
  assert.ok(safeMs - killedMs <= 500 + 100, `${safeMs - killedMs} ms after the kill`);
  await using board = await open(chip.path);
  await board.set(all(board, 250, 1000));
});
