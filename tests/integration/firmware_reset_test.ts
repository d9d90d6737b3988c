/** Why the board was reset, also behind a bootloader that wipes the chip's own record of it. */
import assert from "node:assert/strict";
import { ResetCause } from "../../src/board/sim/chip.ts";
import { FirmwareBoard } from "../support/firmware_board.ts";
import { FIRMWARE_IMAGES, type FirmwareImage } from "../support/firmware_images.ts";

const R2 = 2;
const SREG = 0x5f;
const INTERRUPTS_ON = 0x80;
const RJMP_TO_ITSELF = 0xcfff;
const FREE_FLASH_WORD = 0x3f00;
/** What a bootloader that knows nothing of it leaves in a register. */
const ANYTHING = 0xc4;

function started(firmware: FirmwareImage): FirmwareBoard {
  const board = new FirmwareBoard("registers", firmware);
  board.hello();
  board.machine.advance(2000);
  return board;
}

/** A reset through a bootloader that clears MCUSR and leaves this in r2. */
function bootload(board: FirmwareBoard, cause: ResetCause, r2: number): void {
  board.machine.reset(cause);
  const { cpu, part } = board.machine.chip;
  cpu.data[part.mcusr] = 0;
  cpu.data[R2] = r2;
  board.awaitStart();
  board.hello();
}

const told = (board: FirmwareBoard): [causes: string, from: string] => {
  const { resetCauses, resetCausesFrom } = board.status();
  return [resetCauses.join(), resetCausesFrom];
};

for (const firmware of FIRMWARE_IMAGES) {
  const { name } = firmware.part;

  Deno.test(`${name}: every reset is told by the chip's own record`, () => {
    const board = started(firmware);
    assert.deepEqual(told(board), ["power-on", "chip"]);
    for (
      const [cause, text] of [
        [ResetCause.EXTERNAL, "external"],
        [ResetCause.WATCHDOG, "watchdog"],
        [ResetCause.BROWN_OUT, "brown-out"],
      ] as const
    ) {
      board.reset(cause);
      board.hello();
      assert.deepEqual(told(board), [text, "chip"]);
    }
  });

  Deno.test(`${name}: what a bootloader hands over is told`, () => {
    const board = started(firmware);
    bootload(board, ResetCause.WATCHDOG, ResetCause.WATCHDOG);
    assert.deepEqual(told(board), ["watchdog", "bootloader"]);
    bootload(board, ResetCause.EXTERNAL, ResetCause.EXTERNAL);
    assert.deepEqual(told(board), ["external", "bootloader"]);
    bootload(board, ResetCause.POWER_ON, ResetCause.POWER_ON);
    assert.deepEqual(told(board), ["power-on", "bootloader"]);
  });

  Deno.test(`${name}: behind a bootloader that hands nothing over, the memory tells`, () => {
    const board = started(firmware);
    bootload(board, ResetCause.EXTERNAL, ANYTHING);
    assert.deepEqual(told(board), ["external", "memory"]);
    bootload(board, ResetCause.EXTERNAL, ResetCause.POWER_ON);
    assert.deepEqual(told(board), ["external", "memory"]);
    bootload(board, ResetCause.POWER_ON, ANYTHING);
    assert.deepEqual(told(board), ["power-on", "memory"]);
    const { cpu } = board.machine.chip;
    cpu.progMem[FREE_FLASH_WORD] = RJMP_TO_ITSELF;
    cpu.pc = FREE_FLASH_WORD;
    cpu.data[SREG] = INTERRUPTS_ON;
    board.machine.advance(480);
    bootload(board, ResetCause.WATCHDOG, ANYTHING);
    assert.deepEqual(told(board), ["watchdog", "memory"]);
  });
}
