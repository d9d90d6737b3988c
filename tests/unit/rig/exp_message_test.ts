import assert from "node:assert/strict";
import { ExpMessage, ExpStatus, Service } from "../../../mod.ts";
import vectors from "../../vectors/rig.json" with { type: "json" };
import { Communicator } from "../../../mod.ts";

Deno.test("ExpMessage has the bits of iblutil", () => {
  assert.deepEqual([...ExpMessage], [1, 2, 4, 8, 16, 32, 64, 128]);
  assert.equal(ExpMessage.any(), 255);
  assert.deepEqual([...ExpMessage.bits(ExpMessage.any())], [...ExpMessage]);
  assert.deepEqual([...ExpMessage.bits(0)], []);
  assert.deepEqual([...ExpMessage.bits(ExpMessage.EXPEND | ExpMessage.EXPINTERRUPT)], [4, 16]);
});

Deno.test("ExpMessage.validate takes names and numbers", () => {
  for (
    const [event, expected] of [
      ["expstart", 2],
      [" ExpStatus\n", 32],
      [10, 10],
      [0, 0],
      [256, 256],
      [-1, 255],
      [~ExpMessage.ALYX, 127],
      [ExpMessage.EXPEND, 4],
    ] as const
  ) assert.equal(ExpMessage.validate(event), expected, String(event));
  assert.equal(ExpMessage.validate("ALYX", false), 128);
});

Deno.test("ExpMessage.validate refuses unknown names, other types, and several at once", () => {
  for (const name of ["EXPSTOP", "", "1", "A|B", "EXPINIT|EXPEND", "any", "validate", "bits"]) {
    assert.throws(() => ExpMessage.validate(name), /RangeError: Cannot find the message/);
  }
  for (const event of [null, undefined, 1.5, NaN, Infinity, {}, [1], new Uint8Array(1)]) {
    assert.throws(() => ExpMessage.validate(event as unknown as number), TypeError);
  }
  for (const event of [2 ** 31, 2 ** 33, -(2 ** 33), Number.MAX_SAFE_INTEGER]) {
    assert.throws(() => ExpMessage.validate(event), /RangeError: .* more than 31 bits/);
  }
  for (const event of [0, 3, 255, 256, -1]) {
    assert.throws(() => ExpMessage.validate(event, false), /compound \(bitwise\) events are not/);
  }
});

Deno.test("ExpMessage.nameOf names messages, several, and none", () => {
  assert.equal(ExpMessage.nameOf(2), "EXPSTART");
  assert.equal(ExpMessage.nameOf(20), "EXPEND|EXPINTERRUPT");
  assert.equal(ExpMessage.nameOf(0), "0");
  assert.equal(ExpMessage.nameOf(256), "256");
});

Deno.test("Service makes the messages of iblutil, byte for byte", () => {
  const decoder = new TextDecoder();
  for (const { call: [method, ...args], text } of vectors.sent) {
    const make = Service[method as "init"] as (...args: unknown[]) => unknown;
    assert.equal(decoder.decode(Communicator.encode(make(...args))), text);
  }
  assert.equal(decoder.decode(Communicator.encode(Service.alyx())), vectors.alyxRequest);
  const guest = { baseUrl: "https://alyx.example.org", user: null, token: null };
  assert.deepEqual(Service.alyx(guest), [128, "https://alyx.example.org", {}]);
});

Deno.test("Service refuses statuses and references that are none", () => {
  assert.deepEqual(Object.values(ExpStatus), [0, 10, 20, 30]);
  for (const status of ["running", "", 21, 20.5, NaN]) {
    assert.throws(() => Service.status(status), /Cannot find the status .* RUNNING \(20\)/);
  }
  const parts = { date: "2030-01-31", sequence: "x", subject: "mouse" };
  assert.throws(() => Service.start(parts), /TypeError: .* a part is missing/);
  assert.throws(() => Service.start({ date: "2030-01-31" } as typeof parts), TypeError);
});
