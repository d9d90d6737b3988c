/**
 * `fanctl whatif`: what would become of a shelf.
 *
 * @module
 */
import { Request } from "../wire/request.ts";
import { isWireMap, type WireMap, type WireValue } from "../wire/value.ts";
import type { CommandOf } from "./command.ts";
import type { CommandContext } from "./context.ts";
import { formatRoughly } from "./duration.ts";
import { formatNumber } from "./percent.ts";
import { ServerSession, unexpected } from "./session.ts";
import { suppositionMap } from "./supposition.ts";
import { tableLines } from "./table.ts";

/** Prints where the fans would go, when, and why. */
export async function whatif(
  { shelf, suppositions }: CommandOf<"whatif">,
  context: CommandContext,
): Promise<void> {
  await using session = await ServerSession.open(context);
  const supposed = suppositionMap(suppositions);
  const reply = await session.ask(Request.WHAT_IF, Request.WHAT_IF, shelf, supposed);
  const [outcome] = reply;
  if (!isWireMap(outcome)) throw unexpected(Request.WHAT_IF, [Request.WHAT_IF, reply]);
  context.print(outcome, whatIfLines(outcome).join("\n"));
}

/** One line a step, and what would be told of it. */
export function whatIfLines(outcome: WireMap): string[] {
  const { now, settled, ran_ms: ranMs } = outcome;
  const steps = maps(outcome.steps);
  const rows = [
    ...isWireMap(now) ? [["  now", percent(now), text(now.because)]] : [],
    ...steps.map((step) => [
      `  after ${formatRoughly(number(step.after_ms))}`,
      percent(step),
      text(step.because),
    ]),
    ...maps(outcome.fans).map((fan) => ["  goes there", fanName(fan)]),
    ...maps(outcome.findings).map((
      finding,
    ) => ["  told", text(finding.severity), text(finding.text)]),
  ];
  const ran = formatRoughly(number(ranMs));
  const end = settled === true ? `settled; run on for ${ran}` : `still moving after ${ran}`;
  const nothing = steps.length === 0 ? ["  nothing would change"] : [];
  return [`${text(outcome.shelf)}: ${end}`, ...tableLines(rows), ...nothing];
}

function fanName({ board, channel }: WireMap): string {
  const on = text(board) === "" ? "" : ` of board "${text(board)}"`;
  return `fan ${number(channel)}${on}`;
}

function percent(step: WireMap): string {
  return `${formatNumber(number(step.percent))} %`;
}

function number(value: WireValue | undefined): number {
  return typeof value === "number" ? value : 0;
}

function text(value: WireValue | undefined): string {
  return typeof value === "string" ? value : "";
}

function maps(value: WireValue | undefined): WireMap[] {
  return Array.isArray(value) ? value.filter(isWireMap) : [];
}
