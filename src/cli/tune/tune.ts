/**
 * `fanctl tune`: how a shelf answers to its fans, and what settings follow from that. It moves
 * the duty by an override that ends by itself, looks at the temperatures all the while, puts
 * everything back, and applies nothing.
 *
 * @module
 */
import { Wakeup } from "../../agent/wakeup.ts";
import { StepTest } from "../../control/model/step_test.ts";
import { LimitError, TerminatingError } from "../../errors.ts";
import { Request } from "../../wire/request.ts";
import type { CommandOf } from "../command.ts";
import type { CommandContext } from "../context.ts";
import { limitOf } from "../limit.ts";
import { formatNumber } from "../percent.ts";
import { ServerSession } from "../session.ts";
import { shelfEntry } from "../shelf_entry.ts";
import type { ShelfStatus } from "../../client/shelf_status.ts";
import { followedSensor, limitsC, planOf, refuseHeat } from "./tune_plan.ts";
import { proposalLines, propose } from "./tune_view.ts";

const LOOK_MS = 1000;
/** The override ends this long after it was last renewed. */
const HOLD_MS = 30_000;
const RENEW_MS = 10_000;
/** By this its overrides are known. */
const REASON = "fanctl tune";
/** How often it tells where it stands. */
const TELL_MS = 30_000;

/** Prints the fit and the proposals. */
export async function tune(command: CommandOf<"tune">, context: CommandContext): Promise<void> {
  await using session = await ServerSession.open(context);
  const bench = new TuneBench(command.shelf, session, context);
  const first = await bench.look();
  const sensor = followedSensor(first, command.sensor);
  const plan = planOf(first, command);
  const limits = limitsC(first, command.limitC);
  refuseHeat(first, limits);
  const test = new StepTest(plan);
  context.note(
    `holding ${command.shelf} at ${formatNumber(plan.lowPercent)} and ` +
      `${formatNumber(plan.highPercent)} % in turn, at most ${
        formatNumber(3 * plan.phaseMs / 60_000)
      } min`,
  );
  let toldMs = -Infinity;
  try {
    for (let { percent, phase, phases } = test.state; percent !== null;) {
      await bench.hold(percent);
      const status = await bench.look();
      bench.refuseOther(status);
      refuseHeat(status, limits);
      bench.refuseLimit(status, percent);
      const tempC = status.sensors.find(({ name }) => name === sensor)?.tempC;
      if (typeof tempC === "number") {
        const nowMs = context.io.clock.monotonicMs();
        const before = phase;
        ({ percent, phase, phases } = test.take(tempC, nowMs));
        if (phase !== before || nowMs - toldMs >= TELL_MS) {
          toldMs = nowMs;
          context.note(`step ${phase} of ${phases}: ${sensor} ${tempC.toFixed(1)} °C`);
        }
      }
      await bench.pause();
    }
  } finally {
    await bench.release();
  }
  const limitC = limits.get(sensor) ?? Infinity;
  const proposal = propose({ shelf: command.shelf, sensor, limitC, samples: test.samples });
  context.print(proposal, proposalLines(proposal, test.samples).join("\n"));
}

/** The hand on the shelf. */
class TuneBench {
  readonly #shelf: string;
  readonly #session: ServerSession;
  readonly #context: CommandContext;
  readonly #wakeup: Wakeup;
  #held: { percent: number; untilMs: number } | null = null;

  constructor(shelf: string, session: ServerSession, context: CommandContext) {
    this.#shelf = shelf;
    this.#session = session;
    this.#context = context;
    this.#wakeup = new Wakeup(context.io.clock, context.io.signal);
  }

  /** How the shelf stands now. */
  async look(): Promise<ShelfStatus> {
    const [entries] = await this.#session.ask(Request.STATUS, Request.STATUS, this.#shelf);
    return shelfEntry(Array.isArray(entries) ? entries[0] ?? null : null).status;
  }

  /** Holds the duty, and says it again before that ends. */
  async hold(percent: number): Promise<void> {
    const nowMs = this.#context.io.clock.monotonicMs();
    if (this.#held?.percent === percent && nowMs < this.#held.untilMs) return;
    if (this.#held !== null) this.refuseOther(await this.look());
    const ends = new Date(this.#context.io.clock.wallMs() + HOLD_MS);
    const limit = limitOf(
      await this.#session.ask(
        Request.SET_PWM_OVERRIDE,
        Request.ACK,
        this.#shelf,
        percent,
        ends,
        false,
        REASON,
      ),
    );
    this.#held = { percent, untilMs: nowMs + RENEW_MS };
    if (limit !== null) throw limited(this.#shelf, limit.text);
  }

  /**
   * Leaves the shelf to whoever has given it another override: that is not to be taken back.
   *
   * @throws {LimitError}
   */
  refuseOther({ override }: ShelfStatus): void {
    if (override === null || override.reason === REASON) return;
    this.#held = null;
    throw limited(this.#shelf, `the override of ${override.owner}`);
  }

  /** @throws {LimitError} When something stands above the override. */
  refuseLimit(status: ShelfStatus, percent: number): void {
    if (status.percent === null || Math.abs(status.percent - percent) > 0.5) {
      throw limited(this.#shelf, status.causes[0]?.text ?? "something else");
    }
  }

  /** Until the next look. */
  async pause(): Promise<void> {
    await this.#wakeup.wait(LOOK_MS);
    if (!this.#context.io.signal.aborted) return;
    throw new TerminatingError("Cannot go on: interrupted; the shelf has its own duty again");
  }

  /** Gives the shelf its own duty back; after Ctrl-C, too, which ends the session of before. */
  async release(): Promise<void> {
    if (this.#held === null) return;
    const io = Object.create(this.#context.io, { signal: { value: new AbortController().signal } });
    try {
      await using session = await ServerSession.open({ ...this.#context, io });
      await session.ask(Request.SET_PWM_OVERRIDE, Request.ACK, this.#shelf, null);
    } catch (error) {
      this.#context.note(
        `the override of ${this.#shelf} ends by itself within ${HOLD_MS / 1000} s: ` +
          `${error instanceof Error ? error.message : error}`,
      );
    }
  }
}

function limited(shelf: string, text: string): LimitError {
  return new LimitError(
    `Cannot tune shelf "${shelf}": ${text} stands above the duty that was to be held; ` +
      "try again when it is calm, or with a higher --low",
  );
}
