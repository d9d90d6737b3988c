/**
 * `fanctl board list`: the boards that the server knows, and what this machine has: serial ports,
 * and chips with outputs for fans.
 *
 * @module
 */
import { listChips, type ListedChip } from "../../board/hwmon/list_chips.ts";
import { listPorts } from "../../board/serial/list_ports.ts";
import type { SerialPortInfo } from "../../board/serial/serial_port_info.ts";
import { FandError } from "../../errors.ts";
import type { WireMap } from "../../wire/value.ts";
import type { CommandOf } from "../command.ts";
import type { CommandContext } from "../context.ts";
import { ServerSession } from "../session.ts";
import { tableLines } from "../table.ts";
import { knownBoards } from "./access.ts";
import { listOf, numberOf, textOf } from "./board_view.ts";

/** Prints all; what cannot be found out is told on standard error, and is null in JSON. */
export async function boardList(
  _command: CommandOf<"board-list">,
  context: CommandContext,
): Promise<void> {
  const boards = await attempt(() => boardsOfServer(context));
  const ports = await attempt(listPorts);
  if (boards.error !== null && ports.error !== null) throw boards.error;
  const chips = await attempt(() => listChips(context.io.places.sysfsRoot));
  const lines = [
    ...boardLines(boards.found ?? []),
    ...portLines(ports.found ?? []),
    ...chipLines(chips.found ?? []),
  ];
  const mapsOf = (found: readonly object[] | null) => found?.map((each) => ({ ...each })) ?? null;
  context.print(
    { boards: boards.found, ports: mapsOf(ports.found), chips: mapsOf(chips.found) },
    lines.length === 0 ? "nothing found" : lines.join("\n"),
  );
  for (const { error } of [boards, ports]) if (error !== null) context.note(error.message);
}

async function attempt<T>(
  find: () => Promise<T>,
): Promise<{ found: T; error: null } | { found: null; error: FandError }> {
  try {
    return { found: await find(), error: null };
  } catch (error) {
    if (error instanceof FandError) return { found: null, error };
    throw error;
  }
}

async function boardsOfServer(context: CommandContext): Promise<WireMap[]> {
  await using session = await ServerSession.open(context);
  return await knownBoards(session);
}

function boardLines(boards: readonly WireMap[]): string[] {
  if (boards.length === 0) return [];
  const rows = boards.map((board) => [
    textOf(board.name),
    textOf(board.line),
    textOf(board.part) || (board.connected === true ? "-" : "does not answer"),
    textOf(board.firmware) || "-",
    String(numberOf(board.channels) ?? "-"),
    listOf(board.shelves).map(textOf).join(", ") || "-",
    textOf(board.peer),
  ]);
  const headings = ["BOARD", "LINE", "PART", "FIRMWARE", "CHANNELS", "SHELVES", "AGENT"];
  return tableLines([headings, ...rows]);
}

function chipLines(chips: readonly ListedChip[]): string[] {
  if (chips.length === 0) return [];
  const rows = chips.map(({ line, device, outputs }) => [line, outputs.join(", "), device]);
  return tableLines([["CHIP", "OUTPUTS", "DEVICE"], ...rows]);
}

function portLines(ports: readonly SerialPortInfo[]): string[] {
  if (ports.length === 0) return [];
  const rows = ports.map(({ path, identity, driver, manufacturer, product }) => [
    path,
    identity === path ? path : `tty:${identity}`,
    driver ?? "-",
    [manufacturer, product].filter((text) => text !== null).join(" ") || "-",
  ]);
  return tableLines([["PORT", "LINE", "DRIVER", "DEVICE"], ...rows]);
}
