/**
 * Minor versions of the board protocol side by side: this driver with the last firmware of 1.0 and
 * with a board of a minor that is not there yet, this firmware with a host of 1.0.
 */
import assert from "node:assert/strict";
import image10 from "../../vectors/board_1.0_328p.hex" with { type: "text" };
import { Board } from "../../../src/board/board.ts";
import { encodeFrame, FrameDecoder } from "../../../src/board/protocol/frame.ts";
import type { BoardStatus, ChannelCommand } from "../../../src/board/protocol/types.ts";
import { BoardError } from "../../../src/errors.ts";
import { InProcessBoard } from "../../support/contract_board.ts";
import { At, ContractHost, REPLY, Type, u16, u16At } from "../../support/contract_host.ts";
import { FIRMWARE_IMAGES } from "../../support/firmware_images.ts";
import { MachineBoard } from "../../support/machine_line.ts";
import type { MemoryLine } from "../../support/memory_line.ts";
import { VirtualClock } from "../../support/virtual_clock.ts";

const TTL_MS = 2000;
const HALF: ChannelCommand[] = [500, 250, 330].map((permille) => ({ permille, ttlMs: TTL_MS }));

async function open(line: MemoryLine, clock: VirtualClock): Promise<Board> {
  const opening = Board.open(line, { clock });
  await clock.advance(0);
  return await opening;
}

Deno.test("a board of 1.0: what it has works, what it has not is refused without asking it", async () => {
  const clock = new VirtualClock();
  const far = new MachineBoard(clock, image10);
  await using board = await open(far.openLine(), clock);
  assert.deepEqual(board.hello.protocol, [1, 0]);
  const status = await board.set(HALF);
  assert.deepEqual(status.channels.map(({ permille }) => permille), [500, 250, 337]);
  assert.equal(status.details, undefined);
  const channel = {
    curveWhenSilent: false,
    tach: true,
    pulsesPerRevolution: 2,
    safePermille: 1000,
    minPermille: 0,
    startPermille: 0,
    kickMs: 2000,
    pauseMs: 10_000,
    maxRpm: null,
  };
  const config = {
    name: "",
    stage: "open-drain" as const,
    thermistorBetaK: 3950,
    curve: [30, 40, 50, 55, 60].map((celsius) => ({ celsius, permille: 1000 })),
    channels: [channel, channel, channel],
  };
  const beyond: (() => Promise<unknown>)[] = [
    () => board.telemetry(100, () => {}),
    () => board.config(),
    () => board.configure(config),
    () => board.saveConfig(0),
    () => board.set(HALF.with(0, { rpm: 1200, ttlMs: TTL_MS })),
  ];
  for (const ask of beyond) await assert.rejects(ask, BoardError);
  await clock.advance(TTL_MS + 10);
  const later = await board.status();
  assert.equal(later.counters.rejected, 0);
  assert.ok(later.channels.every(({ flags }) => flags.failsafe && flags.latched));
  assert.ok((await board.clear(7)).channels.every(({ flags }) => !flags.latched));
});

/** What a later minor may do to what a board says: add at the end, and use free bits. */
function laterMinor(line: MemoryLine): void {
  const answer = line.answer.bind(line);
  const decoder = new FrameDecoder();
  line.answer = (bytes) => {
    decoder.push(bytes);
    for (let frame = decoder.next(); frame; frame = decoder.next()) {
      const { type, seq } = frame;
      const body = frame.body.slice();
      if (type === (Type.HELLO | REPLY)) {
        body[1] = 9;
        body[15] = 0xff;
      } else if (type !== (Type.CONFIG_GET | REPLY)) {
        body[8] = (body[8] ?? 0) | 0xc0;
        for (let at = At.CHANNELS + 14; at < At.CHANNELS + 3 * At.SIZE; at += At.SIZE) {
          body[at] = (body[at] ?? 0) | 0xf0;
        }
      }
      answer(encodeFrame(type, seq, Uint8Array.of(...body, 0xde, 0xad, 0, 0xbe)));
    }
  };
}

Deno.test("a board of a later minor: all that this one has works, the rest is not seen", async () => {
  const clock = new VirtualClock();
  const line = new MachineBoard(clock).openLine();
  laterMinor(line);
  await using board = await open(line, clock);
  assert.deepEqual(board.hello.protocol, [1, 9]);
  assert.equal(board.hello.channels.length, 3);
  const status = await board.set(HALF);
  assert.deepEqual(status.channels.map(({ permille }) => permille), [500, 250, 337]);
  assert.deepEqual(status.resetCauses, ["power-on"]);
  assert.ok(status.channels.every(({ flags }) => !flags.failsafe && !flags.released));
  assert.ok(status.details?.channels.every(({ mode }) => mode === "duty"));
  const config = await board.config();
  assert.equal(config.channels.length, 3);
  await board.configure({ ...config, name: "later" });
  assert.equal((await board.config()).name, "later");
  const told: BoardStatus[] = [];
  await board.telemetry(100, (status) => told.push(status));
  await clock.advance(350);
  await board.set(HALF.map(() => ({ rpm: 1200, ttlMs: TTL_MS })));
  assert.ok(told.length >= 2 && told.every(({ details }) => details?.thermistor !== undefined));
  await board.saveConfig((await board.status()).details?.config.crc ?? 0);
});

for (const firmware of FIRMWARE_IMAGES) {
  Deno.test(`${firmware.part.name} and a host of 1.0: it gets just what 1.0 has`, async () => {
    await using board = new InProcessBoard(firmware);
    const host = new ContractHost(board);
    await host.hello(0);
    const bytes = At.CHANNELS + At.SIZE * host.channels;
    assert.ok(bytes + 4 <= 192);
    assert.equal((await host.status()).length, bytes);
    const set = await host.set(500, 500);
    assert.equal(set.length, bytes);
    assert.deepEqual(host.applied(set).slice(0, 2), [500, 500]);
    await board.pass(600);
    const late = await host.status();
    assert.deepEqual(host.applied(late), host.all(1000));
    assert.equal(u16At(late, At.EXPIRED), host.channels);
    assert.equal((await host.status(Type.CLEAR, u16(0xffff))).length, bytes);
    await assert.rejects(board.frame(), /silent/, "it says something that nobody asked for");
  });
}
