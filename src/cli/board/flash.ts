/**
 * `fanctl board flash`: puts fand's firmware on a board at a serial port of this machine. Nobody
 * can ask for this over the network.
 *
 * @module
 */
import image328p from "../../../firmware/fand_328p.hex" with { type: "text" };
import image2560 from "../../../firmware/fand_2560.hex" with { type: "text" };
import { Board } from "../../board/board.ts";
import { type LineSpec, parseLineSpec } from "../../board/line_spec.ts";
import { openLine } from "../../board/open_line.ts";
import { findPort } from "../../board/serial/list_ports.ts";
import { BoardError, UsageError } from "../../errors.ts";
import type { CommandOf } from "../command.ts";
import type { CommandContext } from "../context.ts";
import { printable } from "../text.ts";
import { ownerOf } from "./access.ts";
import { type Part, runAvrdude } from "./avrdude.ts";

const IMAGES: Readonly<Record<Part, string>> = { atmega328p: image328p, atmega2560: image2560 };

/**
 * Prints what the board says of itself afterwards.
 *
 * @throws {UsageError} Without `--yes`, or for a line that is no serial port.
 * @throws {BoardError} When somebody has the board, its part is not known, or avrdude fails.
 */
export async function boardFlash(
  { board, part: told, baudRate, consent }: CommandOf<"board-flash">,
  context: CommandContext,
): Promise<void> {
  const spec = serialPort(board);
  if (!consent) {
    throw new UsageError(
      `Cannot flash the board at "${board}": it replaces the program on it, and all fans run at ` +
        "full speed meanwhile; say --yes if that is meant",
    );
  }
  await refuseOwned(board, context);
  const part = told ?? await askPart(board, context);
  const port = await findPort(spec.port);
  context.note(`writing the firmware for the ${part} to ${port}`);
  await runAvrdude({ part, port, baudRate, image: IMAGES[part] }, (text) => {
    if (!context.options.quiet) {
      context.io.stderr(
        text.split(/(\r\n?|\n)/).map((line, index) => index % 2 === 1 ? line : printable(line))
          .join(""),
      );
    }
  });
  await using flashed = await openBoard(board, context);
  const { hello } = flashed;
  const firmware = hello.firmware.join(".");
  context.print(
    { board, part: hello.part, firmware, protocol: [...hello.protocol] },
    `${hello.part} at ${port} runs firmware ${firmware}`,
  );
}

function serialPort(board: string): LineSpec & { kind: "tty" } {
  const spec = parseLineSpec(board);
  if (spec.kind === "tty") return spec;
  throw new UsageError(
    `Cannot flash the board at "${board}": that is no serial port of this machine; ` +
      "name one as /dev/ttyUSB0 with --board",
  );
}

async function refuseOwned(board: string, context: CommandContext): Promise<void> {
  await using owner = await ownerOf(board, context);
  if (owner === null) return;
  throw new BoardError(
    `Cannot flash the board at "${board}": an agent drives it as "${owner.name}"; ` +
      "end that agent first",
  );
}

/** The port is opened for this process alone, so a board that somebody else has is found out. */
async function openBoard(line: string, { io, log }: CommandContext): Promise<Board> {
  return await Board.open(await openLine(line, { log }), { clock: io.clock, log });
}

async function askPart(line: string, context: CommandContext): Promise<Part> {
  const { io, log } = context;
  const opened = await openLine(line, { log });
  let found: string;
  try {
    await using board = await Board.open(opened, { clock: io.clock, log });
    found = board.hello.part.toLowerCase();
  } catch (error) {
    if (!(error instanceof BoardError)) throw error;
    throw new BoardError(
      `Cannot flash the board at "${line}": it does not tell what it is; ` +
        "name its part with --part atmega328p (Uno, Nano) or --part atmega2560 (Mega)",
      { cause: error },
    );
  }
  if (found === "atmega328p" || found === "atmega2560") return found;
  throw new BoardError(
    `Cannot flash the board at "${line}": it is a ${printable(found)}, for which there is no ` +
      "firmware; name another part with --part if that is wrong",
  );
}
