/**
 * The board contract on both images, in avr8js in this process and in simavr behind a terminal,
 * and on the board whose line `FAND_TEST_PORT` names.
 */
import { DeskBoard, InProcessBoard, SimavrContractBoard } from "../../support/contract_board.ts";
import { FIRMWARE_IMAGES } from "../../support/firmware_images.ts";
import { SIMAVR_PARTS, testOnSimavr } from "../../support/simavr_board.ts";
import { testSkipped } from "../../support/test_with.ts";
import { tryBoardContract } from "../board_contract.ts";

for (const firmware of FIRMWARE_IMAGES) {
  Deno.test(`${firmware.part.name} in avr8js keeps the board contract`, async (t) => {
    await using board = new InProcessBoard(firmware);
    await tryBoardContract(t, board);
  });
}

for (const part of SIMAVR_PARTS) {
  testOnSimavr(`${part.title} in simavr keeps the board contract`, async (t) => {
    await using board = await SimavrContractBoard.start(part);
    await tryBoardContract(t, board);
  });
}

const desk = Deno.env.get("FAND_TEST_PORT");
const DESK_NAME = "the board on the desk keeps the board contract";
if (desk === undefined) testSkipped(DESK_NAME, "FAND_TEST_PORT is not set");
else {
  Deno.test(DESK_NAME, async (t) => {
    await using board = await DeskBoard.open(desk);
    await tryBoardContract(t, board);
  });
}
