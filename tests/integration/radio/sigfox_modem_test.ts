/** The Sigfox driver against an emulated SFM10R behind a real pseudo terminal. */

import assert from "node:assert/strict";
import {
  AF_SIGFOX,
  attachRadio,
  openSigfoxModem,
  type SigfoxModem,
  type SigfoxZone,
  SO_BIT,
  SO_OOB,
  SO_RX,
  SO_TX_REPEAT,
  SOCK_RAW,
  Socket,
  SOL_SIGFOX,
} from "../../../mod.ts";
import { ModemLine } from "../../support/modem/modem_line.ts";
import { Wisol } from "../../support/modem/wisol.ts";
import { testOnPty } from "../../support/pty.ts";
import { RecordedLog } from "../../support/recorded_log.ts";
import { until } from "../../support/until.ts";

const NOTHING = new Uint8Array(0);

/** A module, the driver that has it, and a socket. */
class Desk implements AsyncDisposable {
  readonly log = new RecordedLog();
  readonly modem = new Wisol();
  readonly radio: SigfoxModem;
  readonly socket: Socket;
  readonly line: ModemLine;
  readonly #attached: Disposable;

  private constructor(modem: Wisol, line: ModemLine, zone: SigfoxZone) {
    this.modem = modem;
    this.line = line;
    this.radio = openSigfoxModem(line.path, { log: this.log, random: () => 0.01, zone });
    this.#attached = attachRadio(this.radio);
    this.socket = new Socket(AF_SIGFOX, SOCK_RAW);
  }

  static async open(zone: SigfoxZone = 1): Promise<Desk> {
    const modem = new Wisol();
    const desk = new Desk(modem, await ModemLine.open(modem), zone);
    await until(() => desk.radio.isUp, "the module");
    return desk;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.socket.close();
    this.#attached[Symbol.dispose]();
    await this.radio.close();
    await this.line[Symbol.asyncDispose]();
  }
}

testOnPty("frames, bits and keep-alives become commands of the module", async () => {
  await using desk = await Desk.open();
  const { socket, modem, log } = desk;
  await log.line(/Sigfox module 002C2EA1/);
  assert.equal(await socket.send(Uint8Array.of(1, 0xab)), 2);
  socket.setsockopt(SOL_SIGFOX, SO_BIT, 1);
  await socket.send(NOTHING);
  socket.setsockopt(SOL_SIGFOX, SO_TX_REPEAT, 0);
  await socket.send(Uint8Array.of(2));
  socket.setsockopt(SOL_SIGFOX, SO_OOB, 1);
  await socket.send(NOTHING);
  assert.deepEqual(modem.commands, [
    "AT",
    "AT$I=10",
    "AT$TR=2",
    "AT$SF=01AB",
    "AT$SB=1",
    "AT$TR=0",
    "AT$SF=02",
    "AT$SO",
  ]);
});

testOnPty("a downlink of eight bytes is received after the frame that asked", async () => {
  await using desk = await Desk.open();
  const { socket, modem } = desk;
  socket.setsockopt(SOL_SIGFOX, SO_RX, 1);
  modem.downlink = Uint8Array.of(0, 0, 0x0a, 0xe1, 0, 0, 0xff, 0x8f);
  await socket.send(Uint8Array.of(1));
  assert.deepEqual([...await socket.recv(64)], [...modem.downlink]);
  modem.downlink = null;
  await assert.rejects(socket.send(Uint8Array.of(1)), { code: "EAGAIN" });
  assert.ok(modem.commands.includes("AT$SF=01,1"));
});

testOnPty("what the module refuses is EINVAL, with its words", async () => {
  await using desk = await Desk.open();
  desk.modem.refusal = "ERR_SFX_ERR_SEND_FRAME_INVALID_LENGTH";
  const error = await desk.socket.send(Uint8Array.of(1)).then(() => null, (error) => error);
  assert.equal(error.code, "EINVAL");
  assert.match(error.message, /ERR_SFX_ERR_SEND_FRAME_INVALID_LENGTH/);
  assert.equal(await desk.socket.send(Uint8Array.of(1)), 1);
});

testOnPty("where channels change, one is chosen when the last is used up", async () => {
  await using desk = await Desk.open(2);
  const { socket, modem } = desk;
  modem.channel = [0, 0];
  await socket.send(Uint8Array.of(1));
  await socket.send(Uint8Array.of(2));
  assert.deepEqual(modem.commands.slice(2), [
    "AT$TR=2",
    "AT$GI?",
    "AT$RC",
    "AT$SF=01",
    "AT$GI?",
    "AT$SF=02",
  ]);
});

testOnPty("downlinks that are none are counted", async () => {
  await using desk = await Desk.open();
  desk.modem.tell("RX=00 01");
  desk.modem.tell("RX=nonsense");
  await until(() => desk.radio.counters.broken === 2, "both");
  assert.equal(await desk.socket.send(Uint8Array.of(1)), 1);
});
