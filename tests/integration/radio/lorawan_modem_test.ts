/** The LoRaWAN driver against an emulated RAK3172 behind a real pseudo terminal. */

import assert from "node:assert/strict";
import {
  AF_LORA,
  attachRadio,
  type LorawanModem,
  openLorawanModem,
  SO_CONFIRMED,
  SO_DR,
  SOCK_RAW,
  Socket,
  SOL_LORA,
} from "../../../mod.ts";
import { ModemLine } from "../../support/modem/modem_line.ts";
import { Rak3172 } from "../../support/modem/rak3172.ts";
import { testOnPty } from "../../support/pty.ts";
import { RecordedLog } from "../../support/recorded_log.ts";
import { until } from "../../support/until.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (found: Uint8Array): string => new TextDecoder().decode(found);

/** A module on its network, the driver that has it, and a socket. */
class Desk implements AsyncDisposable {
  readonly log = new RecordedLog();
  readonly modem: Rak3172;
  readonly radio: LorawanModem;
  readonly socket: Socket;
  readonly line: ModemLine;
  readonly #attached: Disposable;

  private constructor(modem: Rak3172, line: ModemLine) {
    this.modem = modem;
    this.line = line;
    this.radio = openLorawanModem(line.path, { log: this.log, random: () => 0.01 });
    this.#attached = attachRadio(this.radio);
    this.socket = new Socket(AF_LORA, SOCK_RAW);
  }

  static async open(prepare: (modem: Rak3172) => void = () => {}): Promise<Desk> {
    const modem = new Rak3172();
    prepare(modem);
    return new Desk(modem, await ModemLine.open(modem));
  }

  async joined(): Promise<void> {
    await until(() => this.radio.isUp, "the network");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.socket.close();
    this.#attached[Symbol.dispose]();
    await this.radio.close();
    await this.line[Symbol.asyncDispose]();
  }
}

testOnPty("a modem joins, sends, and receives what comes back", async () => {
  await using desk = await Desk.open((modem) => {
    modem.network = () => ({ downlink: { port: 7, bytes: bytes("down") } });
  });
  await assert.rejects(desk.socket.send(bytes("x")), { code: "ENETDOWN" });
  await desk.joined();
  await desk.socket.bind(10);
  assert.equal(await desk.socket.send(bytes("up")), 2);
  const [found, port] = await desk.socket.recvfrom<number>(64);
  assert.deepEqual([text(found), port], ["down", 7]);
  assert.deepEqual(desk.modem.uplinks.map(({ port, bytes }) => [port, text(bytes)]), [[10, "up"]]);
  assert.deepEqual(desk.modem.commands, [
    "AT",
    "AT+NWM=?",
    "AT+BAND=?",
    "AT+ADR=0",
    "AT+NJS=?",
    "AT+JOIN=1:0:10:3",
    "AT+CFM=0",
    "AT+DR=5",
    "AT+SEND=10:7570",
  ]);
  const { sent, received, joins, opened, failed } = desk.radio.counters;
  assert.deepEqual([sent, received, joins, opened, failed], [1, 1, 1, 1, 0]);
});

testOnPty("a modem that has joined before does not join again", async () => {
  await using desk = await Desk.open((modem) => modem.settings["NJS"] = "1");
  await desk.joined();
  assert.ok(!desk.modem.commands.some((command) => command.startsWith("AT+JOIN")));
});

testOnPty("the echo of commands is no answer", async () => {
  await using desk = await Desk.open((modem) => modem.take(bytes("ATE\r\n")));
  await desk.joined();
  assert.equal(await desk.socket.send(bytes("up")), 2);
});

testOnPty("what was half said before spoils the first command, and no more", async () => {
  await using desk = await Desk.open((modem) => modem.take(bytes("AT+SE")));
  await desk.joined();
  assert.deepEqual(desk.modem.commands.slice(0, 2), ["AT+SEAT", "AT"]);
  assert.equal(desk.radio.counters.failed, 0);
});

testOnPty("options become settings of the modem, each told once", async () => {
  await using desk = await Desk.open();
  await desk.joined();
  const { socket, modem } = desk;
  socket.setsockopt(SOL_LORA, SO_CONFIRMED, true);
  socket.setsockopt(SOL_LORA, SO_DR, 0);
  await socket.send(bytes("a"));
  await socket.send(bytes("b"));
  assert.deepEqual(modem.commands.filter((line) => /CFM|DR=/.test(line)).slice(1), [
    "AT+CFM=1",
    "AT+DR=0",
  ]);
  assert.deepEqual(modem.uplinks.map(({ confirmed, dataRate }) => [confirmed, dataRate]), [
    [true, 0],
    [true, 0],
  ]);
});

testOnPty("the region is that of the modem's band", async () => {
  await using desk = await Desk.open((modem) => modem.settings["BAND"] = "5");
  await desk.joined();
  assert.equal(desk.radio.region, "US915");
  assert.throws(() => desk.socket.setsockopt(SOL_LORA, SO_DR, 5), { code: "EOPNOTSUPP" });
});

testOnPty("what the modem refuses has the errno of its reason", async () => {
  await using desk = await Desk.open();
  await desk.joined();
  const { socket, modem } = desk;
  const cases = [
    ["AT_BUSY_ERROR", "EAGAIN", "busy"],
    ["AT_DUTYCYCLE_RESTRICTED", "EAGAIN", "restricted"],
    ["AT_DUTYCYLE_RESTRICTED", "EAGAIN", "restricted"],
    ["AT_PARAM_ERROR", "EINVAL", "refused"],
    ["AT_TEST_PARAM_OVERFLOW", "EMSGSIZE", "too_long"],
    ["AT_ERROR", "EINVAL", "refused"],
    ["AT_SOMETHING_NEW", "EINVAL", "refused"],
  ] as const;
  for (const [status, code, reason] of cases) {
    modem.refusals.set("SEND", status);
    const error = await socket.send(bytes("x")).then(() => null, (error) => error);
    assert.deepEqual([error?.code, error?.cause?.reason], [code, reason], status);
  }
  modem.restrictedMs = 3343;
  const error = await socket.send(bytes("x")).then(() => null, (error) => error);
  assert.deepEqual([error.code, error.cause.waitMs], ["EAGAIN", 3343]);
  modem.restrictedMs = 0;
  assert.equal(await socket.send(bytes("x")), 1);
});

testOnPty("a frame that nobody confirms is EAGAIN, and the next one may be", async () => {
  await using desk = await Desk.open((modem) => modem.network = () => ({ heard: false }));
  await desk.joined();
  desk.socket.setsockopt(SOL_LORA, SO_CONFIRMED, true);
  await assert.rejects(desk.socket.send(bytes("x")), { code: "EAGAIN" });
  desk.modem.network = () => ({ heard: true });
  assert.equal(await desk.socket.send(bytes("x")), 1);
});

testOnPty(
  "a modem that still sends what another program wanted is busy, and then is not",
  async () => {
    const modem = new Rak3172();
    await using line = await ModemLine.open(modem);
    await using before = new AsyncDisposableStack();
    const first = before.use(openLorawanModem(line.path, { random: () => 0.01 }));
    await until(() => first.isUp, "the network");
    modem.isHeld = true;
    const frame = { port: 1, confirmed: false, dataRate: 5, bytes: bytes("x") };
    const cut = assert.rejects(first.send(frame), { reason: "closed" });
    await until(() => modem.uplinks.length === 1, "the frame");
    await before.disposeAsync();
    await cut;
    await using second = openLorawanModem(line.path, { random: () => 0.01 });
    await until(() => second.isUp, "the network again");
    await assert.rejects(second.send(frame), { reason: "busy" });
    modem.isHeld = false;
    modem.release();
    await second.send(frame);
    assert.deepEqual([second.counters.sent, second.counters.unsent], [1, 1]);
  },
);

testOnPty("a network that has forgotten the device is joined again", async () => {
  await using desk = await Desk.open();
  await desk.joined();
  desk.modem.refusals.set("SEND", "AT_NO_NETWORK_JOINED");
  await assert.rejects(desk.socket.send(bytes("x")), { code: "ENETDOWN" });
  await desk.joined();
  assert.equal(await desk.socket.send(bytes("x")), 1);
});

testOnPty("who finds no network asks again", async () => {
  await using desk = await Desk.open((modem) => modem.hasNetwork = false);
  await until(() => desk.radio.counters.failedJoins > 0, "a join that failed");
  assert.equal(desk.radio.isUp, false);
  desk.modem.hasNetwork = true;
  await desk.joined();
  await desk.log.line(/^warn: Radio ".*": no network has let it join; trying again$/);
  await desk.log.line(/^info: Radio ".*": joined a network of EU868$/);
});

testOnPty("a modem that starts anew in the middle of a frame is set up again", async () => {
  await using desk = await Desk.open();
  await desk.joined();
  desk.modem.isHeld = true;
  const sending = desk.socket.send(bytes("x"));
  const failed = assert.rejects(sending, { code: "ENETDOWN" });
  await until(() => desk.modem.uplinks.length === 1, "the frame");
  desk.modem.isHeld = false;
  desk.modem.reset();
  await failed;
  await desk.joined();
  assert.equal(await desk.socket.send(bytes("y")), 1);
  assert.equal(desk.radio.counters.resets, 1);
});

testOnPty("garbage, overlong lines and broken events cost nothing but themselves", async () => {
  await using desk = await Desk.open();
  await desk.joined();
  const { modem, socket, radio } = desk;
  modem.tellBytes(0xff, 0x00, 0x80, 0x0d);
  modem.tell("x".repeat(5000));
  modem.tell("who asked for this");
  for (const broken of ["RX_1:", "RX_1:-7:8:UNICAST:1:ABC", "RX_9:-7:8:UNICAST:1:AB"]) {
    modem.tell(`+EVT:${broken}`);
  }
  modem.tell("+EVT:RX_1:-7:8:UNICAST:999:AB");
  modem.tell("+EVT:LINKCHECK:0:0:1:-50:9");
  modem.downlink(3, bytes("whole"));
  const [found, port] = await socket.recvfrom<number>(64);
  assert.deepEqual([text(found), port], ["whole", 3]);
  const { garbled, overlong, stray, broken } = radio.counters;
  assert.deepEqual({ garbled, overlong, stray, broken }, {
    garbled: 1,
    overlong: 1,
    stray: 1,
    broken: 4,
  });
  assert.equal(await socket.send(bytes("x")), 1);
});

testOnPty("a modem that is pulled out is missed, and used again when it is back", async () => {
  const modem = new Rak3172();
  const place = await Deno.makeTempDir();
  const path = `${place}/modem`;
  try {
    const first = await ModemLine.open(modem);
    await Deno.symlink(first.path, path);
    await using radio = openLorawanModem(path, { random: () => 0.01 });
    await until(() => radio.isUp, "the network");
    await first.unplug();
    await until(() => !radio.isUp, "the loss");
    await first[Symbol.asyncDispose]();
    await using second = await ModemLine.open(modem);
    await Deno.remove(path);
    await Deno.symlink(second.path, path);
    await until(() => radio.isUp, "the network again");
    assert.ok(radio.counters.failed > 0 && radio.counters.opened >= 2);
  } finally {
    await Deno.remove(place, { recursive: true });
  }
});

testOnPty("a modem in another mode, or of another band, says what to do", async () => {
  for (
    const [name, value, told] of [
      ["NWM", "0", /it is not in LoRaWAN mode; say "AT\+NWM=1"/],
      ["BAND", "12", /band "12" found/],
    ] as const
  ) {
    await using desk = await Desk.open((modem) => modem.settings[name] = value);
    assert.match(await desk.log.line(/^warn: /), told);
    assert.equal(desk.radio.isUp, false);
  }
});
