/** What rigs send each other, however it is cut and whatever it is. */

import assert from "node:assert/strict";
import { Communicator, CorruptedDataError, ExpMessage, type RigAddress } from "../../mod.ts";
import { JsonSplitter } from "../../src/rig/link/json_splitter.ts";
import { newCounters } from "../../src/rig/link/link.ts";
import { MAX_DEPTH } from "../../src/rig/json.ts";
import { fc } from "../deps.ts";

const decoder = new TextDecoder();

/** Lists of JSON, none of them too deep. */
const message = fc.array(fc.jsonValue({ maxDepth: MAX_DEPTH / 2 }), { minLength: 1, maxLength: 6 });

Deno.test("messages over a stream are found whatever they hold and wherever they are cut", () => {
  fc.assert(
    fc.property(
      fc.array(message, { maxLength: 8 }),
      fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 20 }),
      fc.constantFrom("", " ", "\n\t "),
      (messages, sizes, gap) => {
        const texts = messages.map((each) => decoder.decode(Communicator.encode(each)));
        const bytes = Communicator.encode(texts.join(gap));
        const splitter = new JsonSplitter(newCounters());
        const found: string[] = [];
        let at = 0;
        for (let turn = 0; at < bytes.length; turn++) {
          const end = at + (sizes[turn % sizes.length] ?? 1);
          for (const each of splitter.push(bytes.subarray(at, end))) {
            found.push(decoder.decode(each));
          }
          at = end;
        }
        assert.deepEqual(found, texts);
        assert.equal(splitter.isPartial, false);
      },
    ),
  );
});

Deno.test("what is encoded is decoded to the same", () => {
  fc.assert(fc.property(message, (data) => {
    const plain = JSON.parse(JSON.stringify(data));
    assert.deepEqual(Communicator.decode(Communicator.encode(data)), plain);
  }));
});

/** Takes what the test hands it. */
class Receiver extends Communicator {
  readonly isConnected = true;
  send = (): Promise<void> => Promise.resolve();
  init(): void {}
  start(): void {}
  stop(): void {}
  status(): void {}
  info(): void {}
  cleanup(): void {}
  alyx(): void {}

  take(bytes: Uint8Array, from: RigAddress): void {
    this.receive(bytes, from);
  }
}

Deno.test("whatever comes is either a message or refused as none", () => {
  const receiver = new Receiver("localhost");
  let called = 0;
  receiver.assignCallback(ExpMessage.any(), () => called++);
  receiver.assignCallback(0, () => called++);
  const take = (bytes: Uint8Array): void => {
    const before = called;
    try {
      receiver.take(bytes, ["192.0.2.1", 1]);
      assert.equal(called, before + 1);
    } catch (error) {
      assert.ok(error instanceof CorruptedDataError, String(error));
      assert.equal(called, before);
    }
  };
  fc.assert(fc.property(fc.uint8Array({ maxLength: 60 }), take));
  const almost = fc.array(
    fc.oneof(fc.jsonValue(), fc.constantFrom(...ExpMessage, 0, "expend", 3, null)),
    { maxLength: 4 },
  );
  fc.assert(fc.property(almost, (data) => take(Communicator.encode(data))));
});
