/**
 * The agent of a place that no network reaches: it drives its board at the safe level by itself,
 * tells by radio what its shelves are like, and takes overrides by radio.
 *
 * @module
 */
import type { FanBoard, FanBoardStatus } from "../../board/fan_board.ts";
import type { Clock } from "../../clock.ts";
import { DEFAULT_FLOOR_PERCENT, defaultCriticalC } from "../../control/defaults.ts";
import { UnencodableError } from "../../errors.ts";
import type { Log } from "../../log.ts";
import type { LoraRadio } from "../../sockets/radio/radio.ts";
import { defaultDataRate, mostFrameBytes } from "../../sockets/radio/lora_regions.ts";
import { encodeReport } from "../../wire/radio/report.ts";
import { BoardLink } from "../board_link.ts";
import { CalibratedFans } from "../calibrated_fans.ts";
import { type Assignment, ChannelPlan } from "../channel_plan.ts";
import { type ShelfSample, ShelfSamples } from "../shelf_sample.ts";
import { type HeldOrder, type Now, OrderBook, type OrderCounters } from "./order_book.ts";
import { type LinkCounters, RadioLink } from "./radio_link.ts";
import { shelfReport } from "./shelf_report.ts";

/** What a radio agent joins, and with what. */
export interface RadioAgentOptions {
  readonly assignments: readonly Assignment[];
  /** What a channel gets without an order, in percent. */
  readonly safePercent: number;
  /** For the log. */
  readonly boardName: string;
  openBoard(): Promise<FanBoard>;
  /** Attached to this process. */
  readonly radio: LoraRadio;
  /** So often a report goes out, if the duty cycle allows it. */
  readonly everyMs: number;
  /** The data rate of the reports; null for the region's own. */
  readonly dataRate: number | null;
  /** How long a radio must be silent after a report of so many bytes. */
  leastWaitMs(radio: LoraRadio, dataRate: number, bytes: number): number;
  /** What is measured besides the board's own thermistor, for each shelf, in °C. */
  temperatures?(): ReadonlyMap<string, readonly (number | null)[]>;
  readonly clock: Clock;
  readonly log: Log;
  random(): number;
  /** After every exchange with the board, for each shelf. */
  onSample?(sample: ShelfSample): void;
  /** After every turn of the board's owner. */
  onTurn?(): void;
  /** When orders have come, and what is in force of them now, by shelf. */
  onOrders?(orders: ReadonlyMap<string, HeldOrder>): void;
  /** At the end: what has happened. */
  onEnd?(counters: OrderCounters & LinkCounters): void;
}

/** An order is handed on for this long at a time: when nobody goes on, it ends. */
const HAND_ON_MS = 2000;
/** From here on nothing below the safe level is held: the limit of a sensor of no known kind. */
const CRITICAL_C = defaultCriticalC("other");

/**
 * Runs until `signal` is aborted. A channel is at its safe level unless an order is in force, and
 * not below it while anything is critically hot; so is all at the end.
 */
export async function runRadioAgent(
  options: RadioAgentOptions,
  signal: AbortSignal,
): Promise<void> {
  const agent = new RadioAgent(options, signal);
  try {
    await agent.run();
  } finally {
    options.onEnd?.(agent.counters);
  }
}

class RadioAgent {
  readonly #options: RadioAgentOptions;
  readonly #plan: ChannelPlan;
  readonly #samples: ShelfSamples;
  readonly #book: OrderBook;
  readonly #board: BoardLink;
  readonly #link: RadioLink;
  #seq = 0;
  #isCritical = false;
  /** Which shelves have an order that was handed on last. */
  #ordered = new Set<string>();
  #hasFailedToReport = false;
  /** Which part of a report that takes several goes next. */
  #part = 0;

  readonly #stop = new AbortController();

  constructor(options: RadioAgentOptions, outer: AbortSignal) {
    const signal = AbortSignal.any([outer, this.#stop.signal]);
    const { assignments, safePercent, boardName: name, clock, log, radio } = options;
    this.#options = options;
    const fans = new CalibratedFans(null, assignments);
    this.#plan = new ChannelPlan(assignments, safePercent, fans);
    this.#samples = new ShelfSamples(options, this.#plan, fans);
    this.#book = new OrderBook(assignments.length, safePercent * 10);
    this.#board = new BoardLink({
      name,
      plan: this.#plan,
      clock,
      log,
      open: () => options.openBoard(),
      random: () => options.random(),
      onTurn: () => Promise.resolve(this.#handOn()),
      onStatus: (status) => this.#take(status),
      onLost: () => this.#lose(),
    }, signal);
    this.#link = new RadioLink({
      clock,
      log,
      everyMs: options.everyMs,
      leastWaitMs: (bytes) => options.leastWaitMs(radio, this.#dataRate(), bytes),
      dataRate: options.dataRate,
      isUp: () => radio.isUp,
      report: () => this.#nextPayload(),
      onDownlink: (payload) => this.#order(payload),
    }, signal);
  }

  get counters(): OrderCounters & LinkCounters {
    return { ...this.#book.counters, ...this.#link.counters };
  }

  async run(): Promise<void> {
    // Who cannot speak any more leaves the fans as they should be left.
    const link = this.#link.run().finally(() => this.#stop.abort());
    await Promise.all([this.#board.run(), link]);
  }

  #now(): Now {
    const { clock } = this.#options;
    return { monotonicMs: clock.monotonicMs(), wallMs: clock.wallMs() };
  }

  #dataRate(): number {
    const { radio, dataRate } = this.#options;
    return dataRate ?? defaultDataRate(radio.region);
  }

  /** Gives the plan what is in force, for a moment; what has ended goes to the safe level. */
  #handOn(): void {
    const now = this.#now();
    const inForce = this.#inForce(now);
    if ([...this.#ordered].some((shelf) => !inForce.has(shelf))) this.#plan.forget();
    this.#ordered = new Set(inForce.keys());
    const floor = Math.min(DEFAULT_FLOOR_PERCENT, this.#options.safePercent);
    for (const [shelf, { permille, untilMs }] of inForce) {
      const push = {
        shelf,
        percent: Math.max(floor, permille / 10),
        epoch: 0,
        seq: ++this.#seq,
        ttlMs: Math.min(HAND_ON_MS, untilMs - now.monotonicMs),
        sentMs: null,
        urgentPercent: 0,
      };
      this.#plan.take(push, now.monotonicMs);
    }
  }

  /** The orders that hold, by shelf: none below the safe level while anything is critically hot. */
  #inForce(now: Now): Map<string, HeldOrder> {
    const { assignments, safePercent } = this.#options;
    const held = assignments.flatMap(({ shelf }, index) => {
      const order = this.#book.at(index, now);
      const isRefused = order === null ||
        (order.permille < safePercent * 10 && this.#isCritical);
      return isRefused ? [] : [[shelf, order] as const];
    });
    return new Map(held);
  }

  #take(status: FanBoardStatus): void {
    const { onSample, onTurn } = this.#options;
    for (const sample of this.#samples.take(status)) onSample?.(sample);
    this.#look();
    onTurn?.();
  }

  #lose(): void {
    this.#samples.lose();
    this.#options.onTurn?.();
  }

  /** Whether anything is too hot for less than the safe level. */
  #look(): void {
    const hot = this.#shelves().find(({ tempsC }) =>
      tempsC.some((tempC) => tempC !== null && tempC >= CRITICAL_C)
    );
    if (hot !== undefined && !this.#isCritical) {
      const text = `Shelf "${hot.shelf}": ${CRITICAL_C} °C or more; no order may slow any fan`;
      this.#options.log.warn(text);
    }
    this.#isCritical = hot !== undefined;
  }

  #shelves() {
    const more = this.#options.temperatures?.();
    return [...this.#samples.latest()].map((sample, index) => {
      const { shelf } = sample;
      return { shelf, ...shelfReport(sample, index, more?.get(shelf) ?? []) };
    });
  }

  #nextPayload(): Uint8Array | null {
    // Each part is of now: the other end learns from it how the clock here goes.
    const payloads = this.#encode();
    if (payloads.length === 0) return null;
    return payloads[this.#part++ % payloads.length] ?? null;
  }

  #encode(): Uint8Array[] {
    const { radio, clock } = this.#options;
    const shelves = this.#shelves();
    if (shelves.length === 0) return [];
    const report = { timeS: clock.wallMs() / 1000, ordersSeq: this.#book.seq, shelves };
    try {
      return encodeReport(report, mostFrameBytes(radio.region, this.#dataRate()));
    } catch (error) {
      if (!(error instanceof UnencodableError)) throw error;
      if (!this.#hasFailedToReport) this.#options.log.error(error.message);
      this.#hasFailedToReport = true;
      return [];
    }
  }

  #order(payload: Uint8Array): boolean {
    const { log, onOrders } = this.#options;
    const { isTaken, dropped } = this.#book.take(payload, this.#now());
    for (const what of dropped) log.warn(`Radio: dropped ${what}`);
    if (!isTaken) return false;
    this.#board.wake();
    onOrders?.(this.#inForce(this.#now()));
    return true;
  }
}
