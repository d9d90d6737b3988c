/**
 * One hand on one channel: drives it for as long as it is looked at, and waits for its fan.
 *
 * @module
 */
import { Wakeup } from "../../agent/wakeup.ts";
import { BoardError, TerminatingError } from "../../errors.ts";
import type { CommandContext } from "../context.ts";
import type { BoardAccess } from "./access.ts";
import { type ChannelView, channelView } from "./board_view.ts";
import type { TemperatureGate } from "./temperature_gate.ts";

/** A hold is renewed with every look; without one, control resumes after this. */
const HOLD_MS = 10_000;
const LOOK_MS = 200;
/**
 * A fan has settled when so many looks in a row differ by no more than this. A speed is told anew
 * with every revolution, so the looks must last for some of them: a fan that runs out seems to
 * turn steadily between its last two.
 */
const SETTLED = { looks: 6, revolutions: 3, share: 0.01, rpm: 10 };
/** No fan that turns takes longer for its revolutions. */
const MOST_LOOKS = 30;

/** Where a fan has settled. */
export interface Settled {
  /** What the timer makes, in percent. */
  readonly applied: number;
  /** The mean of the last looks; null when no speed came in time. */
  readonly rpm: number | null;
}

/** Drives one channel of a board; `release` gives it back. */
export class Hand {
  readonly #access: BoardAccess;
  readonly #gate: TemperatureGate;
  readonly #context: CommandContext;
  readonly #wakeup: Wakeup;
  readonly channel: number;

  constructor(
    channel: number,
    access: BoardAccess,
    gate: TemperatureGate,
    context: CommandContext,
  ) {
    this.channel = channel;
    this.#access = access;
    this.#gate = gate;
    this.#context = context;
    this.#wakeup = new Wakeup(context.io.clock, context.io.signal);
  }

  /**
   * Drives the channel, and says what it does.
   *
   * @throws {BoardError} When its shelf needs more air than that, or is too hot.
   */
  async drive(percent: number): Promise<ChannelView> {
    await this.#gate.check();
    const { channel } = this;
    const view = channelView(await this.#access.do("set", { channel, percent, for_ms: HOLD_MS }));
    if (view.limit === "") return view;
    throw new BoardError(
      `Cannot drive channel ${channel} with ${percent} %: ${view.limit}; try again when it is calm`,
    );
  }

  /** Drives another channel with at least so much, so that something goes on blowing. */
  async floor(channel: number, percent: number): Promise<void> {
    await this.#access.do("set", { channel, percent, for_ms: HOLD_MS, raise: true });
  }

  /** Waits until the fan has settled at a duty, or the time is up. */
  async settle(percent: number, mostMs: number, between: () => Promise<void>): Promise<Settled> {
    const { clock } = this.#context.io;
    const endMs = clock.monotonicMs() + mostMs;
    let rpms: (number | null)[] = [];
    for (;;) {
      const view = await this.drive(percent);
      rpms = [...rpms, view.rpm].slice(-MOST_LOOKS);
      const rpm = settledRpm(rpms);
      if (rpm !== null || clock.monotonicMs() >= endMs) {
        return { applied: view.percent ?? percent, rpm: rpm ?? meanOf(rpms.slice(-SETTLED.looks)) };
      }
      await between();
      await this.pause();
    }
  }

  /** Drives the channel until its speed is as wanted; false when the time is up before. */
  async until(
    percent: number,
    isWanted: (rpm: number) => boolean,
    mostMs: number,
    between: () => Promise<void>,
  ): Promise<boolean> {
    const { clock } = this.#context.io;
    const endMs = clock.monotonicMs() + mostMs;
    for (;;) {
      const { rpm } = await this.drive(percent);
      if (rpm !== null && isWanted(rpm)) return true;
      if (clock.monotonicMs() >= endMs) return false;
      await between();
      await this.pause();
    }
  }

  /** Until the next look. */
  async pause(): Promise<void> {
    await this.#wakeup.wait(LOOK_MS);
    if (this.#context.io.signal.aborted) {
      throw new TerminatingError("Cannot go on: interrupted; the fans go back by themselves");
    }
  }

  /** Gives the channel back; what goes wrong with that is over with the hold. */
  async release(channel = this.channel): Promise<void> {
    try {
      await this.#access.do("set", { channel, percent: null });
    } catch (error) {
      this.#context.log.info(`Channel ${channel} is given back by its time limit: ${error}`);
    }
  }
}

/** The speed that the last looks agree on, or null. */
function settledRpm(rpms: readonly (number | null)[]): number | null {
  const latest = rpms.at(-1) ?? null;
  if (latest === null) return null;
  const turningMs = latest > 0 ? SETTLED.revolutions * 60_000 / latest : 0;
  const looks = Math.min(MOST_LOOKS, Math.max(SETTLED.looks, Math.ceil(turningMs / LOOK_MS)));
  const known = rpms.slice(-looks).filter((rpm) => rpm !== null);
  const mean = meanOf(known);
  if (known.length < looks || mean === null) return null;
  const spread = Math.max(...known) - Math.min(...known);
  return spread <= Math.max(SETTLED.rpm, mean * SETTLED.share) ? mean : null;
}

function meanOf(rpms: readonly (number | null)[]): number | null {
  const known = rpms.filter((rpm) => rpm !== null);
  return known.length === 0 ? null : known.reduce((sum, rpm) => sum + rpm, 0) / known.length;
}
