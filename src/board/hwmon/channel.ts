/**
 * One channel of a motherboard: an output, who had it before, what it is told and for how long.
 *
 * @module
 */
import { LibcError } from "../../libc/libc.ts";
import type { Log } from "../../log.ts";
import type { FanChannelDetails } from "../fan_board.ts";
import type { ChannelStatus } from "../protocol/types.ts";
import { FanWatch } from "./fan_watch.ts";
import { FULL_VALUE, MANUAL_MODE, type Original, type Output } from "./output.ts";
import { ReadBack } from "./read_back.ts";
import { restoreOutput } from "./restore_output.ts";

/** Keeps what an output was like, for as long as it is not what it was. */
export interface OriginalKeeper {
  readonly outputs: ReadonlyMap<number, Original>;
  save(pwm: number, original: Original): Promise<void>;
  drop(pwm: number): Promise<void>;
}

/** What a channel is driven with. */
export interface ChannelParts {
  readonly log: Log;
  /** What it gets when its time is up. */
  readonly safePermille: number;
  /** Other programs that drive fans, for a message. */
  findRivals(): Promise<readonly string[]>;
}

/** A chip may lose what it was told: it is told again after this, changed or not. */
const REPEAT_MS = 30_000;
/** An output that refuses so often in a row is given back to what drove it before, for a while. */
const MOST_REFUSALS = 3;
const REST_MS = 5000;
const FULL_PERMILLE = 1000;

/** Drives one output while somebody owns its channel, and gives it back otherwise. */
export class Channel {
  readonly output: Output;
  /** What went wrong; see `OutputCounters`. */
  readonly counters = { ttlExpired: 0, interferences: 0, refusedWrites: 0 };
  readonly #parts: ChannelParts;
  readonly #readBack = new ReadBack();
  readonly #watch = new FanWatch();
  #taken: Original | null = null;
  #untilMs = 0;
  #writtenMs = -Infinity;
  #manualMs = -Infinity;
  #isInFailsafe = false;
  #hasExpired = false;
  #refusals = 0;
  /** Before this nothing is tried again; what drove it before has it meanwhile. */
  #restsUntilMs = -Infinity;
  #problem: string | null = null;
  #hasNamedRival = false;
  /** It may be different from what it was told, and that is nobody's doing. */
  #isUncertain = false;

  constructor(output: Output, parts: ChannelParts) {
    this.output = output;
    this.#parts = parts;
  }

  /** When its time is up (monotonic); null while nobody owns it, and when it is up. */
  get untilMs(): number | null {
    return this.#taken === null || this.#isInFailsafe ? null : this.#untilMs;
  }

  /** Whether it is at its safe level because its time was up. */
  get isInFailsafe(): boolean {
    return this.#isInFailsafe;
  }

  /** Whether it is not what it was before. */
  get isTaken(): boolean {
    return this.#taken !== null;
  }

  /** Why it could not be driven the last time; null when it could. */
  get problem(): string | null {
    return this.#problem;
  }

  /** Whether it has refused too often to be driven now. */
  get hasGivenUp(): boolean {
    return this.#refusals >= MOST_REFUSALS;
  }

  /** Of how many values the chip makes another one. */
  get roundedValues(): number {
    return this.#readBack.rounded;
  }

  /** It is not what it was already, because a process was killed that had changed it. */
  adopt(original: Original): void {
    if (this.#taken !== null) return;
    this.#taken = original;
    // Nobody knows what has become of it since.
    this.#isUncertain = true;
  }

  /**
   * The machine has slept: what is different now is nobody's doing, and nothing is as it was told.
   */
  wake(): void {
    this.#isUncertain = true;
  }

  /** Drives it until `untilMs`. @throws {ChipGoneError} */
  async drive(
    permille: number,
    untilMs: number,
    nowMs: number,
    keeper: OriginalKeeper,
  ): Promise<void> {
    this.#untilMs = untilMs;
    this.#isInFailsafe = false;
    await this.#attempt(permille, nowMs, keeper);
  }

  /** Its time is up: to the safe level, and again as often as this is called. */
  async lapse(nowMs: number, keeper: OriginalKeeper): Promise<void> {
    if (this.#taken === null) return;
    if (!this.#isInFailsafe) {
      this.#isInFailsafe = this.#hasExpired = true;
      this.counters.ttlExpired++;
      this.#parts.log.warn(
        `${this.output.title}: nobody has renewed its duty; it goes to its safe level`,
      );
    }
    await this.#attempt(this.#parts.safePermille, nowMs, keeper);
  }

  /** Makes it what it was before; false when that failed. @throws {ChipGoneError} */
  async giveBack(keeper: OriginalKeeper): Promise<boolean> {
    if (this.#taken === null) return true;
    const { title } = this.output;
    const restored = await restoreOutput(this.output, this.#taken);
    if (restored.kind === "restored") {
      this.#taken = null;
      this.#isInFailsafe = false;
      this.#problem = null;
      await keeper.drop(this.output.place.pwm);
      this.#parts.log.info(`${title}: given back to what drove it before`);
      return true;
    }
    const left = restored.kind === "full speed" ? "it is left at full speed" : "check its fan";
    this.#sayProblem(`Cannot give back ${title}: ${restored.reason}; ${left}`);
    return false;
  }

  /** Forgets what went wrong so far. */
  clear(): void {
    this.#hasExpired = false;
    this.#watch.clear();
  }

  /** What it does now. @throws {ChipGoneError} */
  async status(nowMs: number): Promise<{ status: ChannelStatus; details: FanChannelDetails }> {
    const found = await this.output.value() ?? this.#readBack.written;
    const speed = await this.output.speed();
    const state = this.#watch.judge(speed, found ?? FULL_VALUE, nowMs);
    const isLost = this.#isInFailsafe;
    return {
      status: {
        permille: Math.round((found ?? FULL_VALUE) * FULL_PERMILLE / FULL_VALUE),
        compare: found ?? FULL_VALUE,
        steps: FULL_VALUE,
        ttlLeftMs: Math.max(0, Math.floor((this.untilMs ?? nowMs) - nowMs)),
        rpm: typeof speed === "number" ? speed : null,
        edges: 0,
        edgeAgeMs: null,
        flags: {
          failsafe: isLost,
          latched: this.#hasExpired,
          released: false,
          spinning: state === "spinning",
        },
      },
      details: {
        mode: this.#taken === null ? "original" : isLost ? "safe" : "duty",
        state,
        faults: {
          stalled: this.#watch.hasStalled,
          loopEnded: false,
          implausible: state === "implausible",
        },
        ...this.#problem !== null && { problem: this.#problem },
      },
    };
  }

  async #attempt(permille: number, nowMs: number, keeper: OriginalKeeper): Promise<void> {
    if (nowMs < this.#restsUntilMs) return;
    try {
      if (this.#taken === null) await this.#takeOver(keeper, nowMs);
      else await this.#look(nowMs);
      await this.#tell(Math.ceil(permille * FULL_VALUE / FULL_PERMILLE), nowMs);
      if (this.#problem !== null) this.#parts.log.info(`${this.output.title}: driven again`);
      this.#problem = null;
      this.#refusals = 0;
    } catch (error) {
      if (!(error instanceof LibcError)) throw error;
      this.counters.refusedWrites++;
      const problem = `Cannot drive ${this.output.title}: ${error.message}`;
      this.#sayProblem(problem);
      if (++this.#refusals % MOST_REFUSALS !== 0) return;
      this.#restsUntilMs = nowMs + REST_MS;
      if (await this.giveBack(keeper)) this.#problem = problem;
    }
  }

  async #takeOver(keeper: OriginalKeeper, nowMs: number): Promise<void> {
    const { output } = this;
    const { pwm, hasMode } = output.place;
    const original = keeper.outputs.get(pwm) ?? await output.original();
    await keeper.save(pwm, original);
    this.#taken = original;
    const { mode, value } = original;
    this.#parts.log.info(
      `${output.title}: taken over, mode ${mode ?? "not told"}, value ${value ?? "-"}`,
    );
    if (!hasMode || mode === MANUAL_MODE) {
      this.#parts.log.warn(
        `${output.title}: nothing regulated it before, and nothing will after fand has ended: ` +
          `it then gets back its value, ${value ?? FULL_VALUE} of ${FULL_VALUE}`,
      );
    }
    await this.#setManual(nowMs);
  }

  /** Has the output obey what it is told, and be told again. */
  async #setManual(nowMs: number): Promise<void> {
    await this.output.setMode(MANUAL_MODE);
    this.#manualMs = nowMs;
    this.#writtenMs = -Infinity;
  }

  /** Whether somebody else has changed something since. */
  async #look(nowMs: number): Promise<void> {
    if (this.#isUncertain) {
      this.#isUncertain = false;
      return await this.#setManual(nowMs);
    }
    const mode = await this.output.mode();
    if (mode !== null && mode !== MANUAL_MODE) {
      await this.#nameRival(`its mode from ${MANUAL_MODE} to ${mode}`);
      await this.#setManual(nowMs);
    }
    const value = await this.output.value();
    if (value === null) return;
    const finding = this.#readBack.saw(value, nowMs);
    if (finding === "changed") {
      await this.#nameRival(`its value from ${this.#readBack.written} to ${value}`);
      this.#writtenMs = -Infinity;
    } else if (finding === "rounded") {
      this.#parts.log.info(
        `${this.output.title}: the chip makes ${value} of ${this.#readBack.written}`,
      );
    }
  }

  async #tell(wanted: number, nowMs: number): Promise<void> {
    const value = this.#readBack.valueFor(wanted);
    // A mode that cannot be read may have changed unseen.
    if (nowMs - this.#manualMs >= REPEAT_MS) await this.#setManual(nowMs);
    if (value === this.#readBack.written && nowMs - this.#writtenMs < REPEAT_MS) return;
    await this.output.setValue(value);
    this.#readBack.wrote(value);
    this.#writtenMs = nowMs;
    const found = await this.output.value();
    if (found !== null) this.#readBack.saw(found, nowMs);
  }

  async #nameRival(what: string): Promise<void> {
    this.counters.interferences++;
    const text = `${this.output.title}: somebody else has changed ${what}; it is changed back`;
    if (this.#hasNamedRival) return this.#parts.log.debug(text);
    this.#hasNamedRival = true;
    const rivals = await this.#parts.findRivals();
    const advice = rivals.length > 0
      ? `End ${rivals.join(" and ")}, which is known to drive fans`
      : "End the other program, or turn off the fan control in the machine's setup";
    this.#parts.log.warn(`${text}, now and from now on. ${advice}`);
  }

  #sayProblem(text: string): void {
    if (this.#problem !== text) this.#parts.log.error(text);
    this.#problem = text;
  }
}
