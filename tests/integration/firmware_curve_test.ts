import assert from "node:assert/strict";
import { FirmwareBoard } from "../support/firmware_board.ts";
import { FIRMWARE_IMAGES, UNO } from "../support/firmware_images.ts";

const BETA_K = 3950;
const SUPPLY_VOLTS = 5;

/** The voltage at A0 with the thermistor at a temperature. */
function voltsAt(celsius: number): number {
  const ratio = Math.exp(BETA_K * (1 / (celsius + 273.15) - 1 / 298.15));
  return SUPPLY_VOLTS * ratio / (1 + ratio);
}

function warm(board: FirmwareBoard, volts: number): void {
  board.machine.chip.analogVolts[0] = volts;
  board.machine.advance(500);
}

for (const firmware of FIRMWARE_IMAGES) {
  Deno.test(`${firmware.part.name}: the thermistor is read within half a degree`, () => {
    const board = new FirmwareBoard("registers", firmware);
    board.hello();
    for (const celsius of [-10, 0, 25, 40, 60, 85]) {
      warm(board, voltsAt(celsius));
      const { details } = board.status();
      assert.equal(details?.thermistor, "ok");
      const found = details.temperatureC ?? NaN;
      assert.ok(Math.abs(found - celsius) < 0.5, `${found} for ${celsius}`);
    }
    for (const [volts, state] of [[SUPPLY_VOLTS, "open"], [0, "short"]] as const) {
      warm(board, volts);
      const { details } = board.status();
      assert.equal(details?.thermistor, state);
      assert.equal(details.temperatureC, null);
    }
  });
}

Deno.test("firmware: the curve drives silent channels that are configured for it", () => {
  const board = new FirmwareBoard("registers", UNO);
  board.hello();
  board.configure({
    channels: board.config().channels.map((channel, at) => ({
      ...channel,
      curveWhenSilent: at !== 1,
    })),
  });
  warm(board, voltsAt(35));
  const applied = (): (number | string | undefined)[][] => {
    const { channels, details } = board.status();
    return channels.map(({ permille }, at) => [permille, details?.channels[at]?.mode]);
  };
  const [first, second] = applied();
  assert.equal(first?.[1], "curve");
  assert.ok(Math.abs(Number(first[0]) - 400) < 12, `${first}`);
  assert.deepEqual(second, [1000, "safe"]);
  assert.deepEqual(board.setAll(200, 300).channels.map(({ permille }) => permille), [
    200,
    200,
    200,
  ]);
  board.machine.advance(400);
  const after = board.status();
  assert.ok(after.channels.every(({ flags }) => flags.failsafe && flags.latched));
  assert.equal(after.details?.channels[0]?.mode, "curve");
  assert.ok((after.channels[0]?.permille ?? 0) < 420);
  warm(board, voltsAt(58));
  assert.deepEqual(applied()[0], [1000, "curve"]);
  warm(board, SUPPLY_VOLTS);
  assert.deepEqual(applied(), [[1000, "safe"], [1000, "safe"], [1000, "safe"]]);
});

Deno.test("firmware: without a good thermistor the curve's channels are at their safe level", () => {
  const board = new FirmwareBoard("registers", UNO);
  board.hello();
  board.configureChannels({ curveWhenSilent: true });
  board.machine.chip.analogVolts[0] = 0;
  board.setAll(200, 100);
  board.machine.advance(500);
  const { channels, details } = board.status();
  assert.ok(channels.every(({ flags }) => flags.released));
  assert.deepEqual(details?.channels.map(({ mode }) => mode), ["safe", "safe", "safe"]);
});
