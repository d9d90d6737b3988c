/**
 * `fanctl watch`: shelves as they change.
 *
 * @module
 */
import { backoffMs, DEFAULT_BACKOFF } from "../backoff.ts";
import { Wakeup } from "../agent/wakeup.ts";
import { CommunicationError } from "../errors.ts";
import type { CommandOf } from "./command.ts";
import type { CommandContext } from "./context.ts";
import { shelfNames } from "./list.ts";
import { ServerSession } from "./session.ts";
import { ShelfFeed } from "./shelf_feed.ts";
import { type WatchView, watchView } from "./watch_view.ts";

/**
 * Shows shelves until each has been shown as often as asked, or the user has seen enough. A
 * server that is not there at first is an error; one that goes away later is waited for.
 */
export async function watch(command: CommandOf<"watch">, context: CommandContext): Promise<void> {
  const view = watchView(context);
  const progress = { shown: new Map<string, number>(), hasBegun: false, failures: 0 };
  const { io } = context;
  const wakeup = new Wakeup(io.clock, io.signal);
  for (;;) {
    try {
      return await watchOnce(command, context, view, progress);
    } catch (error) {
      if (io.signal.aborted) return;
      if (!progress.hasBegun || !(error instanceof CommunicationError)) throw error;
      if (progress.failures === 0) view.remark(`${error.message}; trying again`);
      progress.failures++;
      await wakeup.wait(backoffMs(progress.failures, Math.random(), DEFAULT_BACKOFF));
    }
  }
}

interface Progress {
  /** How often each shelf has been shown. */
  shown: Map<string, number>;
  /** Something has been shown. */
  hasBegun: boolean;
  /** Connections that failed since the last round. */
  failures: number;
}

/** Watches over one connection; returns when every shelf has been shown often enough. */
async function watchOnce(
  { shelves, count }: CommandOf<"watch">,
  context: CommandContext,
  view: WatchView,
  progress: Progress,
): Promise<void> {
  await using session = await ServerSession.open(context);
  const followsAll = shelves.length === 0;
  const feed = new ShelfFeed(session, followsAll ? await shelfNames(session) : shelves, followsAll);
  const isDone = () =>
    count !== null &&
    feed.shelves.values().every((shelf) => (progress.shown.get(shelf) ?? 0) >= count);
  while (!isDone()) {
    const round = await feed.next();
    for (const shelf of view.show(round)) {
      progress.shown.set(shelf, (progress.shown.get(shelf) ?? 0) + 1);
    }
    progress.hasBegun = true;
    progress.failures = 0;
  }
}
