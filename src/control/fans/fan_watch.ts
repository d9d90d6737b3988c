/**
 * The fans of one shelf, on however many boards: which of them fail, and what their siblings have
 * to do meanwhile. Pure: time is passed in.
 *
 * @module
 */
import { type Cause, failsafeCause } from "../cause.ts";
import type { FanReport } from "../engine/event.ts";
import type { ExplanationStep } from "../engine/explanation.ts";
import type { Finding } from "../engine/finding.ts";
import { clampPercent, formatPercent, FULL_PERCENT } from "../percent.ts";
import { FanTrouble, type TroubleState } from "./fan_trouble.ts";
import type { FansPolicy } from "./fans_policy.ts";
import { FanWear, type WearState } from "./wear/fan_wear.ts";

/** Which shelf it is and how its fans are watched. */
export interface FanWatchPolicy extends FansPolicy {
  /** Its name. */
  shelf: string;
  /** A report is good for so long. */
  ttlMs: number;
}

/** What the fans have to say in a decision. */
export interface FanVerdict {
  /** One failsafe while a fan fails, else none. */
  causes: readonly Cause[];
  /** What is wrong with fans and boards. */
  findings: readonly Finding[];
}

/** What to go on with later: JSON values only. */
export interface FanWatchState {
  boards: {
    name: string;
    atMs: number;
    gone: boolean;
    fans: { report: FanReport; trouble: TroubleState; wear: WearState | null }[];
  }[];
  /** Reports of boards beyond {@link MOST_BOARDS}. */
  refused: number;
}

interface Fan {
  report: FanReport;
  readonly trouble: FanTrouble;
  readonly wear: FanWear;
}

interface ReportingBoard {
  readonly name: string;
  atMs: number;
  /** Its reporter has said goodbye, or is silent for too long. */
  gone: boolean;
  readonly fans: Map<number, Fan>;
}

/** More boards on one shelf are not followed; it would be a slip. */
export const MOST_BOARDS = 16;
/** More fans of one board on one shelf are not followed. */
export const MOST_FANS = 16;
/** A board that never came back is told of for so long. */
const FORGET_MS = 7 * 86_400_000;

const NOTHING: FanVerdict = Object.freeze({ causes: [], findings: [] });

/** Watches the fans of one shelf. */
export class FanWatch {
  readonly #policy: FanWatchPolicy;
  readonly #boards = new Map<string, ReportingBoard>();
  #refused = 0;
  /** What is worth a word; made anew when something has changed. */
  #findings: readonly Finding[] | null = null;
  #total = 0;
  #failed: string[] = [];

  constructor(policy: FanWatchPolicy, state?: FanWatchState) {
    this.#policy = policy;
    this.#refused = state?.refused ?? 0;
    for (const { name, atMs, gone, fans } of state?.boards ?? []) {
      this.#boards.set(name, {
        name,
        atMs,
        gone,
        fans: new Map(fans.map(({ report, trouble, wear }) => [report.channel, {
          report,
          trouble: new FanTrouble(policy, trouble),
          wear: new FanWear(policy, wear ?? undefined),
        }])),
      });
    }
    this.#count();
  }

  /** Reports of boards that were too many. */
  get refused(): number {
    return this.#refused;
  }

  /** Takes what a board says of its fans on this shelf; null: its reporter has gone. */
  report(name: string, fans: readonly FanReport[] | null, nowMs: number): void {
    const known = this.#boards.get(name);
    if (fans === null) {
      if (known !== undefined) this.#lose(known);
      return;
    }
    if (known === undefined && this.#boards.size >= MOST_BOARDS) {
      this.#refused++;
      return;
    }
    const board = known ?? { name, atMs: nowMs, gone: false, fans: new Map<number, Fan>() };
    if (known === undefined) this.#boards.set(name, board);
    let hasChanged = known === undefined || board.gone;
    board.atMs = nowMs;
    board.gone = false;
    for (const report of fans) {
      let fan = board.fans.get(report.channel);
      if (fan === undefined) {
        if (board.fans.size >= MOST_FANS) continue;
        fan = this.#newFan(report);
        board.fans.set(report.channel, fan);
        hasChanged = true;
      }
      fan.report = report;
      if (fan.trouble.take(report, nowMs)) hasChanged = true;
      if (fan.wear.take(report, nowMs)) hasChanged = true;
    }
    // A fan that has been given to another shelf is none of this one's any more.
    if (board.fans.size > fans.length) {
      for (const channel of board.fans.keys()) {
        if (fans.some((report) => report.channel === channel)) continue;
        board.fans.delete(channel);
        hasChanged = true;
      }
    }
    if (hasChanged) this.#count();
  }

  /**
   * What the fans have to say.
   *
   * @param percent what everything else asks for; the share of a failed fan is a share of it.
   */
  judge(percent: number, nowMs: number): FanVerdict {
    if (this.#boards.size === 0) return NOTHING;
    this.#lookAtBoards(nowMs);
    this.#findings ??= this.#tell();
    if (this.#failed.length === 0) return { causes: NOTHING.causes, findings: this.#findings };
    return { causes: [this.#cause(percent)], findings: this.#findings };
  }

  /** Whether no fan fails and nothing has changed since it was judged last. */
  isQuiet(nowMs: number): boolean {
    if (this.#boards.size === 0) return true;
    this.#lookAtBoards(nowMs);
    return this.#failed.length === 0 && this.#findings !== null;
  }

  /** What each fan does, for whoever asks why. */
  explain(): ExplanationStep[] {
    return [...this.#boards.values()].flatMap((board) =>
      [...board.fans.values()].map(({ report, trouble }) => ({
        what: "fan",
        text: `${fanName(board.name, report.channel)}: ${describe(report, board.gone)}${
          trouble.kind === null ? "" : ", alarmed"
        }`,
        ...report.rpm !== null && { value: report.rpm, unit: "rpm" },
      }))
    );
  }

  /** What to go on with later. */
  state(): FanWatchState {
    return {
      boards: [...this.#boards.values()].map(({ name, atMs, gone, fans }) => ({
        name,
        atMs,
        gone,
        fans: [...fans.values()].map(({ report, trouble, wear }) => ({
          report: { ...report },
          trouble: trouble.state(),
          wear: wear.state(),
        })),
      })),
      refused: this.#refused,
    };
  }

  #newFan(report: FanReport): Fan {
    return { report, trouble: new FanTrouble(this.#policy), wear: new FanWear(this.#policy) };
  }

  #lookAtBoards(nowMs: number): void {
    for (const board of this.#boards.values()) {
      const silentMs = nowMs - board.atMs;
      if (!board.gone && !(silentMs <= this.#policy.ttlMs)) this.#lose(board);
      if (board.gone && silentMs > FORGET_MS) {
        this.#boards.delete(board.name);
        this.#count();
      }
    }
  }

  /** Its fans keep their alarms: nobody knows that they turn. */
  #lose(board: ReportingBoard): void {
    if (board.gone) return;
    board.gone = true;
    this.#count();
  }

  #count(): void {
    this.#findings = null;
    this.#total = 0;
    this.#failed = [];
    for (const { name, fans } of this.#boards.values()) {
      this.#total += fans.size;
      for (const [channel, { trouble }] of fans) {
        if (trouble.kind !== null) this.#failed.push(fanName(name, channel));
      }
    }
  }

  #cause(percent: number): Cause {
    const left = this.#total - this.#failed.length;
    const isShared = this.#policy.share && left > 0;
    const asked = isShared ? clampPercent(percent * this.#total / left) : FULL_PERCENT;
    const more = this.#failed.length > 1 ? ` and ${this.#failed.length - 1} more` : "";
    const others = left === 1 ? "the other fan does" : `${left} other fans do`;
    const what = left === 0
      ? "no fan of this shelf can be relied on"
      : `${this.#failed[0]}${more} failed; ${others} ${isShared ? "its share" : "all"}`;
    return failsafeCause("fans", what, asked);
  }

  #tell(): Finding[] {
    const findings: Finding[] = [];
    const { shelf } = this.#policy;
    for (const board of this.#boards.values()) {
      if (board.gone) {
        findings.push({
          kind: "no board",
          severity: "warning",
          shelf,
          subject: boardName(board.name),
          text: `${boardName(board.name)} does not report the fans of shelf "${shelf}" any more; ` +
            "see its agent, its cable and its power",
          sinceMs: board.atMs,
        });
      }
      for (const [channel, fan] of board.fans) {
        const subject = fanName(board.name, channel);
        if (fan.trouble.kind !== null) findings.push(this.#trouble(subject, fan));
        const worn = fan.wear.finding();
        if (worn !== null) findings.push({ ...worn, shelf, subject });
      }
    }
    return findings;
  }

  #trouble(subject: string, { report, trouble }: Fan): Finding {
    const kind = trouble.kind ?? "stall";
    const often = trouble.count > 1 ? `, ${trouble.count} times so far` : "";
    const found = kind === "stall"
      ? `does not turn although it is driven (${report.state}${often}); see its plug and its ` +
        "bearing, or declare that it has no tachometer"
      : `has a tachometer that tells what cannot be${often}; see its wire and its pulses`;
    return {
      kind,
      severity: this.#failed.length === this.#total ? "critical" : "warning",
      shelf: this.#policy.shelf,
      subject,
      text: `${subject} ${found}`,
      sinceMs: trouble.sinceMs,
    };
  }
}

function boardName(name: string): string {
  return name === "" ? "a board without a name" : `board "${name}"`;
}

function fanName(board: string, channel: number): string {
  return board === "" ? `fan ${channel}` : `fan ${channel} of board "${board}"`;
}

function describe({ rpm, state, appliedPercent }: FanReport, gone: boolean): string {
  const applied = appliedPercent === null ? "" : ` at ${formatPercent(appliedPercent)}`;
  const speed = rpm === null ? "" : `, ${rpm} rpm`;
  return `${state.replace("_", " ")}${applied}${speed}${gone ? ", as last reported" : ""}`;
}
