/**
 * A board's stored configuration: its blocks as bytes and as what they mean. Block 0 is the board,
 * block c + 1 is channel c. Pure.
 *
 * @module
 */
import { BoardError } from "../../errors.ts";
import { crc16 } from "./crc16.ts";
import { encodeFrame } from "./frame.ts";
import type { BoardConfiguration, ChannelConfiguration } from "./types.ts";

/** Types of the configuration's commands. */
export const ConfigCommandType = { GET: 0x05, SET: 0x06, SAVE: 0x07 } as const;

const NAME_BYTES = 16;
const CURVE_POINTS = 5;
const BOARD_BYTES = 34;
const CHANNEL_BYTES = 12;
const OPTION_CURVE = 1;
const OPTION_NO_TACH = 2;
const MAX_PERMILLE = 1000;

/** The frame that asks for a block. */
export function encodeConfigGet(seq: number, block: number): Uint8Array {
  return encodeFrame(ConfigCommandType.GET, seq, Uint8Array.of(block));
}

/** The frame that puts a block in force, until a reset; `save` makes it last. */
export function encodeConfigSet(
  seq: number,
  bootId: number,
  block: number,
  bytes: Uint8Array,
): Uint8Array {
  const body = new Uint8Array(5 + bytes.length);
  new DataView(body.buffer).setUint32(0, bootId, true);
  body[4] = block;
  body.set(bytes, 5);
  return encodeFrame(ConfigCommandType.SET, seq, body);
}

/** The frame that stores what is in force, if its CRC is `crc`. */
export function encodeConfigSave(seq: number, bootId: number, crc: number): Uint8Array {
  const body = new Uint8Array(6);
  const view = new DataView(body.buffer);
  view.setUint32(0, bootId, true);
  view.setUint16(4, crc, true);
  return encodeFrame(ConfigCommandType.SAVE, seq, body);
}

function refuse(what: string, found: unknown, wanted: string): never {
  throw new BoardError(
    `Cannot encode the board's configuration: ${what} is ${found}; give ${wanted}`,
  );
}

function whole(what: string, value: number, least: number, most: number): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  return refuse(what, value, `a whole number ${least}..${most}`);
}

function encodeName(name: string): Uint8Array {
  const bytes = new TextEncoder().encode(name);
  const control = bytes.some((byte) => byte < 0x20 || byte === 0x7f);
  if (bytes.length > NAME_BYTES || control) {
    refuse("the name", JSON.stringify(name), `at most ${NAME_BYTES} bytes without control codes`);
  }
  return bytes;
}

function encodeBoard(config: BoardConfiguration): Uint8Array {
  const bytes = new Uint8Array(BOARD_BYTES);
  const view = new DataView(bytes.buffer);
  bytes.set(encodeName(config.name));
  view.setUint8(16, config.stage === "direct" ? 1 : 0);
  view.setUint16(17, whole("the thermistor's beta", config.thermistorBetaK, 2000, 6000), true);
  if (config.curve.length !== CURVE_POINTS) {
    refuse("the curve's number of points", config.curve.length, `${CURVE_POINTS}`);
  }
  let before = { celsius: -128, permille: 0 };
  config.curve.forEach((point, index) => {
    const at = 19 + index * 3;
    view.setInt8(at, whole(`the curve's °C ${index}`, point.celsius, before.celsius, 127));
    const permille = whole(`the curve's ‰ ${index}`, point.permille, before.permille, MAX_PERMILLE);
    view.setUint16(at + 1, permille, true);
    before = point;
  });
  return bytes;
}

function encodeChannel(config: ChannelConfiguration, channel: number): Uint8Array {
  const bytes = new Uint8Array(CHANNEL_BYTES);
  const view = new DataView(bytes.buffer);
  const of = (what: string): string => `channel ${channel}'s ${what}`;
  const permille = (what: string, value: number): number => whole(of(what), value, 0, MAX_PERMILLE);
  view.setUint8(
    0,
    (config.curveWhenSilent ? OPTION_CURVE : 0) | (config.tach ? 0 : OPTION_NO_TACH),
  );
  view.setUint8(1, whole(of("pulses"), config.pulsesPerRevolution, 1, 8));
  view.setUint16(2, permille("safe level", config.safePermille), true);
  view.setUint16(4, permille("least duty", config.minPermille), true);
  view.setUint16(6, permille("start duty", config.startPermille), true);
  view.setUint8(8, whole(of("kick in tenths of a second"), config.kickMs / 100, 1, 100));
  view.setUint8(9, whole(of("pause in seconds"), config.pauseMs / 1000, 1, 255));
  view.setUint16(10, whole(of("greatest rpm"), config.maxRpm ?? 0, 0, 30_000), true);
  return bytes;
}

/**
 * The blocks of a configuration.
 * @throws BoardError when a value is one that no board takes
 */
export function encodeConfig(config: BoardConfiguration): Uint8Array[] {
  return [encodeBoard(config), ...config.channels.map(encodeChannel)];
}

/** The CRC that a board with these blocks tells in its status. */
export function configCrc(blocks: readonly Uint8Array[]): number {
  return crc16(Uint8Array.from(blocks.flatMap((block) => [...block])));
}

function viewOf(blocks: readonly Uint8Array[], index: number, length: number): DataView {
  const block = blocks[index];
  if (block === undefined || block.length < length) {
    throw new BoardError(
      `Cannot read the board's configuration: block ${index} has ${block?.length ?? 0} bytes; ` +
        "check that the board runs fand's firmware",
    );
  }
  return new DataView(block.buffer, block.byteOffset, block.byteLength);
}

function decodeChannel(blocks: readonly Uint8Array[], index: number): ChannelConfiguration {
  const view = viewOf(blocks, index, CHANNEL_BYTES);
  const options = view.getUint8(0);
  const maxRpm = view.getUint16(10, true);
  return {
    curveWhenSilent: (options & OPTION_CURVE) !== 0,
    tach: (options & OPTION_NO_TACH) === 0,
    pulsesPerRevolution: view.getUint8(1),
    safePermille: view.getUint16(2, true),
    minPermille: view.getUint16(4, true),
    startPermille: view.getUint16(6, true),
    kickMs: view.getUint8(8) * 100,
    pauseMs: view.getUint8(9) * 1000,
    maxRpm: maxRpm === 0 ? null : maxRpm,
  };
}

/**
 * What blocks mean; a longer block is a newer minor's, its end is ignored.
 * @throws BoardError when a block is missing or too short
 */
export function decodeConfig(blocks: readonly Uint8Array[]): BoardConfiguration {
  const view = viewOf(blocks, 0, BOARD_BYTES);
  const name = new Uint8Array(view.buffer, view.byteOffset, NAME_BYTES);
  const end = name.indexOf(0);
  return {
    name: new TextDecoder().decode(end < 0 ? name : name.subarray(0, end)),
    stage: view.getUint8(16) === 1 ? "direct" : "open-drain",
    thermistorBetaK: view.getUint16(17, true),
    curve: Array.from({ length: CURVE_POINTS }, (_, index) => ({
      celsius: view.getInt8(19 + index * 3),
      permille: view.getUint16(20 + index * 3, true),
    })),
    channels: blocks.slice(1).map((_, channel) => decodeChannel(blocks, channel + 1)),
  };
}
