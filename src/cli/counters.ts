/**
 * `fanctl counters`: how much the server has to do, and which limits were reached.
 *
 * @module
 */
import { Request } from "../wire/request.ts";
import { isWireMap } from "../wire/value.ts";
import type { CommandOf } from "./command.ts";
import type { CommandContext } from "./context.ts";
import { ServerSession, unexpected } from "./session.ts";
import { tableLines } from "./table.ts";

/** What each counter means; one that a newer server has is printed as it is called. */
const MEANINGS: Readonly<Record<string, string>> = {
  clients: "connected now",
  accepted: "let in since the start",
  refused: "refused: limits.clients",
  refused_by_address: "refused: limits.clients_per_address",
  accept_failed: "could not be let in",
  idle_closed: "closed: silent for limits.idle_ms",
  agent_silent: "closed: an agent silent for too long",
  frame_late: "closed: a frame unfinished after limits.frame_ms",
  write_late: "closed: did not read for limits.write_ms",
  corrupted: "closed: sent what is no message",
  throttled: "slowed down: limits.frames_per_s, limits.bytes_per_s",
  subscriptions_refused: "subscriptions refused: limits.subscriptions",
  outstanding_refused: "requests refused: limits.outstanding",
  rig_foreign: "messages and connections refused: peers of [rig]",
  rig_malformed: "messages of rigs that could not be read",
  rig_oversized: "messages of rigs that were too long",
  rig_dropped: "messages of rigs that came too fast",
  rig_refused_peers: "rigs refused: too many connections",
  rig_refused_sends: "answers to rigs refused: too many wait for one of them",
  rig_unconfirmed: "answers to rigs that nobody confirmed",
  proofs_failed: "refused: a token that proves nothing",
  turns_waited: "turns that somebody had to wait for",
  ticks_late: "ticks that came a whole period late",
  tick_delay_ms: "ms that the last tick was late",
  tick_delay_most_ms: "ms that the latest tick was late",
};

/** Prints one counter a line. */
export async function counters(
  _command: CommandOf<"counters">,
  context: CommandContext,
): Promise<void> {
  await using session = await ServerSession.open(context);
  const [found] = await session.ask(Request.COUNTERS, Request.COUNTERS);
  if (!isWireMap(found)) throw unexpected(Request.COUNTERS, [Request.COUNTERS, [found ?? null]]);
  const names = [...new Set([...Object.keys(MEANINGS), ...Object.keys(found)])];
  const rows = names.filter((name) => name in found)
    .map((name) => [String(found[name]), MEANINGS[name] ?? name]);
  context.print({ counters: found }, tableLines(rows, new Set([0])).join("\n"));
}
