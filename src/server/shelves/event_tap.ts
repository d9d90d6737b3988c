/**
 * Who wants to know everything that reaches the engine and what comes of it, such as a journal.
 *
 * @module
 */

import type { Engine } from "../../control/engine/engine.ts";
import type { EngineEvent, TickTime } from "../../control/engine/event.ts";

/** Listens to one controller after the other. Called in the tick, so that it must be quick. */
export interface EventTap {
  /**
   * Another engine ticks from now on: at the start and after each reload. Its configuration and
   * its snapshot are where a replay of what follows begins.
   */
  began(engine: Engine): void;
  /** The engine has been told of this. */
  record(event: EngineEvent): void;
  /** A tick is done; `changed` are the shelves whose duty or waiting state is another now. */
  ticked(time: TickTime, engine: Engine, changed: readonly string[]): void;
}
