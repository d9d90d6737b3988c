/**
 * `fanctl replay`: runs a journal once more.
 *
 * @module
 */
import { compareRuns, type Comparison } from "../replay/compare.ts";
import { openJournal } from "../replay/open_journal.ts";
import { engineConfig } from "../config/engine_config.ts";
import { readConfigFile } from "../config/find.ts";
import type { CommandOf, Moment } from "./command.ts";
import type { CommandContext } from "./context.ts";
import { momentMs } from "./moment.ts";
import { comparisonJson, comparisonLines } from "./replay_view.ts";

/**
 * Prints what was replayed, and the numbers of each shelf.
 *
 * @throws {StoreError} When a decision does not come out as it was recorded.
 */
export async function replay(
  { journal, config, since, until }: CommandOf<"replay">,
  context: CommandContext,
): Promise<void> {
  const { io } = context;
  const wanted = config === null ? null : await readConfigFile(config);
  for (const warning of wanted?.config.warnings ?? []) context.note(warning);
  const nowMs = io.clock.wallMs();
  const at = (moment: Moment | null, otherwise: number) =>
    moment === null ? otherwise : momentMs(moment, nowMs);
  const sql = openJournal(journal);
  let comparison: Comparison;
  try {
    comparison = compareRuns(
      sql,
      { fromMs: at(since, -Infinity), toMs: at(until, Infinity) },
      wanted && engineConfig(wanted.config),
    );
  } finally {
    sql.close();
  }
  const lines = comparisonLines(comparison, io.localZone());
  context.print(comparisonJson(comparison), lines.join("\n"));
}
