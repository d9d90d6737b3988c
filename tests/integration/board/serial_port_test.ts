/** The serial driver on real pseudo terminals: its streams, and every way in which it ends. */

import assert from "node:assert/strict";
import { SerialPort } from "../../../src/board/serial/serial_port.ts";
import { Libc } from "../../../src/libc/libc.ts";
import { seededRandom } from "../../../src/seeded_random.ts";
import { BAUD, failure, OpenPort, readableOf, writableOf } from "../../support/open_port.ts";
import { Pty, testOnPty } from "../../support/pty.ts";
import { until } from "../../support/until.ts";

/** Bytes that differ from any neighbourhood, the same for each seed. */
function randomBytes(length: number, seed: number): Uint8Array {
  const random = seededRandom(seed);
  return Uint8Array.from({ length }, () => Math.floor(random() * 256));
}

testOnPty("every byte goes through as it is, both ways", async () => {
  await using pty = await Pty.pair();
  await using one = await OpenPort.on(pty.path);
  await using other = await OpenPort.on(pty.otherPath);
  const all = Uint8Array.from({ length: 256 }, (_, byte) => byte);
  await one.writer.write(all);
  assert.deepEqual(await other.read(256), all);
  await other.writer.write(all.toReversed());
  assert.deepEqual(await one.read(256), all.toReversed());
});

testOnPty("however a text is cut into writes, it arrives as one", async () => {
  await using pty = await Pty.pair();
  await using one = await OpenPort.on(pty.path);
  await using other = await OpenPort.on(pty.otherPath);
  for (const seed of [1, 2, 3]) {
    const text = randomBytes(3000, seed);
    const random = seededRandom(seed);
    const received = other.read(text.length);
    for (let at = 0; at < text.length;) {
      const end = Math.min(text.length, at + Math.floor(random() * 40));
      await one.writer.write(text.subarray(at, end));
      at = end;
    }
    assert.deepEqual(await received, text);
  }
});

testOnPty("two megabytes go each way at the same time", async () => {
  await using pty = await Pty.pair();
  await using one = await OpenPort.on(pty.path);
  await using other = await OpenPort.on(pty.otherPath);
  const [there, back] = [randomBytes(2_000_000, 1), randomBytes(2_000_000, 2)];
  const [, , arrived, returned] = await Promise.all([
    one.writer.write(there),
    other.writer.write(back),
    other.read(there.length),
    one.read(back.length),
  ]);
  assert.ok(Buffer.compare(arrived, there) === 0 && Buffer.compare(returned, back) === 0);
});

testOnPty("a reader may bring its own buffer", async () => {
  await using pty = await Pty.echo();
  await using port = new SerialPort(pty.path);
  await port.open(BAUD);
  await writableOf(port).getWriter().write(Uint8Array.of(1, 2, 3));
  const reader = readableOf(port).getReader({ mode: "byob" });
  const bytes: number[] = [];
  while (bytes.length < 3) bytes.push(...(await reader.read(new Uint8Array(2))).value ?? []);
  assert.deepEqual(bytes, [1, 2, 3]);
  const pending = reader.read(new Uint8Array(2));
  await port.close();
  assert.equal((await pending).done, true);
});

testOnPty("who does not read holds the sender back, and loses nothing", async () => {
  await using pty = await Pty.pair();
  await using one = await OpenPort.on(pty.path, { bufferSize: 1000 });
  await using other = await OpenPort.on(pty.otherPath);
  const bytes = randomBytes(500_000, 3);
  let isSent = false;
  const writing = other.writer.write(bytes).then(() => isSent = true);
  await other.port.drain();
  // A whole second round trip would have been possible for all of it by now.
  await using echo = await Pty.echo();
  await using bystander = await OpenPort.on(echo.path);
  for (let round = 0; round < 200; round++) {
    await bystander.writer.write(Uint8Array.of(round));
    await bystander.read(1);
  }
  assert.equal(isSent, false);
  assert.ok(Buffer.compare(await one.read(bytes.length), bytes) === 0);
  await writing;
});

testOnPty("closing ends what waits, on both streams, also when they are held", async () => {
  await using pty = await Pty.pair();
  await using one = await OpenPort.on(pty.path);
  const reading = one.reader.read();
  const writing = assert.rejects(one.writer.write(new Uint8Array(500_000)), failure("closed"));
  await Promise.all([one.port.close(), one.port.close()]);
  assert.deepEqual(await reading, { done: true, value: undefined });
  await writing;
  await assert.rejects(one.writer.write(Uint8Array.of(1)), failure("closed"));
  assert.deepEqual([one.port.readable, one.port.writable], [null, null]);
  await assert.rejects(one.port.drain(), failure("closed", /it is not open; open it/));
  await assert.rejects(one.port.getSignals(), failure("closed"));
  await one.port.close();
});

testOnPty("what was written before closing is sent", async () => {
  await using pty = await Pty.pair();
  await using other = await OpenPort.on(pty.otherPath);
  const one = await OpenPort.on(pty.path);
  await one.writer.write(Uint8Array.of(1, 2, 3));
  await one.port.close();
  assert.deepEqual(await other.read(3), Uint8Array.of(1, 2, 3));
});

testOnPty(
  "an unplugged port fails at once, wherever it is touched, and closes quietly",
  async () => {
    await using pty = await Pty.pair();
    await using one = await OpenPort.on(pty.path);
    const reading = assert.rejects(
      one.reader.read(),
      failure("unplugged", /it was unplugged; plug/),
    );
    const writing = assert.rejects(one.writer.write(new Uint8Array(500_000)), failure("unplugged"));
    await pty.unplug();
    await Promise.all([reading, writing]);
    await assert.rejects(one.writer.write(Uint8Array.of(1)), failure("unplugged"));
    await assert.rejects(one.reader.read(), failure("unplugged"));
    await assert.rejects(one.port.drain(), failure("unplugged"));
    await assert.rejects(one.port.flush(), failure("unplugged"));
    await assert.rejects(one.port.setSignals({ break: true }), failure("unplugged"));
    await one.port.close();
    await assert.rejects(one.port.open(BAUD), failure("absent"));
  },
);

testOnPty("unplugging is noticed while nobody reads", async () => {
  await using pty = await Pty.echo();
  await using one = await OpenPort.on(pty.path);
  await pty.unplug();
  await assert.rejects(one.reader.closed, failure("unplugged"));
  await assert.rejects(one.writer.closed, failure("unplugged"));
});

testOnPty("a port can be opened again, and be given up while it is being opened", async () => {
  await using pty = await Pty.echo();
  await using port = new SerialPort(pty.path);
  for (let round = 0; round < 3; round++) {
    await port.open(BAUD);
    await assert.rejects(port.open(BAUD), failure("busy", /this port is open already; close it/));
    await port.close();
  }
  const opening = assert.rejects(port.open(BAUD), failure("closed"));
  await port.close();
  await opening;
  await port.open(BAUD);
});

testOnPty("a stream that its user has ended is followed by another", async () => {
  await using pty = await Pty.echo();
  await using port = new SerialPort(pty.path);
  await port.open(BAUD);
  const [readable, writable] = [readableOf(port), writableOf(port)];
  await readable.cancel();
  await writable.getWriter().close();
  assert.notEqual(port.readable, readable);
  assert.notEqual(port.writable, writable);
  await writableOf(port).abort(new Error("enough"));
  await writableOf(port).getWriter().write(Uint8Array.of(9));
  assert.deepEqual((await readableOf(port).getReader().read()).value, Uint8Array.of(9));
});

testOnPty("aborting ends a write that waits, and what it had is not sent", async () => {
  await using pty = await Pty.pair();
  await using port = new SerialPort(pty.path);
  await port.open(BAUD);
  const writer = writableOf(port).getWriter();
  const writing = assert.rejects(writer.write(new Uint8Array(500_000)), /enough/);
  await writer.abort(new Error("enough"));
  await writing;
  assert.ok(writableOf(port));
});

testOnPty("flushing throws away what was not read, and keeps what comes after", async () => {
  await using pty = await Pty.pair();
  await using one = await OpenPort.on(pty.path);
  await using other = await OpenPort.on(pty.otherPath);
  await other.writer.write(Uint8Array.of(1, 2, 3));
  // Whatever went out before has arrived once two more bytes went the other way round.
  for (let round = 0; round < 2; round++) {
    await one.writer.write(Uint8Array.of(round));
    await other.read(1);
  }
  await one.port.flush("output");
  await one.port.flush("input");
  await other.writer.write(Uint8Array.of(4));
  assert.deepEqual(await one.read(1), Uint8Array.of(4));
  await one.port.flush();
});

testOnPty("a thousand openings and closings leave no descriptor behind", async () => {
  await using pty = await Pty.echo();
  using libc = new Libc();
  const count = (): number => libc.listDirectory("/proc/self/fd").length;
  const port = new SerialPort(pty.path);
  const before = count();
  for (let round = 0; round < 1000; round++) {
    await port.open(BAUD);
    await port.close();
  }
  await until(() => count() <= before, `no more than ${before} descriptors`);
});
