/** AT commands and answers on a line in memory, in the time of the test. */

import assert from "node:assert/strict";
import { AtLines, MOST_LINE_BYTES } from "../../../src/radio/at/at_lines.ts";
import { AtModem } from "../../../src/radio/at/at_modem.ts";
import { ModemKeeper } from "../../../src/radio/at/modem_keeper.ts";
import { LorawanModem } from "../../../src/radio/lorawan/lorawan_modem.ts";
import { RUI3 } from "../../../src/radio/lorawan/rui3.ts";
import { SigfoxModem } from "../../../src/radio/sigfox/sigfox_modem.ts";
import { MemoryLine } from "../../support/memory_line.ts";
import { Rak3172 } from "../../support/modem/rak3172.ts";
import type { EmulatedModem } from "../../support/modem/modem_line.ts";
import { Wisol } from "../../support/modem/wisol.ts";
import { RecordedLog } from "../../support/recorded_log.ts";
import { VirtualClock } from "../../support/virtual_clock.ts";

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

/** A line in memory to an emulated modem, as a driver opens it. */
function lineTo(modem: EmulatedModem): MemoryLine {
  const line = new MemoryLine();
  line.onWrite = (bytes) => modem.take(bytes);
  modem.say = (bytes) => line.answer(bytes);
  return line;
}

/** Lets time pass in steps, and the streams of a line settle after each. */
async function pass(clock: VirtualClock, ms: number, stepMs = 1000): Promise<void> {
  for (let leftMs = ms; leftMs > 0; leftMs -= stepMs) {
    await new Promise(setImmediate);
    await clock.advance(Math.min(leftMs, stepMs));
  }
  await new Promise(setImmediate);
}

Deno.test("lines come out whole, however their bytes come in", () => {
  const said = encode("\r\nOK\r\n+EVT:JOINED\r\n\r\nAT+NJS=1\rA");
  const whole = new AtLines();
  const one = new AtLines();
  const expected = ["OK", "+EVT:JOINED", "AT+NJS=1"];
  assert.deepEqual(whole.push(said), expected);
  assert.deepEqual([...said].flatMap((byte) => one.push(Uint8Array.of(byte))), expected);
  assert.deepEqual(one.push(encode("T\n")), ["AT"]);
});

Deno.test("a line that is too long or garbled is dropped whole, and counted", () => {
  const lines = new AtLines();
  const longest = "x".repeat(MOST_LINE_BYTES);
  assert.deepEqual(lines.push(encode(`${longest}\n${longest}y\nOK\n`)), [longest, "OK"]);
  assert.deepEqual(lines.push(Uint8Array.of(0x4f, 0xff, 0x4b, 0x0a)), []);
  assert.deepEqual(lines.push(encode("O\tK\nOK\n")), ["OK"]);
  assert.deepEqual([lines.overlong, lines.garbled], [1, 2]);
});

Deno.test("commands take their turns, and events come in between", async () => {
  const line = new MemoryLine();
  const said: string[] = [];
  const events: string[] = [];
  line.onWrite = (bytes) => void said.push(new TextDecoder().decode(bytes));
  const modem = new AtModem(line, new VirtualClock(), RUI3, (event) => events.push(event));
  const first = modem.command("AT+BAND=?");
  const second = modem.command("AT");
  line.answer(encode("AT+BAND=?\r\n+EVT:JOINED\r\nAT+BAND=4\r\n\r\nOK\r\n"));
  assert.deepEqual(await first, { status: "OK", values: ["AT+BAND=4"] });
  while (said.length < 2) await Promise.resolve();
  line.answer(encode("AT_ERROR\r\n"));
  assert.deepEqual(await second, { status: "AT_ERROR", values: [] });
  line.answer(encode("OK\r\n"));
  assert.deepEqual(said, ["AT+BAND=?\r\n", "AT\r\n"]);
  assert.deepEqual(events, ["+EVT:JOINED"]);
  await modem.close();
  assert.equal((await modem.ended).reason, "closed");
  await assert.rejects(modem.command("AT"), { reason: "closed" });
});

Deno.test("a modem that does not answer in time has lost its line, and the next command too", async () => {
  const clock = new VirtualClock();
  const line = new MemoryLine();
  const modem = new AtModem(line, clock, RUI3, () => {});
  const answers = [modem.command("AT"), modem.command("AT+NJS=?")];
  const refused = answers.map((answer) => assert.rejects(answer, { reason: "silent" }));
  await clock.advance(3000);
  await Promise.all(refused);
  assert.match((await modem.ended).message, /^Cannot use the modem: no answer to "AT" within 3 s;/);
  assert.deepEqual([line.closes, clock.waiting], [1, 0]);
});

Deno.test("a line that ends takes the command with it", async () => {
  const line = new MemoryLine();
  const modem = new AtModem(line, new VirtualClock(), RUI3, () => {});
  const answer = assert.rejects(modem.command("AT"), { reason: "absent" });
  line.unplug();
  await answer;
});

Deno.test("an answer without an end is cut, and its rest is stray", async () => {
  const line = new MemoryLine();
  const modem = new AtModem(line, new VirtualClock(), RUI3, () => {});
  const answer = modem.command("AT+VER=?");
  for (let turn = 0; turn < 100; turn++) line.answer(encode(`line ${turn}\r\n`));
  line.answer(encode("OK\r\n"));
  assert.equal((await answer).values.length, 16);
  assert.equal(modem.counters.stray, 84);
  await modem.close();
});

Deno.test("a modem is opened again after every loss, ever less often, until it is closed", async () => {
  const clock = new VirtualClock();
  const log = new RecordedLog();
  let tries = 0;
  const keeper = new ModemKeeper({
    name: "m",
    clock,
    log,
    random: () => 0.999,
    open: () => {
      tries++;
      return Promise.reject(new Error("nothing there"));
    },
  }, { dialect: RUI3, setUp: () => Promise.resolve(), onEvent: () => {}, onLost: () => {} });
  await clock.advance(60_000);
  assert.ok(tries > 10 && tries < 25, String(tries));
  assert.throws(() => keeper.modem, { reason: "absent" });
  assert.deepEqual(log.lines.filter((line) => line.startsWith("warn")), [
    'warn: Radio "m": Cannot use the modem at "m": nothing there; trying again',
  ]);
  await keeper.close();
  assert.equal(clock.waiting, 0);
});

Deno.test("a LoRaWAN modem that falls silent is given up and set up again", async () => {
  const clock = new VirtualClock();
  const modem = new Rak3172();
  const radio = new LorawanModem({
    name: "m",
    clock,
    log: new RecordedLog(),
    random: () => 0.5,
    open: () => Promise.resolve(lineTo(modem)),
  });
  await pass(clock, 10);
  assert.equal(radio.isUp, true);
  modem.isMute = true;
  const frame = { port: 1, confirmed: false, dataRate: 5, bytes: Uint8Array.of(1) };
  const silent = assert.rejects(radio.send(frame), { reason: "silent" });
  await pass(clock, 3000);
  await silent;
  assert.equal(radio.isUp, false);
  modem.isMute = false;
  await pass(clock, 5000);
  assert.equal(radio.isUp, true);
  await radio.close();
  assert.equal(clock.waiting, 0);
});

Deno.test("a frame of which nothing more is heard ends, and so does the use of the line", async () => {
  const clock = new VirtualClock();
  const modem = new Rak3172();
  const radio = new LorawanModem({
    name: "m",
    clock,
    log: new RecordedLog(),
    random: () => 0.5,
    open: () => Promise.resolve(lineTo(modem)),
  });
  await pass(clock, 10);
  modem.isHeld = true;
  const frame = { port: 1, confirmed: true, dataRate: 0, bytes: Uint8Array.of(1) };
  const silent = assert.rejects(radio.send(frame), { reason: "silent" });
  await pass(clock, 120_000, 60_000);
  await silent;
  await radio.close();
  assert.equal(clock.waiting, 0);
});

Deno.test("joins without a network come ever less often, at most every quarter of an hour", async () => {
  const clock = new VirtualClock();
  const modem = new Rak3172();
  modem.hasNetwork = false;
  const radio = new LorawanModem({
    name: "m",
    clock,
    log: new RecordedLog(),
    random: () => 0.999,
    open: () => Promise.resolve(lineTo(modem)),
  });
  await pass(clock, 6 * 3_600_000, 5000);
  const asked = modem.commands.filter((command) => command.startsWith("AT+JOIN")).length;
  assert.ok(asked >= 24 && asked <= 40, String(asked));
  modem.restrictedMs = 1_800_000;
  const before = asked;
  await pass(clock, 3_600_000, 5000);
  const during = modem.commands.filter((command) => command.startsWith("AT+JOIN")).length - before;
  assert.ok(during >= 1 && during <= 3, String(during));
  await radio.close();
  assert.equal(clock.waiting, 0);
});

Deno.test("in zones that change channels, the third frame waits 20 s for its pair", async () => {
  const clock = new VirtualClock();
  const modem = new Wisol();
  const radio = new SigfoxModem({
    name: "m",
    clock,
    log: new RecordedLog(),
    random: () => 0.5,
    zone: 4,
    open: () => Promise.resolve(lineTo(modem)),
  });
  await pass(clock, 10);
  const frame = { content: { bit: 1 }, receive: false, repeat: 2 } as const;
  await radio.send(frame);
  await radio.send(frame);
  let isSent = false;
  const third = radio.send(frame).then(() => isSent = true);
  await pass(clock, 19_000);
  assert.equal(isSent, false);
  await pass(clock, 1000);
  await third;
  assert.equal(modem.commands.filter((command) => command === "AT$SB=1").length, 3);
  await radio.close();
  assert.equal(clock.waiting, 0);
});

Deno.test("a downlink of Sigfox that is promised and does not come ends the wait", async () => {
  const clock = new VirtualClock();
  const line = new MemoryLine();
  const modem = new Wisol();
  line.onWrite = (bytes) => modem.take(bytes);
  modem.say = (bytes) => {
    if (!new TextDecoder().decode(bytes).startsWith("RX=")) line.answer(bytes);
  };
  modem.downlink = new Uint8Array(8);
  const radio = new SigfoxModem({
    name: "m",
    clock,
    log: new RecordedLog(),
    random: () => 0.5,
    open: () => Promise.resolve(line),
  });
  await pass(clock, 10);
  const frame = { content: { bit: 0 }, receive: true, repeat: 2 } as const;
  const none = assert.rejects(radio.send(frame), { reason: "no_downlink" });
  await pass(clock, 60_000);
  await none;
  await radio.close();
  assert.equal(clock.waiting, 0);
});
