/**
 * `fanctl board info`: what a board is and does.
 *
 * @module
 */
import type { CommandOf } from "../command.ts";
import type { CommandContext } from "../context.ts";
import { formatRoughly } from "../duration.ts";
import { formatNumber } from "../percent.ts";
import { tableLines } from "../table.ts";
import { openBoard } from "./access.ts";
import { type BoardView, boardView, type ChannelView } from "./board_view.ts";

const HEADINGS = ["CHANNEL", "SHELF", "DUTY", "REGISTER", "RPM", "TTL", "FLAGS", "BY HAND"];
const RIGHT = new Set([2, 4, 5]);

/** Prints a block about the board and a line a channel. */
export async function boardInfo(
  { board }: CommandOf<"board-info">,
  context: CommandContext,
): Promise<void> {
  await using access = await openBoard(board, context);
  const info = await access.do("info");
  context.print(info, infoLines(boardView(info)).join("\n"));
}

/** A board for people. */
export function infoLines(board: BoardView): string[] {
  const after = board.resetCauses.length === 0 ? "" : ` since ${board.resetCauses.join(", ")}`;
  const upText = formatRoughly(board.uptimeMs ?? 0);
  const rows = [
    ...board.device === ""
      ? [
        ["firmware", `${board.firmware}, board protocol ${board.protocol}`],
        ["up", `${upText}${after}, boot id ${board.bootId ?? "-"}`],
      ]
      : [["device", board.device], ["open", `for ${upText}`]],
    ["shelves", board.shelves.join(", ") || "none"],
    ["faults", board.faults.join(", ") || "none"],
  ];
  return [
    `${board.name}: ${board.part} on ${board.line}`,
    ...tableLines(rows.map(([name, text]) => [`  ${name}`, text ?? ""])),
    ...channelLines(board.channels),
    ...board.channels.flatMap(({ channel, problem }) =>
      problem === "" ? [] : [`channel ${channel}: ${problem}`]
    ),
  ];
}

/** Channels as a table. */
export function channelLines(channels: readonly ChannelView[]): string[] {
  const rows = channels.map((channel) => [
    `${channel.channel} ${channel.name}`.trimEnd(),
    channel.shelf || "-",
    percentText(channel.percent),
    channel.register,
    rpmText(channel),
    channel.ttlLeftMs === null ? "-" : formatRoughly(channel.ttlLeftMs),
    [...new Set([...channel.flags, channel.state])].filter((text) => text !== "").join(", ") || "-",
    holdText(channel.hold),
  ]);
  return tableLines([HEADINGS, ...rows], RIGHT);
}

function holdText(hold: ChannelView["hold"]): string {
  if (hold === null) return "-";
  const wanted = hold.rpm === null ? percentText(hold.percent) : `${hold.rpm} rpm`;
  return `${wanted}, ${formatRoughly(hold.leftMs ?? 0)} left`;
}

/** `40 %`, or `-`. */
export function percentText(percent: number | null): string {
  return percent === null ? "-" : `${formatNumber(percent)} %`;
}

/** `1480`, `unknown`, or `-` for a channel without a tachometer. */
export function rpmText({ rpm, tach }: ChannelView): string {
  if (!tach) return "-";
  return rpm === null ? "unknown" : String(Math.round(rpm));
}

/** `1480 rpm`, `rpm unknown` or `no tachometer`. */
export function speedText({ rpm, tach }: ChannelView): string {
  if (!tach) return "no tachometer";
  return rpm === null ? "rpm unknown" : `${Math.round(rpm)} rpm`;
}
