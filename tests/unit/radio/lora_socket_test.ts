/** AF_LORA over the air of this process: what the documents say of its sockets. */

import assert from "node:assert/strict";
import {
  AF_INET,
  AF_LORA,
  type AirRadio,
  attachRadio,
  LoraAir,
  type LoraFrame,
  type LoraRadio,
  type LoraRegion,
  MSG_PEEK,
  SO_CONFIRMED,
  SO_DR,
  SO_REUSEADDR,
  SOCK_DGRAM,
  SOCK_RAW,
  SOCK_STREAM,
  Socket,
  SOL_LORA,
  SOL_SOCKET,
} from "../../../mod.ts";
import { MOST_WAITING_PACKETS } from "../../../src/sockets/radio/packet_inbox.ts";
import { MOST_WAITING_FRAMES } from "../../../src/sockets/radio/station.ts";
import { VirtualClock } from "../../support/virtual_clock.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (found: Uint8Array): string => new TextDecoder().decode(found);

/** A socket on a device of its own air. */
class Desk implements AsyncDisposable {
  readonly clock = new VirtualClock();
  readonly radio: AirRadio;
  readonly socket: Socket;
  readonly #attached: Disposable;

  constructor(region: LoraRegion = "EU868", readonly air: LoraAir = new LoraAir()) {
    this.radio = air.device("d", region);
    this.#attached = attachRadio(this.radio);
    this.socket = new Socket(AF_LORA, SOCK_RAW, 0, this.clock);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.socket.close();
    this.#attached[Symbol.dispose]();
    assert.equal(this.clock.waiting, 0);
  }
}

Deno.test("without a radio, or after it, there is no socket of AF_LORA", async () => {
  assert.throws(() => new Socket(AF_LORA, SOCK_RAW), { code: "ENETDOWN", errno: 100 });
  const attached = attachRadio(new LoraAir().device("d"));
  await using socket = new Socket(AF_LORA, SOCK_RAW);
  assert.equal(socket.type, SOCK_RAW);
  attached[Symbol.dispose]();
  attached[Symbol.dispose]();
  await assert.rejects(socket.send(bytes("x")), { code: "ENETDOWN" });
  assert.throws(() => new Socket(AF_LORA, SOCK_RAW), { code: "ENETDOWN" });
});

Deno.test("a process has one radio of a kind", () => {
  using _first = attachRadio(new LoraAir().device("a"));
  assert.throws(() => attachRadio(new LoraAir().device("b")), { code: "EADDRINUSE" });
});

Deno.test("only SOCK_RAW has a radio, and only radios have SOCK_RAW", async () => {
  await using _desk = new Desk();
  for (const type of [SOCK_STREAM, SOCK_DGRAM]) {
    assert.throws(() => new Socket(AF_LORA, type), { code: "ESOCKTNOSUPPORT" });
  }
  assert.throws(() => new Socket(AF_INET, SOCK_RAW), { code: "EPROTONOSUPPORT" });
});

Deno.test("a frame has the FPort that was bound, or 2, and is unconfirmed", async () => {
  await using desk = new Desk();
  assert.equal(await desk.socket.send(bytes("one")), 3);
  await desk.socket.bind(224);
  assert.equal(await desk.socket.sendall(bytes("two")), 3);
  await desk.socket.bind(0);
  await desk.socket.send(bytes("three"));
  const found = desk.air.gateway.uplinks.map(({ port, bytes, confirmed }) =>
    [port, text(bytes), confirmed] as const
  );
  assert.deepEqual(found, [[2, "one", false], [224, "two", false], [0, "three", false]]);
});

Deno.test("what is no FPort of 0 to 224 cannot be bound", async () => {
  await using desk = new Desk();
  for (const address of [225, 256, -1, 1.5, NaN, "1", ["127.0.0.1", 1] as const]) {
    await assert.rejects(desk.socket.bind(address), { code: "EOPNOTSUPP", errno: 95 });
  }
});

Deno.test("each region has its data rate and its limits", async () => {
  const rules: [LoraRegion, number, number][] = [
    ["EU868", 5, 6],
    ["AS923", 5, 6],
    ["EU433", 5, 6],
    ["CN470", 5, 6],
    ["US915", 4, 4],
    ["AU915", 4, 6],
    ["IN865", 0, 6],
    ["KR920", 0, 6],
    ["RU864", 0, 6],
  ];
  for (const [region, standard, most] of rules) {
    await using desk = new Desk(region);
    const { socket, air } = desk;
    await socket.send(bytes("x"));
    for (let rate = 0; rate <= most; rate++) {
      socket.setsockopt(SOL_LORA, SO_DR, rate);
      await socket.send(bytes("x"));
    }
    for (const rate of [most + 1, 7, -1, 0.5]) {
      assert.throws(() => socket.setsockopt(SOL_LORA, SO_DR, rate), { code: "EOPNOTSUPP" });
    }
    const rates = air.gateway.uplinks.map(({ dataRate }) => dataRate);
    assert.deepEqual(rates, [standard, ...Array.from({ length: most + 1 }, (_, rate) => rate)]);
  }
});

Deno.test("options are numbers, booleans or four bytes; others are not there", async () => {
  await using desk = new Desk();
  const { socket, air } = desk;
  socket.setsockopt(SOL_LORA, SO_CONFIRMED, true);
  await socket.send(bytes("a"));
  socket.setsockopt(SOL_LORA, SO_CONFIRMED, 0);
  await socket.send(bytes("b"));
  socket.setsockopt(SOL_LORA, SO_CONFIRMED, Uint8Array.of(1, 0, 0, 0));
  await socket.send(bytes("c"));
  assert.deepEqual(air.gateway.uplinks.map(({ confirmed }) => confirmed), [true, false, true]);
  assert.throws(() => socket.setsockopt(SOL_LORA, SO_DR, Uint8Array.of(1)), { code: "EINVAL" });
  for (const [level, option] of [[SOL_SOCKET, SO_REUSEADDR], [SOL_LORA, 1], [SOL_SOCKET, SO_DR]]) {
    const set = () => socket.setsockopt(Number(level), Number(option), 1);
    assert.throws(set, { code: "EOPNOTSUPP" });
  }
});

Deno.test("a frame that does not fit is refused, and an empty one is none", async () => {
  await using desk = new Desk();
  const { socket, air } = desk;
  assert.equal(await socket.send(new Uint8Array(0)), 0);
  for (const [rate, most] of [[0, 51], [2, 51], [3, 115], [5, 242]] as const) {
    socket.setsockopt(SOL_LORA, SO_DR, rate);
    assert.equal(await socket.send(new Uint8Array(most)), most);
    const wrong = { code: "EMSGSIZE", errno: 90 };
    await assert.rejects(socket.send(new Uint8Array(most + 1)), wrong);
    await assert.rejects(socket.send(new Uint8Array(256)), wrong);
  }
  assert.equal(air.gateway.uplinks.length, 4);
});

Deno.test("who has not joined cannot send", async () => {
  await using desk = new Desk();
  desk.radio.isUp = false;
  await assert.rejects(desk.socket.send(bytes("x")), { code: "ENETDOWN", errno: 100 });
  desk.radio.isUp = true;
  assert.equal(await desk.socket.send(bytes("x")), 1);
});

Deno.test("a confirmed frame that nobody confirms ends with EAGAIN", async () => {
  const air = new LoraAir({ isLost: (direction) => direction === "down" });
  await using desk = new Desk("EU868", air);
  assert.equal(await desk.socket.send(bytes("x")), 1);
  desk.socket.setsockopt(SOL_LORA, SO_CONFIRMED, true);
  await assert.rejects(desk.socket.send(bytes("x")), { code: "EAGAIN", errno: 11 });
});

Deno.test("the duty cycle holds a device back, which is told for how long", async () => {
  const clock = new VirtualClock();
  await using desk = new Desk("EU868", new LoraAir({ clock, dutyCycle: 0.01 }));
  await desk.socket.send(new Uint8Array(10));
  const error = await desk.socket.send(bytes("x")).then(() => null, (error) => error);
  assert.equal(error.code, "EAGAIN");
  const { reason, waitMs } = error.cause;
  assert.equal(reason, "restricted");
  await clock.advance(waitMs);
  assert.equal(await desk.socket.send(bytes("x")), 1);
});

Deno.test("a downlink comes after an uplink, with its FPort", async () => {
  await using desk = new Desk();
  const { socket, air } = desk;
  air.gateway.send("d", 7, bytes("down"));
  air.gateway.send("else", 7, bytes("not for us"));
  const received = socket.recvfrom<number>(64);
  await socket.send(bytes("up"));
  const [found, port] = await received;
  assert.deepEqual([text(found), port], ["down", 7]);
});

Deno.test("what is left of a downlink stays for the next call", async () => {
  await using desk = new Desk();
  const { socket, air } = desk;
  air.gateway.send("d", 7, bytes("abcdef"));
  await socket.send(bytes("up"));
  assert.equal(text(await socket.recv(4, MSG_PEEK)), "abcd");
  assert.equal(text(await socket.recv(4)), "abcd");
  const [rest, port] = await socket.recvfrom<number>(4);
  assert.deepEqual([text(rest), port], ["ef", 7]);
});

Deno.test("without blocking, no downlink is an empty one of port 0", async () => {
  await using desk = new Desk();
  desk.socket.setblocking(false);
  assert.equal((await desk.socket.recv(9)).length, 0);
  const [none, port] = await desk.socket.recvfrom<number>(9);
  assert.deepEqual([none.length, port], [0, 0]);
});

Deno.test("a timeout ends a recv and loses nothing", async () => {
  await using desk = new Desk();
  const { socket, air, clock } = desk;
  socket.settimeout(5);
  const late = assert.rejects(socket.recv(9), { name: "SocketTimeout", code: "ETIMEDOUT" });
  await clock.advance(5000);
  await late;
  air.gateway.send("d", 1, bytes("now"));
  await socket.send(bytes("up"));
  assert.equal(text(await socket.recv(9)), "now");
});

Deno.test("seven downlinks wait, and what comes beyond is counted", async () => {
  await using desk = new Desk();
  const { socket, air } = desk;
  for (let turn = 0; turn < MOST_WAITING_PACKETS + 2; turn++) {
    air.gateway.send("d", 1, Uint8Array.of(turn));
    await socket.send(bytes("up"));
  }
  assert.equal(socket.dropped, 2);
  for (let turn = 0; turn < MOST_WAITING_PACKETS; turn++) {
    assert.deepEqual([...await socket.recv(9)], [turn]);
  }
});

Deno.test("of two that wait, each gets its downlink, in turn", async () => {
  await using desk = new Desk();
  await using other = new Socket(AF_LORA, SOCK_RAW);
  const first = desk.socket.recv(9);
  const second = other.recv(9);
  for (const word of ["one", "two"]) {
    desk.air.gateway.send("d", 1, bytes(word));
    await desk.socket.send(bytes("up"));
  }
  assert.deepEqual([text(await first), text(await second)], ["one", "two"]);
});

/** A radio that sends when the test lets it. */
class SlowRadio implements LoraRadio {
  readonly kind = "lora";
  readonly region = "EU868";
  readonly isUp = true;
  onPacket = null;
  readonly frames: { frame: LoraFrame; sent: (error?: Error) => void }[] = [];

  send(frame: LoraFrame): Promise<void> {
    return new Promise((resolve, reject) =>
      this.frames.push({ frame, sent: (error) => error ? reject(error) : resolve() })
    );
  }
}

Deno.test("frames go one after another; without blocking they queue, up to a limit", async () => {
  const radio = new SlowRadio();
  using _attached = attachRadio(radio);
  await using socket = new Socket(AF_LORA, SOCK_RAW);
  socket.setblocking(false);
  for (let turn = 0; turn < MOST_WAITING_FRAMES; turn++) {
    assert.equal(await socket.send(Uint8Array.of(turn)), 1);
  }
  await assert.rejects(socket.send(Uint8Array.of(99)), { code: "EAGAIN" });
  assert.equal(radio.frames.length, 1);
  radio.frames[0]?.sent(new Error("lost on the way"));
  while (radio.frames.length < 2) await Promise.resolve();
  assert.deepEqual([...radio.frames[1]?.frame.bytes ?? []], [1]);
  assert.equal(await socket.send(Uint8Array.of(7)), 1);
  for (let turn = 1; turn < MOST_WAITING_FRAMES + 1; turn++) {
    while (radio.frames.length <= turn) await Promise.resolve();
    radio.frames[turn]?.sent();
  }
  assert.deepEqual(radio.frames.map(({ frame }) => frame.bytes[0]), [0, 1, 2, 3, 4, 5, 6, 7]);
});

Deno.test("a timeout ends the wait for a frame, which goes its way", async () => {
  const radio = new SlowRadio();
  const clock = new VirtualClock();
  using _attached = attachRadio(radio);
  await using socket = new Socket(AF_LORA, SOCK_RAW, 0, clock);
  socket.settimeout(3);
  const late = assert.rejects(socket.send(bytes("x")), { name: "SocketTimeout" });
  await clock.advance(3000);
  await late;
  assert.equal(radio.frames.length, 1);
});

Deno.test("closing ends every wait with EBADF, and every call after it", async () => {
  const radio = new SlowRadio();
  using _attached = attachRadio(radio);
  const socket = new Socket(AF_LORA, SOCK_RAW);
  const waits = [socket.recv(9), socket.send(bytes("x"))];
  const ended = waits.map((wait) => assert.rejects(wait, { code: "EBADF", errno: 9 }));
  await socket.close();
  await socket.close();
  await Promise.all(ended);
  assert.equal(socket.fileno(), -1);
  await assert.rejects(socket.recv(9), { code: "EBADF" });
  await assert.rejects(socket.send(bytes("x")), { code: "EBADF" });
  await assert.rejects(async () => await socket.bind(1), { code: "EBADF" });
});

Deno.test("a radio's socket has no other operations", async () => {
  await using desk = new Desk();
  const { socket } = desk;
  const calls: (() => unknown)[] = [
    () => socket.connect(["127.0.0.1", 1]),
    () => socket.listen(),
    () => socket.accept(),
    () => socket.read(1),
    () => socket.readall(),
    () => socket.readinto(new Uint8Array(1)),
    () => socket.readline(),
    () => socket.write(bytes("x")),
    () => socket.makefile("rb"),
    () => socket.sendto(bytes("x"), ["127.0.0.1", 1]),
    () => socket.getsockname(),
    () => socket.getpeername(),
    () => socket.shutdown(2),
  ];
  for (const call of calls) {
    await assert.rejects(async () => await call(), { code: "EOPNOTSUPP", errno: 95 }, String(call));
  }
});
