/**
 * `fanctl history`: what a shelf did.
 *
 * @module
 */
import { UsageError } from "../errors.ts";
import type { CommandOf } from "./command.ts";
import type { CommandContext } from "./context.ts";
import { historyPlot, plotColumns } from "./history/history_plot.ts";
import { historyCsv, historyTable } from "./history/history_table.ts";
import { askSteps, type Step } from "./history/steps.ts";
import { momentMs } from "./moment.ts";
import { ServerSession } from "./session.ts";

const DEFAULT_WIDTH = 80;
/** Lines of a table; there may be a few less, for steps are whole seconds, minutes or hours. */
const TABLE_POINTS = 24;
const CSV_POINTS = 1000;

/** Prints a table, drawings, or values for a spreadsheet. */
export async function history(
  { shelf, since, until, points, form }: CommandOf<"history">,
  context: CommandContext,
): Promise<void> {
  const { io, options } = context;
  const nowMs = io.clock.wallMs();
  const toMs = until === null ? nowMs : momentMs(until, nowMs);
  const fromMs = momentMs(since, nowMs);
  if (!(fromMs < toMs)) {
    throw new UsageError("Cannot tell the history: --since is not before --until; swap them");
  }
  const width = io.terminal()?.columns ?? DEFAULT_WIDTH;
  const usual = { table: TABLE_POINTS, plot: plotColumns(width), csv: CSV_POINTS }[form];
  const wanted = {
    shelf,
    from: new Date(fromMs),
    to: new Date(toMs),
    points: points ?? (options.json ? CSV_POINTS : usual),
  };
  await using session = await ServerSession.open(context);
  const { steps, raw } = await askSteps(session, wanted);
  const zone = io.localZone();
  const lines = (): string[] => {
    if (form === "csv") return historyCsv(steps);
    if (steps.length === 0) return [];
    if (form === "table") return historyTable(steps, zone);
    return historyPlot(steps, { fromMs: firstMs(steps, fromMs), toMs, columns: width, zone });
  };
  context.print({ shelf, from: wanted.from, to: wanted.to, steps: raw }, lines().join("\n"));
  if (steps.length === 0) context.note("nothing is known of that time");
}

/** Where the drawing begins: an empty half would tell nothing. */
function firstMs(steps: readonly Step[], fromMs: number): number {
  return Math.max(fromMs, steps[0]?.at.getTime() ?? fromMs);
}
