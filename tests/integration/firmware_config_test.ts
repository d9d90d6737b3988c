import assert from "node:assert/strict";
import { ResetCause } from "../../src/board/sim/chip.ts";
import { FirmwareBoard, PERIOD_CYCLES } from "../support/firmware_board.ts";
import { FIRMWARE_IMAGES, type FirmwareImage, UNO } from "../support/firmware_images.ts";

const EECR = 0x3f;
const EEPE = 0x02;
const EEARL = 0x41;
const EEARH = 0x42;
const ERASED = 0xff;
/** What a byte may hold that was written in part; one of them is the mark of a valid copy. */
const TORN = [0x00, 0xa5, 0x21, 0x80];

/** How often each configuration that a cut leaves in force is tried on the outputs. */
const MOST_DRIVEN = 10;

function started(firmware: FirmwareImage, mode: "full" | "registers" = "registers"): FirmwareBoard {
  const board = new FirmwareBoard(mode, firmware);
  board.hello();
  return board;
}

/**
 * Every content that the EEPROM may have when the power goes while `action` writes: before each
 * byte, and with that byte erased or written in part.
 */
function contentsDuring(board: FirmwareBoard, action: () => void): Uint8Array[] {
  const { cpu, eeprom } = board.machine.chip;
  const contents: Uint8Array[] = [];
  const inner = cpu.writeHooks[EECR];
  assert.ok(inner);
  cpu.writeHooks[EECR] = (value, ...rest) => {
    if (value & EEPE) {
      const at = (cpu.data[EEARL] ?? 0) | ((cpu.data[EEARH] ?? 0) << 8);
      const torn = TORN[contents.length / 3 % TORN.length] ?? 0;
      contents.push(eeprom.slice(), eeprom.with(at, ERASED), eeprom.with(at, torn));
    }
    return inner(value, ...rest);
  };
  action();
  while (board.status().details?.config.writing) board.machine.advance(10);
  cpu.writeHooks[EECR] = inner;
  return [...contents, eeprom.slice()];
}

function assertReleased(board: FirmwareBoard): void {
  assert.ok(board.levels.every((level) => level === "released"), board.levels.join());
}

for (const firmware of FIRMWARE_IMAGES) {
  const { name } = firmware.part;

  Deno.test(`${name}: a configuration is read, changed, stored, and there after a power-on`, () => {
    const board = started(firmware);
    const fresh = board.config();
    assert.equal(fresh.name, "");
    assert.equal(fresh.stage, "open-drain");
    assert.equal(fresh.channels.length, firmware.part.outputs.length);
    assert.ok(fresh.channels.every(({ safePermille }) => safePermille === 1000));
    const wanted = {
      ...fresh,
      name: "Schrank 2, oben",
      channels: fresh.channels.map((channel, index) => ({
        ...channel,
        minPermille: 100 + index,
        maxRpm: 1800,
      })),
    };
    const changed = board.configure(wanted);
    assert.deepEqual(board.config(), wanted);
    assert.equal(changed.details?.config.stored, false);
    const crc = changed.details.config.crc;
    board.storeConfig();
    board.reset(ResetCause.POWER_ON);
    board.hello();
    assert.deepEqual(board.config(), wanted);
    assert.deepEqual(board.status().details?.config, {
      crc,
      stored: true,
      writing: false,
      lost: false,
    });
  });

  Deno.test(`${name}: no EEPROM that a cut write leaves inverts the failsafe`, () => {
    const board = started(firmware);
    board.configure({ name: "old", stage: "direct" });
    board.storeConfig();
    board.configure({ name: "old" });
    board.storeConfig();
    board.configure({ name: "new", stage: "open-drain" });
    const contents = contentsDuring(board, () => board.saveConfig());
    assert.ok(contents.length > 3 * (34 + 12 * firmware.part.outputs.length));
    const driven = new Map<string, number>();
    for (const content of contents) {
      board.machine.chip.eeprom.set(content);
      board.reset(ResetCause.POWER_ON);
      assertReleased(board);
      board.hello();
      const { name, stage } = board.config();
      const found = `${name} ${stage}`;
      assert.ok(["old direct", "new open-drain"].includes(found), found);
      // Only these two are ever in force; driving each some times shows what driving all would.
      const times = driven.get(found) ?? 0;
      driven.set(found, times + 1);
      if (times >= MOST_DRIVEN) continue;
      assert.equal(board.setAll(200, 50).details?.config.lost, false);
      board.machine.advance(60);
      assertReleased(board);
    }
  });
}

Deno.test("firmware: a first configuration that is cut drives nothing, or what it did before", () => {
  const board = started(UNO);
  board.configure({ name: "new", stage: "direct" });
  const contents = contentsDuring(board, () => board.saveConfig());
  for (const content of contents) {
    board.machine.chip.eeprom.set(content);
    board.reset(ResetCause.POWER_ON);
    assertReleased(board);
    board.hello();
    const { name, stage } = board.config();
    assert.ok([" open-drain", "new direct"].includes(`${name} ${stage}`), `${name} ${stage}`);
    const status = board.setAll(200, 50);
    if (status.details?.config.lost) {
      assertReleased(board);
      assert.ok(
        status.channels.every(({ permille, flags }) => permille === 1000 && flags.released),
      );
    }
    board.machine.advance(60);
    assertReleased(board);
  }
});

Deno.test("firmware: the direct stage drives the same duty with the opposite level", () => {
  const board = started(UNO, "full");
  const status = board.configure({ stage: "direct" });
  assert.ok(status.channels.every(({ flags }) => flags.failsafe && flags.released));
  assertReleased(board);
  board.setAll(250, 1000);
  board.machine.advance(1);
  board.takeEdges();
  board.machine.advance(10);
  const edges = board.takeEdges();
  for (const channel of [0, 1, 2]) {
    /* The edges are those of an open-drain stage: its line is high while the pin is low. */
    const own = edges.filter((edge) => edge.channel === channel);
    const rise = own.findIndex(({ drive }) => drive === 1000);
    const cycles = (own[rise + 1]?.cycle ?? 0) - (own[rise]?.cycle ?? 0);
    assert.equal(cycles, PERIOD_CYCLES * 3 / 4, `channel ${channel}`);
  }
  board.setAll(0, 1000);
  board.machine.advance(1);
  assert.deepEqual(board.levels, [1000, 1000, 1000]);
  board.setAll(1000, 1000);
  assertReleased(board);
});

Deno.test("firmware: another output stage sends every channel to failsafe, unexpired", () => {
  const board = started(UNO);
  board.setAll(300, 1000);
  const { channels, counters } = board.configure({ stage: "direct" });
  assert.ok(channels.every(({ flags }) => flags.failsafe && flags.released && !flags.latched));
  assert.equal(counters.ttlExpired, 0);
  assertReleased(board);
});

Deno.test("firmware: the safe level is the declared one, the least duty holds", () => {
  const board = started(UNO);
  board.configureChannels({ safePermille: 600, minPermille: 250 });
  assertReleased(board);
  assert.deepEqual(board.set([100, 0, 300], 100).channels.map(({ permille }) => permille), [
    250,
    0,
    300,
  ]);
  board.machine.advance(120);
  const { channels, details } = board.status();
  assert.deepEqual(channels.map(({ permille }) => permille), [600, 600, 600]);
  assert.ok(channels.every(({ flags }) => flags.failsafe && flags.latched && !flags.released));
  assert.deepEqual(details?.channels.map(({ mode }) => mode), ["safe", "safe", "safe"]);
});
