import assert from "node:assert/strict";
import { decodeCobs, encodeCobs } from "../../../src/board/protocol/cobs.ts";
import {
  encodeConfigGet,
  encodeConfigSave,
  encodeConfigSet,
} from "../../../src/board/protocol/config.ts";
import { crc16 } from "../../../src/board/protocol/crc16.ts";
import { encodeFrame, FrameDecoder, MAX_PAYLOAD_BYTES } from "../../../src/board/protocol/frame.ts";
import {
  CommandType,
  decodeReply,
  encodeClear,
  encodeHello,
  encodeSet,
  encodeStatus,
  encodeTelemetry,
} from "../../../src/board/protocol/messages.ts";
import type { BoardHello, Reply } from "../../../src/board/protocol/types.ts";
import { vectorsSources } from "../../../firmware/test/make_vectors.ts";
import {
  type CommandVector,
  fromHex,
  loadBoardVectors,
  toHex,
} from "../../support/board_vectors.ts";
import { assertIncludes } from "../../support/includes.ts";

const vectors = await loadBoardVectors();

function encode(command: CommandVector): Uint8Array {
  switch (command.type) {
    case "hello":
      return command.minor === undefined
        ? encodeHello(command.seq)
        : encodeFrame(CommandType.HELLO, command.seq, Uint8Array.of(1, command.minor));
    case "set":
      return encodeSet(command.seq, command.bootId, command.channels);
    case "status":
      return encodeStatus(command.seq);
    case "clear":
      return encodeClear(command.seq, command.mask);
    case "config get":
      return encodeConfigGet(command.seq, command.block);
    case "config set": {
      const bytes = fromHex(command.bytes);
      return encodeConfigSet(command.seq, command.bootId, command.block, bytes);
    }
    case "config save":
      return encodeConfigSave(command.seq, command.bootId, command.crc);
    case "telemetry":
      return encodeTelemetry(command.seq, command.intervalMs);
  }
}

for (const { name, data, crc } of vectors.crc) {
  Deno.test(`crc16 vector: ${name}`, () => {
    assert.equal(crc16(fromHex(data)), crc);
    assert.equal(crc16(Uint8Array.from([...fromHex(data), crc & 0xff, crc >> 8])), 0);
  });
}

for (const { name, data, line } of vectors.cobs) {
  Deno.test(`COBS vector: ${name}`, () => {
    assert.equal(toHex(encodeCobs(fromHex(data))), line);
    assert.deepEqual(decodeCobs(fromHex(line)), fromHex(data));
  });
}

for (const { name, line } of vectors.cobsRefused) {
  Deno.test(`a line that is no frame: ${name}`, () => {
    const decoder = new FrameDecoder(true, MAX_PAYLOAD_BYTES);
    decoder.push(fromHex(line + "00"));
    assert.equal(decoder.next(), null);
    assert.deepEqual(decoder.bad, { crc: 0, cobs: 1 });
  });
}

/** What a status is read by until the session's own hello. */
const HELLO: BoardHello = {
  protocol: [1, 0],
  firmware: [0, 1, 0],
  part: "ATmega328P",
  bootId: 0,
  maxPayloadBytes: 192,
  ttlMaxMs: 10_000,
  capabilities: 0,
  channels: [{ steps: 320, tach: true }, { steps: 320, tach: true }, { steps: 80, tach: true }],
};

for (const session of vectors.sessions) {
  Deno.test(`board session: ${session.name}`, () => {
    let hello = HELLO;
    for (const step of session.steps) {
      if (step.command) assert.equal(toHex(encode(step.command)), step.send, step.say);
      const decoder = new FrameDecoder();
      decoder.push(fromHex(step.receive));
      const replies: Reply[] = [];
      for (let frame = decoder.next(); frame; frame = decoder.next()) {
        const reply = decodeReply(frame, hello);
        if (reply.kind === "hello") hello = reply.hello;
        replies.push(reply);
      }
      assert.deepEqual(decoder.bad, { crc: 0, cobs: 0 }, step.say);
      if (step.reply) assertIncludes(replies, [step.reply].flat(), step.say);
      if (step.command) assert.equal(replies.at(-1)?.seq, step.command.seq, step.say);
    }
  });
}

Deno.test("the C test's vectors are what make_vectors.ts makes of board.json", async () => {
  for (const [name, source] of vectorsSources(vectors)) {
    const file = new URL(`../../../firmware/test/${name}`, import.meta.url);
    assert.equal(await Deno.readTextFile(file), source, name);
  }
});
