/**
 * What would become of a shelf if something were otherwise: a copy of its engine runs on in
 * virtual time until nothing changes any more. Everything that is not supposed stays as it is.
 *
 * @module
 */
import type { Decision } from "./decision.ts";
import { Engine } from "./engine.ts";
import type { EngineState } from "./engine_state.ts";
import type { FanReport, FanState, TickTime } from "./event.ts";
import type { Finding } from "./finding.ts";
import type { Override } from "./override.ts";

/** What a sensor is supposed to do: to show a temperature, to be away, or to sleep. */
export type SupposedSensor = number | "missing" | "asleep";

/** What is supposed to be otherwise; what is left out stays as it is. */
export interface Supposition {
  /** By name. */
  sensors?: ReadonlyMap<string, SupposedSensor>;
  /** How every fan of the shelf stands. */
  fans?: FanState;
  /** The name of a profile of the configuration; null for none. */
  profile?: string | null;
  /** A duty by hand, 0 to 100; null for none. */
  override?: number | null;
}

/** The duty from a moment on. */
export interface SupposedDuty {
  /** Virtual milliseconds from now. */
  afterMs: number;
  percent: number;
  /** The text of the cause that decides. */
  because: string;
}

/** What would become of a shelf. */
export interface WhatIf {
  shelf: string;
  /** As it is. */
  now: SupposedDuty;
  /** What follows; of a gentle move only where it begins, turns and ends. */
  steps: SupposedDuty[];
  /** The fans that would follow, as their boards last told. */
  fans: { board: string; channel: number }[];
  /** Whether nothing changed any more in the end. */
  settled: boolean;
  /** How far it was run. */
  ranMs: number;
  /** What would be told of it then. */
  findings: Finding[];
}

/** Ticks that are run at most, and sensors that are judged in them. */
const MOST_TICKS = 1800;
const MOST_JUDGEMENTS = 200_000;
/** So long without a change is settled, longer than what is held by default. */
const QUIET_MS = 120_000;
const MOST_STEPS = 64;
const ORIGIN = "what if";

/** Runs the copy of `engine` for one shelf. */
export function whatIf(engine: Engine, shelf: string, supposed: Supposition): WhatIf {
  const state = engine.snapshot([shelf]);
  const copy = new Engine(engine.slice([shelf]), state.bornMs, state);
  const { tickMs, sensors } = copy.config;
  const mostTicks = Math.min(MOST_TICKS, Math.ceil(MOST_JUDGEMENTS / (1 + sensors.length)));
  const start = state.lastTick ?? { atMs: state.bornMs, wallMs: 0, lateMs: 0 };
  const steps = new Steps(copy.decision(shelf));
  const world = new World(copy, shelf, state, supposed);
  world.order(start);
  let ranMs = 0;
  for (let tick = 1; tick <= mostTicks; tick++) {
    ranMs = tick * tickMs;
    const time = { atMs: start.atMs + ranMs, wallMs: start.wallMs + ranMs, lateMs: 0 };
    world.tell(time.atMs);
    copy.tick(time);
    steps.take(copy.decision(shelf), ranMs);
    if (ranMs - steps.changedMs >= QUIET_MS) break;
  }
  return {
    shelf,
    now: steps.now,
    steps: steps.done(),
    fans: world.fans,
    settled: ranMs - steps.changedMs >= QUIET_MS,
    ranMs,
    findings: copy.findings(),
  };
}

/** What the copy is told in virtual time. */
class World {
  readonly #copy: Engine;
  readonly #shelf: string;
  readonly #supposed: Supposition;
  readonly #fans: { board: string; fans: FanReport[] }[];
  readonly #sensors: { name: string; intervalMs: number; dueMs: number; does: Doing }[];

  constructor(copy: Engine, shelf: string, state: EngineState, supposed: Supposition) {
    this.#copy = copy;
    this.#shelf = shelf;
    this.#supposed = supposed;
    const boards = state.shelves[shelf]?.fans.boards ?? [];
    this.#fans = boards.filter(({ gone }) => !gone).map(({ name, fans }) => ({
      board: name,
      fans: fans.map(({ report }) => supposedFan(report, supposed.fans)),
    }));
    this.#sensors = copy.config.sensors.map(({ name, intervalMs }) => ({
      name,
      intervalMs,
      dueMs: -Infinity,
      does: supposed.sensors?.get(name) ?? asItIs(copy, name),
    }));
  }

  /** Every fan that is told of. */
  get fans(): { board: string; channel: number }[] {
    return this.#fans.flatMap(({ board, fans }) => fans.map(({ channel }) => ({ board, channel })));
  }

  /** What somebody orders, at once. */
  order({ atMs, wallMs }: TickTime): void {
    const { profile, override } = this.#supposed;
    if (profile !== undefined) {
      const inForce = profile === null ? null : {
        name: profile,
        source: "hand" as const,
        owner: ORIGIN,
        reason: null,
        expiresMs: Number.MAX_SAFE_INTEGER,
        expiresAt: wallMs,
      };
      this.#copy.apply({ type: "profile", profile: inForce, atMs });
    }
    if (override !== undefined) {
      const order = override === null ? null : supposedOverride(override);
      this.#copy.apply({ type: "override", shelf: this.#shelf, override: order, atMs });
    }
  }

  tell(atMs: number): void {
    for (const sensor of this.#sensors) {
      if (atMs < sensor.dueMs) continue;
      sensor.dueMs = atMs + sensor.intervalMs;
      const about = { sensor: sensor.name, atMs };
      const { does } = sensor;
      if (does === "asleep") this.#copy.apply({ type: "asleep", ...about });
      else if (typeof does === "number") {
        this.#copy.apply({ type: "reading", tempC: does, ...about });
      } else if (does === "missing") {
        this.#copy.apply({ type: "miss", reason: ORIGIN, fault: "missing", ...about });
      }
    }
    for (const { board, fans } of this.#fans) {
      this.#copy.apply({ type: "fans", shelf: this.#shelf, board, fans, atMs });
    }
  }
}

/** What a sensor does from now on; null: it stays silent. */
type Doing = SupposedSensor | null;

function asItIs(engine: Engine, name: string): Doing {
  const { state, tempC, ageMs } = engine.judgement(name);
  if (tempC !== null) return tempC;
  if (state === "asleep") return "asleep";
  return state === "failed" && ageMs !== null ? "missing" : null;
}

function supposedFan(report: FanReport, state: FanState | undefined): FanReport {
  if (state === undefined || state === report.state) return report;
  const rpm = state === "spinning" ? report.rpm : 0;
  return { ...report, state, rpm };
}

function supposedOverride(percent: number): Override {
  const order = { expiresMs: null, expiresAt: null, forced: false };
  return { percent, ...order, owner: ORIGIN, reason: null };
}

/** Keeps where a duty begins, turns and ends. */
class Steps {
  readonly now: SupposedDuty;
  /** When the duty last changed. */
  changedMs = 0;
  readonly #steps: SupposedDuty[] = [];
  #last: SupposedDuty;
  #winner: string;
  #isRising: boolean | null = null;
  /** How many ticks the move of now has gone on. */
  #inMove = 0;

  constructor(decision: Decision) {
    this.now = dutyOf(decision, 0);
    this.#last = this.now;
    this.#winner = winnerOf(decision);
  }

  take(decision: Decision, afterMs: number): void {
    const duty = dutyOf(decision, afterMs);
    const winner = winnerOf(decision);
    const hasMoved = duty.percent !== this.#last.percent;
    if (hasMoved || winner !== this.#winner) this.changedMs = afterMs;
    const isRising = hasMoved ? duty.percent > this.#last.percent : null;
    // Of a move in one direction for one reason only the beginning and the end count.
    const goesOn = hasMoved && isRising === this.#isRising && winner === this.#winner;
    this.#inMove = goesOn ? this.#inMove + 1 : 0;
    if (this.#inMove > 1) this.#steps[this.#steps.length - 1] = duty;
    else if ((hasMoved || winner !== this.#winner) && this.#steps.length < MOST_STEPS) {
      this.#steps.push(duty);
    }
    this.#last = duty;
    this.#winner = winner;
    this.#isRising = isRising;
  }

  done(): SupposedDuty[] {
    return this.#steps;
  }
}

function dutyOf({ percent, causes }: Decision, afterMs: number): SupposedDuty {
  return { afterMs, percent, because: causes[0]?.text ?? "" };
}

function winnerOf({ causes }: Decision): string {
  return `${causes[0]?.kind} ${causes[0]?.name}`;
}
