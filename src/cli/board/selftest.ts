/**
 * `fanctl board selftest`: every channel's time limit is let run out, one after the other, and the
 * board must bring it to its safe level by itself while the others are served.
 *
 * @module
 */
import type { WireMap } from "../../wire/value.ts";
import type { CommandOf } from "../command.ts";
import type { CommandContext } from "../context.ts";
import { tableLines } from "../table.ts";
import { type BoardAccess, openBoard } from "./access.ts";
import { boardView, type ChannelView, channelView, numberOf } from "./board_view.ts";
import { Hand } from "./hand.ts";
import { percentText } from "./info.ts";
import { TemperatureGate } from "./temperature_gate.ts";

/** What a channel is driven with before its limit runs out: little, so that its fan can follow. */
const TEST_PERCENT = 30;
const TTL_MS = 1000;
/** So much after its limit must the board be at its safe level. */
const LATE_AT_MOST_MS = 100;
const SETTLE_MS = 8000;
const RISE_MS = 5000;
/** How much faster a fan must get to have followed. */
const RISE = { share: 1.1, rpm: 30 };

/** What was found on one channel. */
interface Verdict {
  channel: number;
  passed: boolean;
  /** Empty when all is well. */
  reason: string;
  tookMs: number | null;
  safePercent: number | null;
  rpmBefore: number | null;
  rpmAfter: number | null;
}

/** Prints a line a channel. @returns The exit status: 1 when one of them has failed. */
export async function boardSelftest(
  { board, channels, unseen }: CommandOf<"board-selftest">,
  context: CommandContext,
): Promise<number> {
  await using access = await openBoard(board, context);
  const view = boardView(await access.do("info"));
  const gate = new TemperatureGate(access, view.shelves, context);
  await gate.start(unseen);
  const wanted = channels.length > 0 ? channels : view.channels.map(({ channel }) => channel);
  const verdicts: Verdict[] = [];
  for (const channel of wanted) {
    context.note(`testing channel ${channel}`);
    const hand = new Hand(channel, access, gate, context);
    try {
      verdicts.push(await testChannel(hand, access));
    } finally {
      await hand.release();
    }
  }
  const passed = verdicts.every((verdict) => verdict.passed);
  context.print(jsonOf(view.name, passed, verdicts), verdictLines(verdicts).join("\n"));
  return passed ? 0 : 1;
}

async function testChannel(hand: Hand, access: BoardAccess): Promise<Verdict> {
  const { channel } = hand;
  const nothing = () => Promise.resolve();
  const before = await hand.settle(TEST_PERCENT, SETTLE_MS, nothing);
  // The hold must outlast the test; what follows does not renew it.
  await hand.drive(TEST_PERCENT);
  const lapse = await access.do("lapse", { channel, ttl_ms: TTL_MS });
  const reached = channelView(lapse);
  const tookMs = numberOf(lapse.took_ms);
  const after = lapse.reached === true ? await riseOf(hand, access, before.rpm ?? 0) : null;
  const reason = reasonOf(lapse, reached, tookMs, before.rpm ?? 0, after);
  return {
    channel,
    passed: reason === "",
    reason,
    tookMs,
    safePercent: lapse.reached === true ? reached.percent : null,
    rpmBefore: before.rpm === null ? null : Math.round(before.rpm),
    rpmAfter: after === null ? null : Math.round(after),
  };
}

/** How fast the fan gets at the level that the board has gone to; null when it tells no speed. */
async function riseOf(hand: Hand, access: BoardAccess, beforeRpm: number): Promise<number | null> {
  let highest: number | null = null;
  for (let leftMs = RISE_MS; leftMs > 0; leftMs -= 200) {
    const info = boardView(await access.do("info"));
    const { rpm } = info.channels[hand.channel] as ChannelView;
    if (rpm !== null) highest = Math.max(highest ?? 0, rpm);
    if (highest !== null && hasRisen(beforeRpm, highest)) return highest;
    await hand.pause();
  }
  return highest;
}

function hasRisen(beforeRpm: number, afterRpm: number): boolean {
  return afterRpm >= Math.max(beforeRpm * RISE.share, beforeRpm + RISE.rpm);
}

/** Why the channel has failed, or nothing. */
function reasonOf(
  lapse: WireMap,
  { tach, percent }: ChannelView,
  tookMs: number | null,
  beforeRpm: number,
  afterRpm: number | null,
): string {
  if (lapse.reached !== true) return "it did not go to its safe level";
  if ((tookMs ?? Infinity) > TTL_MS + LATE_AT_MOST_MS) return "it went to its safe level too late";
  if (lapse.others_served !== true) return "another channel went to its safe level, too";
  if ((percent ?? 0) <= TEST_PERCENT) return `its safe level is ${percent} %`;
  if (tach && (afterRpm === null || !hasRisen(beforeRpm, afterRpm))) {
    return "its fan did not get faster";
  }
  return "";
}

function verdictLines(verdicts: readonly Verdict[]): string[] {
  const rows = verdicts.map((verdict) => [
    String(verdict.channel),
    verdict.passed ? "ok" : "FAILED",
    verdict.tookMs === null ? "-" : `${verdict.tookMs} ms`,
    percentText(verdict.safePercent),
    `${verdict.rpmBefore ?? "?"} -> ${verdict.rpmAfter ?? "?"} rpm`,
    verdict.reason,
  ]);
  const headings = ["CHANNEL", "RESULT", `AFTER (TTL ${TTL_MS} ms)`, "SAFE", "FAN", ""];
  return tableLines([headings, ...rows]);
}

function jsonOf(board: string, passed: boolean, verdicts: readonly Verdict[]): WireMap {
  return {
    board,
    passed,
    ttl_ms: TTL_MS,
    channels: verdicts.map((verdict) => ({
      channel: verdict.channel,
      passed: verdict.passed,
      reason: verdict.reason || null,
      took_ms: verdict.tookMs,
      safe_percent: verdict.safePercent,
      rpm_before: verdict.rpmBefore,
      rpm_after: verdict.rpmAfter,
    })),
  };
}
