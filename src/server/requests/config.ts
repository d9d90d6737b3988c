/**
 * The requests about the configuration. None of them carries one: what a server runs on comes from
 * its own files alone.
 *
 * @module
 */

import { Request } from "../../wire/request.ts";
import type { WireValue } from "../../wire/value.ts";
import { flatten } from "../../config/flat.ts";
import type { Reply, Session } from "../sessions/session.ts";
import { checkCount, numberAt, optionalTextAt, textAt } from "./arguments.ts";
import { actorOf } from "./changes.ts";
import { type HandlerContext, pageLimits } from "./handlers.ts";
import { replyLater } from "./later.ts";
import { page } from "./page.ts";
import { shorten } from "./shorten.ts";

/** A curve of 64 points, with room. */
const MOST_VALUE = 4000;

/** `config`: keys and values, page by page, and where they are from. */
export function listConfig(context: HandlerContext, args: readonly WireValue[]): Reply {
  const request = Request.CONFIG;
  checkCount(request, args, 0, 2);
  const cursor = optionalTextAt(request, args, 0);
  const limits = pageLimits(context, request, args, 1);
  const flat = flatten(context.config);
  const [entries, next] = page([...flat.keys()].sort(), cursor, limits, (key) => [
    key,
    shorten(flat.get(key) ?? "", MOST_VALUE),
  ]);
  const { candidate, file, running } = context.trial;
  const trial = running && { sha256: running.sha256, left_ms: Math.round(running.leftMs) };
  return [request, [entries, next, { source: file ?? context.config.source, candidate, trial }]];
}

/** `config_try`: 0 ms only tells what would change. */
export function tryConfig(
  { trial }: HandlerContext,
  args: readonly WireValue[],
  session: Session,
  id: number | undefined,
): void {
  const request = Request.CONFIG_TRY;
  checkCount(request, args, 2);
  const sha256 = textAt(request, args, 0);
  const confirmMs = numberAt(request, args, 1);
  const changes = confirmMs === 0
    ? trial.check(sha256)
    : trial.begin(sha256, confirmMs, actorOf(session));
  replyLater(session, id, request, changes.then((duties) => [duties.map((each) => [...each])]));
}

/** `config_confirm`. */
export function confirmConfig({ trial }: HandlerContext, args: readonly WireValue[]): void {
  checkCount(Request.CONFIG_CONFIRM, args, 1);
  trial.confirm(textAt(Request.CONFIG_CONFIRM, args, 0));
}

/** `config_take_back`; nothing on trial is nothing to do. */
export function takeBackConfig(
  { trial }: HandlerContext,
  args: readonly WireValue[],
  session: Session,
  id: number | undefined,
): void {
  checkCount(Request.CONFIG_TAKE_BACK, args, 0);
  const done = trial.takeBack(`${session.owner} wants that`, actorOf(session));
  replyLater(session, id, Request.ACK, done.then(() => []));
}
