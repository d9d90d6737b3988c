import assert from "node:assert/strict";
import { BoardError } from "../../../src/errors.ts";
import { readBoardConfig } from "../../../src/board/board_config.ts";
import { Board } from "../../../src/board/board.ts";
import { configCrc, decodeConfig, encodeConfig } from "../../../src/board/protocol/config.ts";
import type { BoardConfiguration, ChannelConfiguration } from "../../../src/board/board.ts";
import { HostileBoard } from "../../support/hostile_board.ts";
import { VirtualClock } from "../../support/virtual_clock.ts";

const CHANNEL: ChannelConfiguration = {
  curveWhenSilent: true,
  tach: false,
  pulsesPerRevolution: 4,
  safePermille: 800,
  minPermille: 120,
  startPermille: 300,
  kickMs: 2500,
  pauseMs: 10_000,
  maxRpm: 1850,
};

const CONFIG: BoardConfiguration = {
  name: "Regal 3 ü",
  stage: "direct",
  thermistorBetaK: 3435,
  curve: [
    { celsius: -10, permille: 200 },
    { celsius: 30, permille: 300 },
    { celsius: 45, permille: 600 },
    { celsius: 45, permille: 700 },
    { celsius: 60, permille: 1000 },
  ],
  channels: [CHANNEL, { ...CHANNEL, curveWhenSilent: false, tach: true, maxRpm: null }],
};

Deno.test("a configuration comes back from its blocks, from longer ones too", () => {
  const blocks = encodeConfig(CONFIG);
  assert.deepEqual(blocks.map(({ length }) => length), [34, 12, 12]);
  assert.deepEqual(decodeConfig(blocks), CONFIG);
  assert.deepEqual(decodeConfig(blocks.map((block) => Uint8Array.of(...block, 1, 2))), CONFIG);
  assert.throws(() => decodeConfig([]), BoardError);
  assert.throws(() => decodeConfig(blocks.map((block) => block.subarray(1))), BoardError);
  assert.notEqual(configCrc(blocks), configCrc(encodeConfig({ ...CONFIG, stage: "open-drain" })));
});

const channel = (change: Partial<ChannelConfiguration>): Partial<BoardConfiguration> => ({
  channels: [{ ...CHANNEL, ...change }],
});
const point = (celsius: number, permille: number): Partial<BoardConfiguration> => ({
  curve: CONFIG.curve.with(2, { celsius, permille }),
});

Deno.test.each(
  [
    [{ name: "seventeen letters" }, /the name is "seventeen letters"; give at most 16 bytes/],
    [{ name: "tab\tbed" }, /without control codes/],
    [{ thermistorBetaK: 1999 }, /beta is 1999; give a whole number 2000..6000/],
    [{ curve: CONFIG.curve.slice(1) }, /number of points is 4; give 5/],
    [point(29, 600), /°C 2 is 29; give a whole number 30..127/],
    [point(45, 299), /‰ 2 is 299; give a whole number 300..1000/],
    [channel({ pulsesPerRevolution: 0 }), /channel 0's pulses is 0; give a whole number 1..8/],
    [channel({ safePermille: 1001 }), /safe level is 1001/],
    [channel({ minPermille: -1 }), /least duty is -1/],
    [channel({ startPermille: 0.5 }), /start duty is 0.5/],
    [channel({ kickMs: 150 }), /kick in tenths of a second is 1.5/],
    [channel({ pauseMs: 0 }), /pause in seconds is 0/],
    [channel({ maxRpm: 30_001 }), /greatest rpm is 30001/],
  ] satisfies [Partial<BoardConfiguration>, RegExp][],
)("a configuration that no board takes is refused: %j", (change, message) => {
  assert.throws(() => encodeConfig({ ...CONFIG, ...change }), { name: "BoardError", message });
});

Deno.test("a board of protocol 1.0 has no configuration, and is told nothing of it", async () => {
  const far = new HostileBoard();
  const clock = new VirtualClock();
  const opening = Board.open(far.line, { clock });
  await clock.advance(0);
  await using board = await opening;
  await assert.rejects(readBoardConfig(board), /its firmware has none; flash the current firmware/);
  assert.equal(far.commands.length, 1);
});
