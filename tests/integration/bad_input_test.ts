/**
 * What the server does with everything that no client should send: once in detail, against a
 * server of this process, and then ten thousand times each, against a process of its own.
 */

import assert from "node:assert/strict";
import { encodeMessage } from "../../src/wire/message.ts";
import type { WireValue } from "../../src/wire/value.ts";
import { type Client, serve } from "../support/serve.ts";
import { fileSensorConfig, ServerProcess } from "../support/server_process.ts";
import { tempDir } from "../support/temp_dir.ts";
import { until } from "../support/until.ts";
import { VirtualClock } from "../support/virtual_clock.ts";
import { disconnectVectors, errorVectors, unfinishedVectors } from "../support/wire_vectors.ts";

const encoder = new TextEncoder();

Deno.test("what cannot be met is answered as the vectors say, and the connection stays", async (t) => {
  await using served = serve({ shelves: ["shelf1"], tempsC: { shelf1: 40 } });
  const client = await served.connect();
  for (const { name, hex, code } of errorVectors) {
    await t.step(name, async () => {
      await client.writeHex(hex);
      const reply = await client.receive();
      assert.deepEqual([reply?.request, reply?.args[0], reply?.id], ["error", code, 1]);
      assert.match(String(reply?.args[1]), /^Cannot [^:]+.*: .*; .*[^.]$/);
    });
  }
  assert.deepEqual(await client.ask("get_pwm", "shelf1"), ["set_pwm", ["shelf1", 40]]);
  assert.equal(served.server.counters.accepted, 1);
});

Deno.test("what is no message is told so, once, and the connection ends", async (t) => {
  await using served = serve();
  for (const { name, hex, reason } of disconnectVectors) {
    await t.step(name, async () => {
      const client = await served.connect();
      await client.send("ping", [], 1);
      await client.writeHex(hex);
      assert.deepEqual((await client.receive())?.id, 1);
      let last = await client.receive();
      // Frames before the fault have been answered.
      if (last?.request === "ack") last = await client.receive();
      assert.equal(last?.request, "disconnect");
      assert.ok(String(last?.args[0]).includes(reason), String(last?.args[0]));
      assert.equal(await client.receive(), null);
      client.close();
    });
  }
  await until(() => served.server.clients === 0, "the end of all sessions");
});

Deno.test("an unfinished frame is waited for, and then the connection ends", async (t) => {
  const clock = new VirtualClock();
  await using served = serve({ clock, limits: { frameMs: 1000 } });
  for (const { name, hex } of unfinishedVectors.filter(({ hex }) => hex !== "")) {
    await t.step(name, async () => {
      const client = await served.connect();
      await client.write(
        new Uint8Array([...encodeMessage("ping", []), ...Uint8Array.fromHex(hex)]),
      );
      assert.deepEqual(await client.next(), ["ack", []]);
      await clock.advance(1600);
      assert.equal((await client.next())[0], "disconnect");
      assert.equal(await client.receive(), null);
    });
  }
});

Deno.test("a peer's words come back cut short, so that the reason can always be sent", async () => {
  await using served = serve();
  for (const key of ["k".repeat(30_000), "🌀".repeat(7000), "\x1b[2J"]) {
    const client = await served.connect();
    const bytes = encoder.encode(key);
    const head = new Uint8Array([0x79, bytes.length >> 8, bytes.length & 0xff]);
    const payload = [0x82, 0x61, 0x78, 0x81, 0xa2, ...head, ...bytes, 1, ...head, ...bytes, 2];
    const length = payload.length;
    await client.write(new Uint8Array([0, length >> 16, length >> 8 & 0xff, length & 0xff]));
    await client.write(new Uint8Array(payload));
    const [request, [reason]] = await client.next();
    assert.equal(request, "disconnect");
    assert.ok(String(reason).length < 600);
  }
});

/** What ends a connection. */
interface Fatal {
  name: string;
  bytes: Uint8Array;
  /** What the client hears before the end; null: it closes its side first and hears nothing. */
  reply: "disconnect" | null;
}

const FATAL: readonly [Fatal, ...Fatal[]] = [
  { name: "garbage", bytes: hex("a7c3f00d19e2b64458812ad3907be51f"), reply: "disconnect" },
  {
    name: "an HTTP request",
    bytes: encoder.encode("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"),
    reply: "disconnect",
  },
  { name: "half a frame", bytes: encodeMessage("ping", []).subarray(0, 7), reply: null },
  { name: "a length of 0", bytes: hex("00000000"), reply: "disconnect" },
  { name: "a length of 2^32-1", bytes: hex("ffffffff826470696e6780"), reply: "disconnect" },
  {
    name: "deep nesting",
    bytes: framed(`826470696e67${"81".repeat(2000)}80`),
    reply: "disconnect",
  },
  { name: "duplicate keys", bytes: framed("826470696e6781a2616101616102"), reply: "disconnect" },
  { name: "NaN", bytes: framed("826470696e6781f97e00"), reply: "disconnect" },
  { name: "a message that is a map", bytes: framed("a1616101"), reply: "disconnect" },
];

/** What is refused with this code while the connection stays. */
interface Refused {
  request: string;
  args: WireValue[];
  code: string;
}

const REFUSED: readonly Refused[] = [
  { request: "reboot", args: [], code: "unknown_request" },
  { request: "get_pwm", args: ["no such shelf"], code: "shelf_not_found" },
  { request: "get_pwm", args: [{ shelf: [1] }], code: "bad_arguments" },
  { request: "set_pwm_override", args: ["shelf1", -1], code: "pwm_bad_value" },
  { request: "set_pwm_override", args: ["shelf1", 101], code: "pwm_bad_value" },
  { request: "set_pwm_override", args: ["shelf1", 1e308], code: "pwm_bad_value" },
  { request: "set_pwm_override", args: ["shelf1", 50, new Date(1e9)], code: "expire_bad_value" },
  { request: "set_rpm", args: ["shelf1", -1], code: "rpm_bad_value" },
];

const TIMES = 10_000;
const AT_ONCE = 40;
const PIPELINED = 500;

Deno.test("ten thousand of each leave no descriptor and no memory behind, and delay nobody", async (t) => {
  await using folder = await tempDir();
  await using server = await ServerProcess.start(folder, await fileSensorConfig(folder));
  const other = new OtherClient(await server.connect());
  await attack(server, FATAL[0], 100);
  const descriptors = await server.descriptors();
  // The first half brings the heap to its working size, the second must add nothing.
  await t.step("the first five thousand", () => allOfThem(server, TIMES / 2));
  const memoryMiB = await server.memoryMiB();
  await t.step("the second five thousand", () => allOfThem(server, TIMES / 2));
  await until(async () => await server.descriptors() <= descriptors, "descriptors closed");
  const grownMiB = await server.memoryMiB() - memoryMiB;
  assert.ok(grownMiB < 24, `${grownMiB.toFixed(1)} MiB more than before`);
  const { pings, slowestMs, lastDuty } = await other.stop();
  assert.ok(pings > 1000, `${pings} pings`);
  assert.ok(slowestMs < 1000, `${slowestMs} ms for a ping`);
  assert.equal(lastDuty, 42.5);
  assert.equal(server.child.stderr, "");
});

async function allOfThem(server: ServerProcess, times: number): Promise<void> {
  for (const fatal of FATAL) await attack(server, fatal, times);
  for (const refusal of REFUSED) await refuse(server, refusal, times);
}

/** Sends some bytes on each of many connections and hears the end of each. */
async function attack(
  server: ServerProcess,
  { bytes, reply, name }: Fatal,
  times: number,
): Promise<void> {
  let left = times;
  await Promise.all(Array.from({ length: AT_ONCE }, async () => {
    while (left-- > 0) {
      using client = await server.connectOnce();
      await client.write(bytes);
      if (reply === null) await client.socket.closeWrite();
      else assert.equal((await client.receive())?.request, reply, name);
      assert.equal(await client.receive(), null, name);
    }
  }));
}

/** Has one request refused again and again on a few connections. */
async function refuse(
  server: ServerProcess,
  { request, args, code }: Refused,
  times: number,
): Promise<void> {
  await Promise.all(Array.from({ length: 4 }, async () => {
    using client = await server.connectOnce();
    const frame = encodeMessage(request, args);
    const block = new Uint8Array(frame.length * PIPELINED);
    for (let index = 0; index < PIPELINED; index++) block.set(frame, index * frame.length);
    for (let sent = 0; sent < times / 4; sent += PIPELINED) {
      const writing = client.write(block);
      for (let index = 0; index < PIPELINED; index++) {
        const [reply, [found]] = await client.next();
        assert.deepEqual([reply, found], ["error", code]);
      }
      await writing;
    }
  }));
}

/** A client that behaves, subscribes, and asks one thing after the other meanwhile. */
class OtherClient {
  readonly #client: Client;
  readonly #done: Promise<void>;
  #stopped = false;
  #pings = 0;
  #slowestMs = 0;
  #lastDuty: WireValue = null;

  constructor(client: Client) {
    this.#client = client;
    this.#done = this.#run();
    // Told by stop(); until then another failure is the one to show.
    this.#done.catch(() => {});
  }

  async stop(): Promise<{ pings: number; slowestMs: number; lastDuty: WireValue }> {
    this.#stopped = true;
    await this.#done;
    return { pings: this.#pings, slowestMs: this.#slowestMs, lastDuty: this.#lastDuty };
  }

  async #run(): Promise<void> {
    assert.deepEqual(await this.#client.ask("subscribe", "shelf1"), ["ack", []]);
    while (!this.#stopped) {
      const startMs = performance.now();
      await this.#client.send("ping");
      for (let [request, args] = await this.#client.next(); request !== "ack";) {
        if (request === "duty") this.#lastDuty = args[1] ?? null;
        [request, args] = await this.#client.next();
      }
      this.#pings++;
      this.#slowestMs = Math.max(this.#slowestMs, performance.now() - startMs);
    }
  }
}

function hex(text: string): Uint8Array {
  return Uint8Array.fromHex(text);
}

function framed(payload: string): Uint8Array {
  return hex((payload.length / 2).toString(16).padStart(8, "0") + payload);
}
