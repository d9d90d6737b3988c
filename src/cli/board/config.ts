/**
 * `fanctl board config`: what is declared about a board and its fans, on the board itself.
 *
 * @module
 */
import { isWireMap, type WireMap, type WireValue } from "../../wire/value.ts";
import type { CommandOf } from "../command.ts";
import type { CommandContext } from "../context.ts";
import { tableLines } from "../table.ts";
import { printable, toJson } from "../text.ts";
import { openBoard } from "./access.ts";
import { listOf } from "./board_view.ts";

/** Prints every key with its value. */
export async function boardConfigGet(
  { board }: CommandOf<"board-config-get">,
  context: CommandContext,
): Promise<void> {
  await using access = await openBoard(board, context);
  const config = await access.do("config_get");
  context.print(config, tableLines(settingRows(config)).join("\n"));
}

/** Puts one value in force until the board is reset. */
export async function boardConfigSet(
  { board, key, value }: CommandOf<"board-config-set">,
  context: CommandContext,
): Promise<void> {
  await using access = await openBoard(board, context);
  const config = await access.do("config_set", { key, value: settingOf(value) });
  context.print(config, "ok");
  context.note('in force until the board is reset; "fanctl board config save" keeps it');
}

/** Has the board keep what is in force. */
export async function boardConfigSave(
  { board }: CommandOf<"board-config-save">,
  context: CommandContext,
): Promise<void> {
  await using access = await openBoard(board, context);
  context.print(await access.do("config_save"), "ok");
}

/** What a word stands for: JSON where it is that, `none` for null, else text. */
function settingOf(text: string): WireValue {
  if (text.toLowerCase() === "none") return null;
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return text;
    throw error;
  }
}

function settingRows(config: WireMap): string[][] {
  const row = (key: string, value: WireValue): string[] => [
    printable(key),
    value === null ? "none" : typeof value === "string" ? printable(value) : toJson(value),
  ];
  const { channels, ...settings } = config;
  return [
    ...Object.entries(settings).map(([key, value]) => row(key, value)),
    ...listOf(channels).filter(isWireMap).flatMap((channel, index) =>
      Object.entries(channel).map(([key, value]) => row(`${index}.${key}`, value))
    ),
  ];
}
