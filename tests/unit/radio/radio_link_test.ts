/** The pace of reports, and what becomes of downlinks. */

import assert from "node:assert/strict";
import { attachRadio, LoraAir, RadioError } from "../../../mod.ts";
import { RadioLink, type RadioLinkOptions } from "../../../src/agent/radio/radio_link.ts";
import { RADIO_PORT } from "../../../src/wire/radio/limits.ts";
import { RecordedLog } from "../../support/recorded_log.ts";
import { VirtualClock } from "../../support/virtual_clock.ts";

const EVERY_MS = 600_000;
const LEAST_MS = 100_000;

/** A link over the air, and when its reports came. */
class Desk implements AsyncDisposable {
  readonly clock = new VirtualClock();
  readonly air = new LoraAir({ clock: this.clock });
  readonly radio = this.air.device("d");
  readonly log = new RecordedLog();
  readonly link: RadioLink;
  readonly sentMs: number[] = [];
  readonly heard: string[] = [];
  report: () => Uint8Array | null = () => Uint8Array.of(1);
  readonly #stop = new AbortController();
  readonly #attached = attachRadio(this.radio);
  readonly #ended: Promise<void>;

  constructor(more: Partial<RadioLinkOptions> = {}) {
    this.air.gateway.onUplink = () => void this.sentMs.push(this.clock.monotonicMs());
    this.link = new RadioLink({
      clock: this.clock,
      log: this.log,
      everyMs: EVERY_MS,
      leastWaitMs: () => LEAST_MS,
      dataRate: null,
      isUp: () => this.radio.isUp,
      report: () => this.report(),
      onDownlink: (payload) => this.heard.push(payload.toHex()) > 0,
      ...more,
    }, this.#stop.signal);
    this.#ended = this.link.run();
  }

  async pass(ms: number): Promise<void> {
    await new Promise(setImmediate);
    await this.clock.advance(ms);
    await new Promise(setImmediate);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#ended;
    this.#attached[Symbol.dispose]();
    assert.equal(this.clock.waiting, 0);
  }
}

Deno.test("a report goes out at once, and then as often as it should", async () => {
  await using desk = new Desk();
  await desk.pass(1_300_000);
  assert.deepEqual(desk.sentMs, [0, EVERY_MS, 2 * EVERY_MS]);
});

Deno.test("the duty cycle outranks the pace", async () => {
  await using desk = new Desk({ everyMs: 1000 });
  await desk.pass(250_000);
  assert.deepEqual(desk.sentMs, [0, LEAST_MS, 2 * LEAST_MS]);
});

Deno.test("a downlink is answered as soon as the duty cycle allows, and no sooner", async () => {
  await using desk = new Desk();
  desk.air.gateway.send("d", RADIO_PORT, Uint8Array.of(7));
  desk.air.gateway.send("d", RADIO_PORT + 1, Uint8Array.of(8));
  await desk.pass(LEAST_MS - 1);
  assert.deepEqual([desk.heard, desk.sentMs], [["07"], [0]]);
  await desk.pass(1);
  assert.deepEqual(desk.sentMs, [0, LEAST_MS]);
  await desk.pass(EVERY_MS);
  assert.deepEqual([desk.heard, desk.link.counters.foreign], [["07"], 1]);
  assert.deepEqual(desk.sentMs, [0, LEAST_MS, LEAST_MS + EVERY_MS]);
});

Deno.test("what could not be sent is tried again soon, and told once", async () => {
  await using desk = new Desk({ leastWaitMs: () => 0 });
  await desk.pass(0);
  const send = desk.radio.send;
  let failures = 0;
  desk.radio.send = () => {
    failures++;
    return Promise.reject(new RadioError("Cannot send: it is busy; wait", "busy"));
  };
  await desk.pass(EVERY_MS);
  await desk.pass(60_000);
  await desk.pass(60_000);
  assert.deepEqual([failures, desk.link.counters.failed], [3, 3]);
  desk.radio.send = send;
  await desk.pass(60_000);
  assert.equal(desk.sentMs.at(-1), EVERY_MS + 180_000);
  assert.equal(desk.log.lines.filter((line) => line.startsWith("warn")).length, 1);
});

Deno.test("a radio that tells when it may is asked then", async () => {
  await using desk = new Desk({ leastWaitMs: () => 0 });
  const send = desk.radio.send;
  desk.radio.send = () => {
    desk.radio.send = send;
    const options = { waitMs: 1_000_000 };
    return Promise.reject(new RadioError("Cannot send: wait", "restricted", options));
  };
  await desk.pass(999_999);
  assert.deepEqual(desk.sentMs, []);
  await desk.pass(1);
  assert.deepEqual(desk.sentMs, [1_000_000]);
  assert.deepEqual(desk.log.lines.filter((line) => line.startsWith("warn")), []);
});

Deno.test("while there is no network, or nothing to say, nothing is sent", async () => {
  await using desk = new Desk();
  desk.radio.isUp = false;
  await desk.pass(100_000);
  desk.radio.isUp = true;
  desk.report = () => null;
  await desk.pass(100_000);
  desk.report = () => Uint8Array.of(1);
  await desk.pass(2000);
  assert.equal(desk.sentMs.length, 1);
});
