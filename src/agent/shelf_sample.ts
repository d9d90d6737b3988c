/**
 * What one shelf's fans on one board do at a moment, as the server is told.
 *
 * @module
 */

import type { FanBoardStatus } from "../board/fan_board.ts";
import type { Clock } from "../clock.ts";
import type { FanState } from "../control/engine/event.ts";
import type { WireMap, WireValue } from "../wire/value.ts";
import type { CalibratedFans } from "./calibrated_fans.ts";
import { boardInputs } from "./board_inputs.ts";
import type { Assignment, ChannelPlan, ShelfState } from "./channel_plan.ts";

/** What one shelf's fans do at a moment. */
export interface ShelfSample {
  readonly shelf: string;
  readonly state: ShelfState;
  /** The slowest of its fans, or null when one of them is unknown. */
  readonly rpm: number | null;
  /**
   * What the server is told beside the speed: `state`, `board`, `fans`, and for servers that do not
   * know those `rpms`, `applied`, `compare`, `steps`.
   */
  readonly details: Record<string, WireValue>;
}

/** What samples are made with. */
export interface SampleContext {
  readonly assignments: readonly Assignment[];
  /** What the board is called at the server. */
  readonly boardName: string;
  readonly clock: Clock;
}

/** The newest sample of every shelf of a board. */
export class ShelfSamples {
  readonly #context: SampleContext;
  readonly #plan: ChannelPlan;
  readonly #fans: CalibratedFans;
  readonly #samples = new Map<string, ShelfSample>();

  constructor(context: SampleContext, plan: ChannelPlan, fans: CalibratedFans) {
    this.#context = context;
    this.#plan = plan;
    this.#fans = fans;
  }

  /** Every shelf once, of which there is anything to tell. */
  latest(): Iterable<ShelfSample> {
    return this.#samples.values();
  }

  /** Takes what the board does now. */
  take(status: FanBoardStatus): Iterable<ShelfSample> {
    const { assignments, boardName, clock } = this.#context;
    const nowMs = clock.monotonicMs();
    const isByHand = (channel: number) => this.#plan.holds.at(channel, nowMs) !== null;
    for (const [channel, { permille }] of status.channels.entries()) {
      const state = isByHand(channel) ? "unknown" : fanStateOf(status, channel);
      this.#fans.take(channel, state, permille / 10, nowMs);
    }
    for (const assignment of assignments) {
      const { shelf } = assignment;
      const fans = assignment.channels.filter((channel) => status.channels[channel] !== undefined)
        .map((channel) => fanMap(channel, status, this.#fans, isByHand(channel)));
      const sample = sampleOf(assignment, status, this.#plan.state(shelf, nowMs));
      const details = { ...sample.details, board: boardName, fans };
      this.#samples.set(shelf, { ...sample, details });
    }
    return this.latest();
  }

  /** The board is gone, and what it said last is the past. */
  lose(): void {
    const { assignments, boardName: board, clock } = this.#context;
    for (const { shelf } of assignments) {
      const state = this.#plan.state(shelf, clock.monotonicMs());
      const details = { state: "no board", board, fans: null };
      this.#samples.set(shelf, { shelf, state, rpm: null, details });
    }
  }
}

/** What the board's status says of one shelf's channels, for servers of any age. */
function sampleOf(
  { shelf, channels: owned }: Assignment,
  status: FanBoardStatus,
  state: ShelfState,
): ShelfSample {
  const channels = owned.map((channel) => status.channels[channel])
    .filter((channel) => channel !== undefined);
  const rpms = channels.map(({ rpm }) => rpm === null ? null : Math.round(rpm));
  const known = rpms.filter((rpm) => rpm !== null);
  return {
    shelf,
    state,
    rpm: known.length < Math.max(1, owned.length) ? null : Math.min(...known),
    details: {
      state,
      rpms,
      applied: channels.map(({ permille }) => permille / 10),
      compare: channels.map(({ compare }) => compare),
      steps: channels.map(({ steps }) => steps),
      ...boardInputs(status),
    },
  };
}

/** How the fan of a channel stands; without the board's own word, as far as its speed tells. */
function fanStateOf(status: FanBoardStatus, channel: number): FanState {
  const told = status.details?.channels[channel]?.state;
  if (told === "not fitted") return "not_fitted";
  if (told !== undefined) return told;
  const rpm = status.channels[channel]?.rpm ?? null;
  if (rpm === null) return "not_fitted";
  return rpm > 0 ? "spinning" : "stopped";
}

function fanMap(
  channel: number,
  status: FanBoardStatus,
  fans: CalibratedFans,
  isByHand: boolean,
): WireMap {
  const { rpm = null, permille = 0 } = status.channels[channel] ?? {};
  const applied = permille / 10;
  return {
    channel,
    rpm: rpm === null ? null : Math.round(rpm),
    state: fanStateOf(status, channel),
    applied,
    ...isByHand && { by_hand: true },
    ...fans.baseline(channel, applied),
  };
}
