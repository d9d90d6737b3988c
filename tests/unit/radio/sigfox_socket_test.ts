/** AF_SIGFOX over the air of this process: what the documents say of its sockets. */

import assert from "node:assert/strict";
import {
  AF_SIGFOX,
  attachRadio,
  SigfoxAir,
  SO_BIT,
  SO_CONFIRMED,
  SO_OOB,
  SO_RX,
  SO_TX_REPEAT,
  SOCK_RAW,
  SOCK_STREAM,
  Socket,
  SOL_LORA,
  SOL_SIGFOX,
} from "../../../mod.ts";

const NOTHING = new Uint8Array(0);

Deno.test("without a radio there is no socket of AF_SIGFOX, and with one only SOCK_RAW", () => {
  assert.throws(() => new Socket(AF_SIGFOX, SOCK_RAW), { code: "ENETDOWN", errno: 100 });
  using _attached = attachRadio(new SigfoxAir());
  assert.throws(() => new Socket(AF_SIGFOX, SOCK_STREAM), { code: "ESOCKTNOSUPPORT" });
});

Deno.test("a frame has at most 12 bytes, is repeated twice, and asks for nothing", async () => {
  const air = new SigfoxAir();
  using _attached = attachRadio(air);
  await using socket = new Socket(AF_SIGFOX, SOCK_RAW);
  assert.equal(await socket.send(new Uint8Array(12).fill(7)), 12);
  await assert.rejects(socket.send(new Uint8Array(13)), { code: "EMSGSIZE", errno: 90 });
  const content = { bytes: new Uint8Array(12).fill(7) };
  assert.deepEqual(air.frames, [{ content, receive: false, repeat: 2 }]);
});

Deno.test("a module that sends plain FSK takes 64 bytes", async () => {
  using _attached = attachRadio(new SigfoxAir(64));
  await using socket = new Socket(AF_SIGFOX, SOCK_RAW);
  assert.equal(await socket.send(new Uint8Array(64)), 64);
  await assert.rejects(socket.send(new Uint8Array(65)), { code: "EMSGSIZE" });
});

Deno.test("SO_RX asks for a downlink of 8 bytes, and not getting one is EAGAIN", async () => {
  const air = new SigfoxAir();
  using _attached = attachRadio(air);
  await using socket = new Socket(AF_SIGFOX, SOCK_RAW);
  socket.setsockopt(SOL_SIGFOX, SO_RX, true);
  air.answer = () => Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);
  await socket.send(Uint8Array.of(1));
  assert.deepEqual([...await socket.recv(5)], [1, 2, 3, 4, 5]);
  assert.deepEqual([...await socket.recv(5)], [6, 7, 8]);
  air.answer = () => null;
  await assert.rejects(socket.send(Uint8Array.of(1)), { code: "EAGAIN" });
  socket.setsockopt(SOL_SIGFOX, SO_RX, false);
  await socket.send(Uint8Array.of(1));
  assert.deepEqual(air.frames.map(({ receive }) => receive), [true, true, false]);
});

Deno.test("SO_TX_REPEAT is 0 to 2", async () => {
  const air = new SigfoxAir();
  using _attached = attachRadio(air);
  await using socket = new Socket(AF_SIGFOX, SOCK_RAW);
  for (const repeat of [0, 1, 2]) {
    socket.setsockopt(SOL_SIGFOX, SO_TX_REPEAT, repeat);
    await socket.send(Uint8Array.of(1));
  }
  assert.deepEqual(air.frames.map(({ repeat }) => repeat), [0, 1, 2]);
  for (const repeat of [3, -1]) {
    const set = () => socket.setsockopt(SOL_SIGFOX, SO_TX_REPEAT, repeat);
    assert.throws(set, { code: "EOPNOTSUPP", errno: 95 });
  }
});

Deno.test("sending nothing sends the bit of SO_BIT, and with SO_OOB the keep-alive", async () => {
  const air = new SigfoxAir();
  using _attached = attachRadio(air);
  await using socket = new Socket(AF_SIGFOX, SOCK_RAW);
  assert.equal(await socket.send(NOTHING), 0);
  socket.setsockopt(SOL_SIGFOX, SO_BIT, true);
  await socket.send(NOTHING);
  socket.setsockopt(SOL_SIGFOX, SO_OOB, true);
  await socket.send(NOTHING);
  assert.equal(await socket.send(Uint8Array.of(9)), 1);
  socket.setsockopt(SOL_SIGFOX, SO_OOB, false);
  await socket.send(Uint8Array.of(9));
  const contents = air.frames.map(({ content }) => content);
  const last = { bytes: Uint8Array.of(9) };
  assert.deepEqual(contents, [{ bit: 0 }, { bit: 1 }, "out_of_band", "out_of_band", last]);
});

Deno.test("other options and operations are not there", async () => {
  using _attached = attachRadio(new SigfoxAir());
  await using socket = new Socket(AF_SIGFOX, SOCK_RAW);
  for (const [level, option] of [[SOL_LORA, SO_CONFIRMED], [SOL_SIGFOX, SO_CONFIRMED]]) {
    const set = () => socket.setsockopt(Number(level), Number(option), 1);
    assert.throws(set, { code: "EOPNOTSUPP" });
  }
  await assert.rejects(socket.bind(1), { code: "EOPNOTSUPP" });
  await assert.rejects(socket.sendto(NOTHING, ["127.0.0.1", 1]), { code: "EOPNOTSUPP" });
});

Deno.test("a radio that is asleep is ENETDOWN", async () => {
  const air = new SigfoxAir();
  using _attached = attachRadio(air);
  await using socket = new Socket(AF_SIGFOX, SOCK_RAW);
  air.isUp = false;
  await assert.rejects(socket.send(NOTHING), { code: "ENETDOWN" });
});
