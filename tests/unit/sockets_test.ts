import assert from "node:assert/strict";
import {
  formatEndpoint,
  isLoopback,
  isPort,
  parseEndpoint,
  parsePort,
  plainHost,
} from "../../src/sockets/address.ts";
import { StickyReader } from "../../src/sockets/sticky_reader.ts";
import { Line, Waiter } from "../../src/sockets/waiter.ts";
import { WriteQueue } from "../../src/sockets/write_queue.ts";
import { VirtualClock } from "../support/virtual_clock.ts";

Deno.test.each([
  ["127.0.0.1", "127.0.0.1", "127.0.0.1:80"],
  ["nas.example", "nas.example", "nas.example:80"],
  ["::1", "::1", "[::1]:80"],
  ["[fe80::1%eth0]", "fe80::1%eth0", "[fe80::1%eth0]:80"],
  ["", "", ":80"],
])('the address "%s" is read and written', (address, host, endpoint) => {
  assert.equal(plainHost(address as string), host);
  assert.equal(formatEndpoint(address as string, 80), endpoint);
});

Deno.test.each(
  [
    ["nas.example", { host: "nas.example", port: null }],
    ["nas.example:80", { host: "nas.example", port: 80 }],
    ["127.0.0.1:65535", { host: "127.0.0.1", port: 65535 }],
    ["[::1]", { host: "::1", port: null }],
    ["[fe80::1%eth0]:9999", { host: "fe80::1%eth0", port: 9999 }],
  ] as const,
)('the endpoint "%s" is taken apart', (text, found) => {
  assert.deepEqual(parseEndpoint(text), found);
});

Deno.test.each([
  ...["", ":80", "nas:", "nas:0", "nas:65536", "nas:-80", "nas:80.0", "nas: 80 ", "nas:8e1", "::1"],
  ...["[nas]:80", "[::1", "::1]:80", "[]:80", "[::1]80", "[127.0.0.1]:80", "a b:80", "[::1%]:80"],
])('the endpoint "%s" is refused', (text) => {
  assert.equal(parseEndpoint(text), null);
});

Deno.test("only loopback is loopback", () => {
  const near = ["127.0.0.1", "127.255.0.1", "::1", "[::1]", "localhost", "LOCALHOST"];
  assert.deepEqual([...near, "::ffff:127.0.0.1"].filter((host) => !isLoopback(host)), []);
  const far = ["0.0.0.0", "::", "192.0.2.1", "127.example.com", "127.1", "::ffff:192.0.2.1", ""];
  assert.deepEqual([...far, "localhost.example.com", "::127.0.0.1"].filter(isLoopback), []);
});

Deno.test("ports are 1 to 65535", () => {
  assert.deepEqual(["1", "65535", "080"].map(parsePort), [1, 65535, 80]);
  const wrong = ["0", "65536", "-80", "80.0", " 80 ", "0x50", "", "1e3", "000080"];
  assert.deepEqual(wrong.map(parsePort), wrong.map(() => null));
  assert.deepEqual([1, 9999, 65535].map(isPort), [true, true, true]);
  assert.deepEqual([0, -1, 65536, 1.5, NaN].map(isPort), [false, false, false, false, false]);
});

Deno.test("StickyReader begins with a small buffer and follows the traffic", async () => {
  const offered: number[] = [];
  const plan = [1024, 2048, 4096, 10, 8000, ...new Array(8).fill(10)];
  let step = 0;
  const { promise, resolve } = Promise.withResolvers<void>();
  const reader: StickyReader = new StickyReader({
    read(buffer) {
      offered.push(buffer.length);
      return Promise.resolve(plan[step++] ?? null);
    },
  }, {
    onBytes: () => reader.more(),
    onEnd: (error) => {
      assert.equal(error, null);
      resolve();
    },
  });
  reader.more();
  reader.more();
  await promise;
  reader.more();
  assert.deepEqual(offered, [1024, 2048, 4096, ...new Array(10).fill(8192), 1024]);
});

Deno.test("a Line keeps its order whoever leaves it", () => {
  const line = new Line<Waiter<number>>();
  const clock = new VirtualClock();
  const waiters = Array.from(
    { length: 6 },
    () => new Waiter<number>(line, clock, { timeoutMs: Infinity }, () => {}),
  );
  assert.deepEqual(line.all, waiters);
  for (
    const [leaving, left] of [[2, [0, 1, 3, 4, 5]], [0, [1, 3, 4, 5]], [5, [1, 3, 4]]] as const
  ) {
    waiters[leaving]?.resolve(leaving);
    waiters[leaving]?.reject(new Error("too late"));
    assert.deepEqual(line.all, left.map((at) => waiters[at]));
    assert.equal(line.first, waiters[left[0]]);
  }
  for (const waiter of line.all) waiter.resolve(0);
  assert.equal(line.first, null);
  new Waiter<number>(line, clock, { timeoutMs: Infinity }, () => {});
  assert.equal(line.all.length, 1);
});

Deno.test("WriteQueue goes on where a short write stopped", async () => {
  const written: number[] = [];
  const queue = new WriteQueue({
    write(bytes) {
      const count = Math.min(3, bytes.length);
      written.push(...bytes.subarray(0, count));
      return Promise.resolve(count);
    },
  }, new VirtualClock());
  const unexpected = () => new Error("not reached");
  await Promise.all([
    queue.write(Uint8Array.of(1, 2, 3, 4, 5, 6, 7), { timeoutMs: Infinity }, unexpected),
    queue.write(Uint8Array.of(8, 9), { timeoutMs: Infinity }, unexpected),
  ]);
  assert.deepEqual(written, [1, 2, 3, 4, 5, 6, 7, 8, 9]);
  assert.equal(queue.queuedBytes, 0);
});

Deno.test("WriteQueue fails those who wait and those who come later", async () => {
  const failure = new Error("gone");
  const queue = new WriteQueue({ write: () => Promise.reject(failure) }, new VirtualClock());
  const write = () => queue.write(Uint8Array.of(1), { timeoutMs: 1000 }, () => new Error("late"));
  for (const outcome of await Promise.allSettled([write(), write()])) {
    assert.deepEqual(outcome, { status: "rejected", reason: failure });
  }
  await assert.rejects(write(), failure);
  assert.equal(queue.queuedBytes, 0);
});
