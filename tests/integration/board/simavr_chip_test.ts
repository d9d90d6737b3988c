/** What the simulated chip itself has to get right, because the firmware lives by it. */

import assert from "node:assert/strict";
import { openLine } from "../../../src/board/open_line.ts";
import { REPOSITORY } from "../../support/paths.ts";
import { runProcess } from "../../support/process.ts";
import {
  SIMAVR_PARTS,
  SimavrBoard,
  type SimavrPart,
  testOnSimavr,
} from "../../support/simavr_board.ts";
import { tempDir } from "../../support/temp_dir.ts";

const SOURCE = `${REPOSITORY}tests/support/simavr/timer_flags.c`;
const BUILD_LIMIT_MS = 20_000;
/** TOV0 of TIFR0. */
const OVERFLOW = 1;

async function run(command: string, args: readonly string[]): Promise<void> {
  const { code, stderr } = await runProcess(command, args, { timeoutMs: BUILD_LIMIT_MS });
  assert.equal(code, 0, stderr);
}

async function build(part: SimavrPart, image: string): Promise<void> {
  await run("avr-gcc", [`-mmcu=${part.name}`, "-Os", "-o", `${image}.elf`, SOURCE]);
  await run("avr-objcopy", ["-O", "ihex", `${image}.elf`, image]);
}

for (const part of SIMAVR_PARTS) {
  const name = `${part.title} in simavr: a timer's flag is cleared alone`;
  testOnSimavr(name, async () => {
    await using dir = await tempDir();
    const image = dir.join("timer_flags.hex");
    await build(part, image);
    await using chip = await SimavrBoard.start({ ...part, image });
    const line = await openLine(chip.path);
    const { value } = await line.readable.getReader().read();
    await line.close();
    assert.deepEqual([...new Set(value)], [OVERFLOW]);
  }, ["avr-gcc", "avr-objcopy"]);
}
