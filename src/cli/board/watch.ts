/**
 * `fanctl board watch`: the channels of a board as they are, with what their fans did lately.
 *
 * @module
 */
import { Wakeup } from "../../agent/wakeup.ts";
import type { WireMap } from "../../wire/value.ts";
import type { CommandOf } from "../command.ts";
import type { CommandContext } from "../context.ts";
import { formatDate } from "../date.ts";
import { toJson } from "../text.ts";
import { type BoardAccess, openBoard } from "./access.ts";
import { type BoardView, boardView, type ChannelView } from "./board_view.ts";
import { percentText, speedText } from "./info.ts";
import { sparkline } from "./sparkline.ts";

const INTERVAL_MS = 1000;
/** Bars of a sparkline. */
const MOST_BARS = 40;

/** Shows the board once a second until it was shown as often as asked, or Ctrl-C. */
export async function boardWatch(
  { board, count }: CommandOf<"board-watch">,
  context: CommandContext,
): Promise<void> {
  const { io } = context;
  await using access = await openBoard(board, context);
  const wakeup = new Wakeup(io.clock, io.signal);
  const history = new History();
  for (let shown = 1; !io.signal.aborted; shown++) {
    const info = await infoUnlessStopped(access, context);
    if (info === null) return;
    show(info, history, context);
    if (shown === count) return;
    await wakeup.wait(INTERVAL_MS);
  }
}

async function infoUnlessStopped(
  access: BoardAccess,
  { io }: CommandContext,
): Promise<WireMap | null> {
  try {
    return await access.do("info");
  } catch (error) {
    if (io.signal.aborted) return null;
    throw error;
  }
}

/** The speeds of late, a list a channel. */
class History {
  readonly #rpms = new Map<number, (number | null)[]>();
  /** Lines of the drawing that the next one goes over. */
  drawnRows = 0;

  /** Adds the speed of now; all of them, the newest last. */
  add({ channel, rpm }: ChannelView): (number | null)[] {
    const rpms = [...this.#rpms.get(channel) ?? [], rpm].slice(-MOST_BARS);
    this.#rpms.set(channel, rpms);
    return rpms;
  }
}

function show(info: WireMap, history: History, { io, options }: CommandContext): void {
  const time = new Date(io.clock.wallMs());
  if (options.json) return io.stdout(`${toJson({ time, ...info })}\n`);
  const view = boardView(info);
  const lines = channelRows(view, history);
  const size = io.terminal();
  if (size === null) {
    const stamp = formatDate(time, io.localZone());
    return io.stdout(lines.map((line) => `${stamp}  ${line}\n`).join(""));
  }
  const drawn = [`${view.name}: ${view.part} on ${view.line}`, ...lines].slice(0, size.rows - 1)
    .map((line) => `${line.slice(0, size.columns)}\u001b[K\n`);
  const home = history.drawnRows === 0 ? "" : `\u001b[${history.drawnRows}A`;
  io.stdout(`${home}${drawn.join("")}\u001b[J`);
  history.drawnRows = drawn.length;
}

/** `0  shelf1  30.2 %   640 rpm  ▂▂▃▃`, as wide as the widest. */
function channelRows({ channels }: BoardView, history: History): string[] {
  const rows = channels.map((channel) => {
    const rpms = history.add(channel);
    const most = Math.max(...rpms.map((rpm) => rpm ?? 0));
    return { channel, speed: speedText(channel), bars: sparkline(rpms, most) };
  });
  const shelfWidth = Math.max(...channels.map(({ shelf }) => shelf.length), 1);
  return rows.map(({ channel, speed, bars }) =>
    [
      String(channel.channel).padStart(2),
      (channel.shelf || "-").padEnd(shelfWidth),
      percentText(channel.percent).padStart(6),
      speed.padStart(11),
      bars,
      channel.hold === null ? "" : "by hand",
    ].join("  ").trimEnd()
  );
}
