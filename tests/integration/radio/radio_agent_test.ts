/** An agent that only the air reaches, with the real firmware, on one virtual clock. */

import assert from "node:assert/strict";
import type { HeldOrder, OrderCounters } from "../../../src/agent/radio/order_book.ts";
import { type RadioAgentOptions, runRadioAgent } from "../../../src/agent/radio/radio_agent.ts";
import type { LinkCounters } from "../../../src/agent/radio/radio_link.ts";
import { Board } from "../../../src/board/board.ts";
import { attachRadio, LoraAir } from "../../../mod.ts";
import { encodeOrders, type RadioOrder } from "../../../src/wire/radio/orders.ts";
import { RADIO_PORT } from "../../../src/wire/radio/limits.ts";
import { decodeReport } from "../../../src/wire/radio/report.ts";
import { MachineBoard } from "../../support/machine_line.ts";
import { RecordedLog } from "../../support/recorded_log.ts";
import { until } from "../../support/until.ts";
import { VirtualClock } from "../../support/virtual_clock.ts";

const STEP_MS = 50;
const EVERY_MS = 5000;
/** What a report of so few bytes must wait at least. */
const LEAST_MS = 3000;

/** The air, the agent and its board. */
class Desk implements AsyncDisposable {
  readonly clock = new VirtualClock();
  readonly air = new LoraAir({ clock: this.clock, isLost: () => this.isLost });
  readonly radio = this.air.device("attic");
  readonly board = new MachineBoard(this.clock);
  readonly log = new RecordedLog();
  readonly orders: string[] = [];
  isLost = false;
  tempC = 40;
  counters: OrderCounters & LinkCounters | null = null;
  readonly #stop = new AbortController();
  readonly #attached: Disposable;
  readonly #ended: Promise<void>;

  constructor(more: Partial<RadioAgentOptions> = {}) {
    this.#attached = attachRadio(this.radio);
    this.#ended = runRadioAgent({
      assignments: [{ shelf: "attic", channels: [0] }, { shelf: "barn", channels: [1] }],
      safePercent: 100,
      boardName: "attic+barn",
      openBoard: () => Board.open(this.board.openLine(), { clock: this.clock }),
      radio: this.radio,
      everyMs: EVERY_MS,
      dataRate: null,
      leastWaitMs: () => LEAST_MS,
      temperatures: () => new Map([["barn", [this.tempC]]]),
      clock: this.clock,
      log: this.log,
      random: () => 0.5,
      onOrders: (orders) => this.orders.push(text(orders)),
      onEnd: (counters) => this.counters = counters,
      ...more,
    }, this.#stop.signal);
  }

  /** The reports so far. */
  get reports() {
    return this.air.gateway.uplinks.map(({ bytes }) => decodeReport(bytes));
  }

  async pass(ms: number): Promise<void> {
    for (let leftMs = ms; leftMs > 0; leftMs -= STEP_MS) {
      await new Promise(setImmediate);
      await this.clock.advance(STEP_MS);
    }
  }

  /** Moves time on until there are so many reports. */
  async reported(count: number): Promise<void> {
    await until(async () => {
      await this.pass(STEP_MS);
      return this.reports.length >= count;
    }, `${count} reports`);
  }

  /** Moves time on until a channel's fan is driven like this. */
  async driven(channel: number, drive: number | "released", limitMs = 120_000): Promise<void> {
    const endMs = this.clock.monotonicMs() + limitMs;
    await until(async () => {
      assert.ok(this.clock.monotonicMs() <= endMs, `channel ${channel} not at ${drive} in time`);
      await this.pass(STEP_MS);
      return this.board.channel(channel).drive === drive;
    }, `channel ${channel} at ${drive}`);
  }

  /** Sends orders that end so many seconds from now. */
  send(seq: number, ...each: [index: number, permille: number, lastsS: number][]): Uint8Array {
    const nowS = Math.floor(this.clock.wallMs() / 1000);
    const orders: RadioOrder[] = each.map(([index, permille, lastsS]) => ({
      index,
      permille,
      expiresS: nowS + lastsS,
    }));
    const payload = encodeOrders({ seq, orders });
    this.air.gateway.send("attic", RADIO_PORT, payload);
    return payload;
  }

  async end(): Promise<void> {
    this.#stop.abort();
    let hasEnded = false;
    this.#ended.finally(() => hasEnded = true);
    await until(async () => {
      await this.pass(STEP_MS);
      return hasEnded;
    }, "the agent's end");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.end();
    this.#attached[Symbol.dispose]();
    await this.#ended;
  }
}

function text(orders: ReadonlyMap<string, HeldOrder>): string {
  return [...orders].map(([shelf, { permille }]) => `${shelf} ${permille}`).join(", ");
}

Deno.test("it reports temperatures, speed and duty in its pace, and stays at its safe level", async () => {
  await using desk = new Desk();
  await desk.reported(3);
  const [first, second, third] = desk.reports;
  assert.equal((second?.timeS ?? 0) - (first?.timeS ?? 0), EVERY_MS / 1000);
  assert.equal((third?.timeS ?? 0) - (second?.timeS ?? 0), EVERY_MS / 1000);
  const [attic, barn] = third?.shelves ?? [];
  assert.deepEqual([attic?.index, attic?.state, attic?.percent], [0, "safe", 100]);
  assert.ok((attic?.rpm ?? 0) > 500, String(attic?.rpm));
  assert.deepEqual([barn?.index, barn?.tempsC], [1, [40]]);
  assert.deepEqual([desk.board.channel(0).drive, third?.ordersSeq], ["released", 0]);
});

Deno.test("an order drives its fans until its end to the second, and the others stay safe", async () => {
  await using desk = new Desk();
  await desk.reported(1);
  desk.send(1, [0, 400, 15]);
  const endMs = Math.floor(desk.clock.wallMs() / 1000) * 1000 + 15_000;
  await desk.driven(0, 400);
  assert.equal(desk.board.channel(1).drive, "released");
  await desk.pass(endMs - desk.clock.wallMs() - 200);
  assert.equal(desk.board.channel(0).drive, 400);
  await desk.driven(0, "released", 400);
  assert.deepEqual(desk.orders, ["attic 400"]);
});

Deno.test("it answers an order with a report, as soon as the duty cycle allows", async () => {
  await using desk = new Desk();
  await desk.reported(1);
  desk.send(5, [0, 400, 300]);
  await desk.reported(3);
  const [, second, third] = desk.reports;
  assert.equal(third?.ordersSeq, 5);
  assert.equal((third?.timeS ?? 0) - (second?.timeS ?? 0), LEAST_MS / 1000);
  assert.deepEqual([third?.shelves[0]?.state, third?.shelves[0]?.percent], ["ordered", 40]);
});

Deno.test("orders that end it, that are late, and that were there before", async () => {
  await using desk = new Desk();
  await desk.reported(1);
  const first = desk.send(5, [0, 400, 600]);
  await desk.driven(0, 400);
  desk.send(6);
  await desk.driven(0, "released");
  desk.air.gateway.send("attic", RADIO_PORT, first);
  desk.send(7, [1, 300, -1]);
  await until(async () => {
    await desk.pass(STEP_MS);
    return desk.log.lines.some((line) => line.includes("too late"));
  }, "the late one");
  assert.deepEqual([desk.board.channel(0).drive, desk.board.channel(1).drive], [
    "released",
    "released",
  ]);
  await desk.log.line(/warn: Radio: dropped orders 5, which are not newer than 6/);
  await desk.end();
  const { taken, replayed, late } = desk.counters ?? {};
  assert.deepEqual([taken, replayed, late], [3, 1, 1]);
});

Deno.test("a critical temperature ends an order below the safe level, and no other", async () => {
  await using desk = new Desk({ safePercent: 60 });
  await desk.driven(0, 600);
  desk.send(1, [0, 900, 3000], [1, 300, 3000]);
  await desk.driven(1, 300);
  assert.equal(desk.board.channel(0).drive, 900);
  desk.tempC = 90;
  await desk.driven(1, 600, 1500);
  assert.equal(desk.board.channel(0).drive, 900);
  await desk.log.line(/Shelf "barn": 90 °C or more; no order may slow any fan/);
  desk.tempC = 80;
  await desk.driven(1, 300);
});

Deno.test("no order goes below the floor, and an end leaves the safe level", async () => {
  await using desk = new Desk();
  await desk.reported(1);
  desk.send(1, [0, 0, 3000]);
  await desk.driven(0, 200);
  await desk.end();
  assert.equal(desk.board.channel(0).drive, "released");
});

Deno.test("an agent that stands still lets the board's limit end an order", async () => {
  await using desk = new Desk();
  await desk.reported(1);
  desk.send(1, [0, 400, 3000]);
  await desk.driven(0, 400);
  desk.clock.skip(2100);
  assert.equal(desk.board.channel(0).drive, "released");
  await desk.driven(0, 400);
});

Deno.test("without a network it drives its board, and reports when there is one", async () => {
  await using desk = new Desk({ safePercent: 70 });
  desk.radio.isUp = false;
  await desk.driven(0, 700);
  const before = desk.reports.length;
  await desk.pass(2 * EVERY_MS);
  assert.equal(desk.reports.length, before);
  desk.radio.isUp = true;
  await desk.reported(before + 1);
});

Deno.test("what does not fit into one frame goes in two, in turn", async () => {
  const tempsC = [1, 2, 3, 4, 5, 6, 7, 8];
  await using desk = new Desk({
    dataRate: 0,
    temperatures: () => new Map([["attic", tempsC], ["barn", tempsC]]),
  });
  await desk.reported(4);
  const shelves = desk.reports.map(({ shelves }) => shelves.map(({ index }) => index));
  assert.deepEqual(shelves.slice(0, 4), [[0], [1], [0], [1]]);
});

Deno.test("downlinks on other ports, and of garbage, are counted and change nothing", async () => {
  await using desk = new Desk();
  await desk.reported(1);
  desk.air.gateway.send("attic", RADIO_PORT + 1, encodeOrders({ seq: 9, orders: [] }));
  desk.air.gateway.send("attic", RADIO_PORT, Uint8Array.of(1, 2, 3));
  await desk.reported(4);
  await desk.end();
  const { foreign, corrupt, taken } = desk.counters ?? {};
  assert.deepEqual([foreign, corrupt, taken], [1, 1, 0]);
});

Deno.test("a duty cycle that is used up delays reports and loses none of the fans' time", async () => {
  const clock = new VirtualClock();
  const air = new LoraAir({ clock, dutyCycle: 0.01 });
  const radio = air.device("attic");
  const board = new MachineBoard(clock);
  const log = new RecordedLog();
  const stop = new AbortController();
  using _attached = attachRadio(radio);
  const ended = runRadioAgent({
    assignments: [{ shelf: "attic", channels: [0] }],
    safePercent: 80,
    boardName: "attic",
    openBoard: () => Board.open(board.openLine(), { clock }),
    radio,
    everyMs: 1000,
    dataRate: 5,
    leastWaitMs: () => 0,
    clock,
    log,
    random: () => 0.5,
  }, stop.signal);
  const pass = async (ms: number): Promise<void> => {
    for (let leftMs = ms; leftMs > 0; leftMs -= STEP_MS) {
      await new Promise(setImmediate);
      await clock.advance(STEP_MS);
    }
  };
  await pass(22_000);
  const times = air.gateway.uplinks.map(({ bytes }) => decodeReport(bytes).timeS);
  assert.equal(times.length, 3, String(times));
  assert.deepEqual(log.lines.filter((line) => line.startsWith("warn")), []);
  assert.equal(board.channel(0).drive, 800);
  stop.abort();
  await pass(1000);
  await ended;
});
