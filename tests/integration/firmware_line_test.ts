import assert from "node:assert/strict";
import { encodeFrame, FrameDecoder } from "../../src/board/protocol/frame.ts";
import {
  CommandType,
  encodeStatus,
  encodeTelemetry,
  TELEMETRY_TYPE,
} from "../../src/board/protocol/messages.ts";
import { FirmwareBoard } from "../support/firmware_board.ts";
import { FIRMWARE_IMAGES, UNO } from "../support/firmware_images.ts";

/** Collects what the board sends. */
function listen(board: FirmwareBoard): { bytes: number[]; frames: () => FrameDecoder } {
  const bytes: number[] = [];
  const before = board.machine.onTransmit;
  board.machine.onTransmit = (byte) => {
    bytes.push(byte);
    before(byte);
  };
  return {
    bytes,
    frames: () => {
      const decoder = new FrameDecoder();
      decoder.push(Uint8Array.from(bytes));
      return decoder;
    },
  };
}

function framesOf(decoder: FrameDecoder): number[] {
  const types: number[] = [];
  for (let frame = decoder.next(); frame; frame = decoder.next()) types.push(frame.type);
  return types;
}

for (const firmware of FIRMWARE_IMAGES) {
  const { name } = firmware.part;

  Deno.test(`${name}: telemetry comes at its rate, and no answer is lost for it`, () => {
    const board = new FirmwareBoard("registers", firmware);
    board.hello();
    board.machine.send(encodeTelemetry(2, 50));
    board.machine.advance(25);
    const heard = listen(board);
    let asked = 0;
    for (let seq = 3; seq < 43; seq++) {
      board.machine.send(encodeStatus(seq));
      board.machine.advance(50.7);
      asked++;
    }
    const decoder = heard.frames();
    const types = framesOf(decoder);
    assert.deepEqual(decoder.bad, { crc: 0, cobs: 0 });
    const telemetry = types.filter((type) => type === TELEMETRY_TYPE).length;
    assert.ok(telemetry >= 38 && telemetry <= 42, `${telemetry} in two seconds`);
    assert.equal(types.length - telemetry, asked);
  });

  Deno.test(`${name}: a question in a terminal is answered in words, and frames go on`, () => {
    const board = new FirmwareBoard("registers", firmware);
    board.hello();
    board.configure({ name: "Labor" });
    board.setAll(500, 5000);
    board.machine.advance(1500);
    const heard = listen(board);
    board.machine.send(new TextEncoder().encode("?\r\n"));
    board.machine.advance(100);
    const text = new TextDecoder().decode(Uint8Array.from(heard.bytes));
    assert.match(text, /^\r\nfand board "Labor", boot \d+, up \d+ s, reset 1\r\n/);
    assert.match(text, /\r\ncrc 0, cobs 0, overrun 0, expired 0\r\n/);
    assert.match(text, /\r\nfan 0: 50\.0 % by duty, \d{3,4} rpm, spinning, good for 3\d{3} ms\r\n/);
    assert.equal(text.split("\r\n").length, 4 + firmware.part.outputs.length);
    assert.equal(board.status().counters.cobs, 0);
  });
}

for (const firmware of FIRMWARE_IMAGES) {
  Deno.test(`${firmware.part.name}: answers fill the line when they are asked for without end`, () => {
    const board = new FirmwareBoard("registers", firmware);
    board.hello();
    // A duty and a TTL in whose bytes there is no zero, so that pieces of an answer have none.
    board.setAll(900, 10_000);
    const { machine } = board;
    const ask = encodeFrame(CommandType.STATUS, 3, new Uint8Array(20).fill(7));
    const decoder = new FrameDecoder();
    let answered = 0;
    machine.onTransmit = (byte) => {
      answered++;
      decoder.push(Uint8Array.of(byte));
      while (decoder.next());
    };
    const endMs = machine.timeMs + 400;
    while (machine.timeMs < endMs) {
      if (machine.bytesToBoard < 100) machine.send(ask);
      machine.advance(0.5);
    }
    assert.ok(answered > 0.95 * 400 * 25, `${answered} bytes in 400 ms`);
    assert.deepEqual(decoder.bad, { crc: 0, cobs: 0 });
  });
}

Deno.test("firmware: telemetry ends when nobody is heard for 10 s, and with a hello", () => {
  const board = new FirmwareBoard("registers");
  board.hello();
  board.ask(encodeTelemetry(2, 500));
  board.machine.advance(9900);
  const heard = listen(board);
  board.machine.advance(2000);
  assert.ok(framesOf(heard.frames()).length <= 1);
  board.ask(encodeTelemetry(3, 100));
  board.machine.advance(50);
  board.hello();
  heard.bytes.length = 0;
  board.machine.advance(1000);
  assert.deepEqual(heard.bytes, []);
});

Deno.test("firmware: a rate of telemetry beyond its limits is refused", () => {
  const board = new FirmwareBoard("registers");
  board.hello();
  for (const [seq, intervalMs] of [49, 10_001, 65_535].entries()) {
    const reply = board.ask(encodeTelemetry(seq + 2, intervalMs));
    assert.ok(reply.kind === "refusal" && reply.refusal.reason === 4);
  }
});

Deno.test("firmware: text that is no question is no more than a bad frame", () => {
  const board = new FirmwareBoard("registers", UNO);
  board.hello();
  const heard = listen(board);
  for (const text of ["hello?\r\n", "AT\r\n", " ?\n"]) {
    board.machine.send(new TextEncoder().encode(text));
    board.machine.send(Uint8Array.of(0));
  }
  board.machine.advance(50);
  assert.deepEqual(heard.bytes, []);
  assert.equal(board.status().counters.cobs, 3);
});

Deno.test("firmware: a frame with a question inside is a frame", () => {
  const board = new FirmwareBoard("registers", UNO);
  board.hello();
  const body = new TextEncoder().encode("\r\n?\r\n?status\r\n");
  const reply = board.ask(encodeFrame(CommandType.STATUS, 2, body));
  assert.equal(reply.kind, "status");
});
