/**
 * `fanctl board set`: a duty by hand, for a while.
 *
 * @module
 */
import { MOST_HOLD_MS } from "../../agent/manual_holds.ts";
import { Wakeup } from "../../agent/wakeup.ts";
import { UsageError } from "../../errors.ts";
import type { CommandOf } from "../command.ts";
import type { CommandContext } from "../context.ts";
import { formatRoughly } from "../duration.ts";
import { openBoard } from "./access.ts";
import { channelView } from "./board_view.ts";
import { percentText, speedText } from "./info.ts";

/**
 * Prints what the board applies. Through an agent the command ends then, and the hold goes on; with
 * a line of its own it stays until the hold is over or Ctrl-C.
 *
 * @throws {UsageError} For a time that is longer than any hold.
 */
export async function boardSet(
  { board, channel, target, forMs }: CommandOf<"board-set">,
  context: CommandContext,
): Promise<void> {
  const { io } = context;
  if (forMs < 1 || forMs > MOST_HOLD_MS) {
    throw new UsageError(
      `Cannot hold channel ${channel} for ${formatRoughly(forMs)}: a hold may last for ` +
        `${formatRoughly(MOST_HOLD_MS)} at most; say it again when it ends, or use an override`,
    );
  }
  await using access = await openBoard(board, context);
  const result = await access.do("set", { channel, ...target, for_ms: forMs });
  const applied = channelView(result);
  const kept = target === null ? "given back" : `for ${formatRoughly(forMs)}`;
  const speed = target !== null && "rpm" in target ? `${target.rpm} rpm wanted, ` : "";
  context.print(
    result,
    `channel ${channel}: ${speed}${percentText(applied.percent)} ${kept}, ` +
      `register ${applied.register}, ${speedText(applied)}`,
  );
  if (applied.limit !== "" && !context.options.json) context.note(`limited: ${applied.limit}`);
  if (access.session !== null || target === null) return;
  context.note(
    "this process drives the board; Ctrl-C ends it, and the fans go to their safe level",
  );
  await new Wakeup(io.clock, io.signal).wait(forMs);
}
