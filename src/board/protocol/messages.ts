/**
 * The messages of the board protocol: commands to bytes, bytes to replies. The specification is
 * docs/board_protocol.md. Pure.
 *
 * @module
 */
import { BoardError } from "../../errors.ts";
import { ByteReader } from "./byte_reader.ts";
import { ConfigCommandType } from "./config.ts";
import { readDetails } from "./details.ts";
import { encodeFrame, type Frame } from "./frame.ts";
import type {
  BoardCounters,
  BoardHello,
  BoardStatus,
  ChannelAbility,
  ChannelCommand,
  ChannelDetails,
  ChannelStatus,
  Refusal,
  Reply,
} from "./types.ts";

/** The version of the protocol that this side speaks. */
export const PROTOCOL_VERSION: readonly [major: number, minor: number] = [1, 1];

/** Types of the commands; a reply's type is {@link REPLY_BIT} more. */
export const CommandType = {
  HELLO: 0x01,
  SET: 0x02,
  STATUS: 0x03,
  CLEAR: 0x04,
  TELEMETRY: 0x08,
} as const;

/** Bits of a board's capabilities: what it can do beyond protocol 1.0. */
export const Capability = { DETAILS: 1, CONFIG: 2, RPM: 4, TELEMETRY: 8, CURVE: 16 } as const;

/** What a reply adds to the type of its command. */
export const REPLY_BIT = 0x80;

/** The type of a status that comes by itself. */
export const TELEMETRY_TYPE = 0xc0;

/** The type of a refusal. */
export const NAK_TYPE = 0xff;

/** No falling edge for so long is standstill. */
const STANDSTILL_MS = 900;
const AGE_UNKNOWN = 0xffff;
const PULSES_PER_REVOLUTION = 2;
const US_PER_MINUTE = 60_000_000;
const MAX_PERMILLE = 1000;
const MAX_TTL_MS = 10_000;
const MODE_DUTY = 0;
const MODE_RPM = 1;
const MIN_RPM = 100;
const MAX_RPM = 20_000;

const PARTS = new Map([[1, "ATmega328P"], [2, "ATmega2560"]]);
const CAUSES_HANDED_OVER = 0x10;
const CAUSES_INFERRED = 0x20;
const RESET_CAUSES = ["power-on", "external", "brown-out", "watchdog"];
const REASONS = new Map([
  [1, "it does not know this command"],
  [2, "the command is too short"],
  [3, "it was reset since its hello"],
  [4, "a value is out of range"],
  [5, "the command is older than the last one"],
  [6, "it is writing its configuration"],
  [7, "its configuration is not the one that was meant"],
]);

/** The frame that asks a board who it is, and begins a session with sequence number `seq`. */
export function encodeHello(seq: number): Uint8Array {
  return encodeFrame(CommandType.HELLO, seq, Uint8Array.from(PROTOCOL_VERSION));
}

/** The frame that asks for the status. */
export function encodeStatus(seq: number): Uint8Array {
  return encodeFrame(CommandType.STATUS, seq, new Uint8Array());
}

/** The frame that acknowledges expired TTLs: bit 0 of `mask` is channel 0. */
export function encodeClear(seq: number, mask: number): Uint8Array {
  return encodeFrame(CommandType.CLEAR, seq, Uint8Array.of(mask & 0xff, (mask >> 8) & 0xff));
}

/**
 * The frame that asks for a status every so often, 50 to 10000 ms; 0 for no more. It ends by itself
 * when the board hears nothing for 10 s.
 */
export function encodeTelemetry(seq: number, intervalMs: number): Uint8Array {
  const body = Uint8Array.of(intervalMs & 0xff, (intervalMs >> 8) & 0xff);
  return encodeFrame(CommandType.TELEMETRY, seq, body);
}

function checkCommand(command: ChannelCommand, channel: number): void {
  const { permille, rpm, ttlMs } = command;
  if (rpm !== undefined && !(Number.isInteger(rpm) && rpm >= MIN_RPM && rpm <= MAX_RPM)) {
    throw new BoardError(
      `Cannot set channel ${channel}: the speed is ${rpm} rpm; give a whole number ${MIN_RPM}..${MAX_RPM}`,
    );
  }
  if (
    rpm === undefined &&
    !(Number.isInteger(permille) && permille >= 0 && permille <= MAX_PERMILLE)
  ) {
    throw new BoardError(
      `Cannot set channel ${channel}: the duty is ${permille} permille; give a whole number 0..${MAX_PERMILLE}`,
    );
  }
  if (!Number.isInteger(ttlMs) || ttlMs < 1 || ttlMs > MAX_TTL_MS) {
    throw new BoardError(
      `Cannot set channel ${channel}: the TTL is ${ttlMs} ms; give a whole number 1..${MAX_TTL_MS}`,
    );
  }
}

/**
 * The frame that tells every channel of the board what to do.
 *
 * @param bootId from the board's hello: a board that was reset since then refuses
 * @throws {BoardError} when a duty or a TTL is not one, or there are more channels than fit
 */
export function encodeSet(
  seq: number,
  bootId: number,
  channels: readonly ChannelCommand[],
): Uint8Array {
  const body = new Uint8Array(5 + channels.length * 5);
  const view = new DataView(body.buffer);
  view.setUint32(0, bootId, true);
  view.setUint8(4, channels.length);
  channels.forEach((command, channel) => {
    checkCommand(command, channel);
    const at = 5 + channel * 5;
    view.setUint8(at, command.rpm === undefined ? MODE_DUTY : MODE_RPM);
    view.setUint16(at + 1, command.rpm ?? command.permille, true);
    view.setUint16(at + 3, command.ttlMs, true);
  });
  return encodeFrame(CommandType.SET, seq, body);
}

function readHello(body: ByteReader): BoardHello {
  const protocol = [body.u8(), body.u8()] as const;
  if (protocol[0] !== PROTOCOL_VERSION[0]) {
    throw new BoardError(
      `Cannot talk to the board: it speaks board protocol ${protocol[0]}.${protocol[1]}, this is ` +
        `${PROTOCOL_VERSION[0]}.${PROTOCOL_VERSION[1]}; ` +
        (protocol[0] > PROTOCOL_VERSION[0] ? "update fand" : "flash the board's current firmware"),
    );
  }
  const firmware = [body.u8(), body.u8(), body.u8()] as const;
  const part = body.u8();
  const bootId = body.u32();
  const count = body.u8();
  const maxPayloadBytes = body.u8();
  const ttlMaxMs = body.u16();
  const capabilities = body.u16();
  const channels: ChannelAbility[] = [];
  for (let channel = 0; channel < count; channel++) {
    channels.push({ steps: body.u16(), tach: body.u8() !== 0 });
  }
  return {
    protocol,
    firmware,
    part: PARTS.get(part) ?? `part ${part}`,
    bootId,
    maxPayloadBytes,
    ttlMaxMs,
    capabilities,
    channels,
  };
}

function readCounters(body: ByteReader): BoardCounters {
  return {
    crc: body.u16(),
    cobs: body.u16(),
    overrun: body.u16(),
    sequence: body.u16(),
    ttlExpired: body.u16(),
    rejected: body.u16(),
  };
}

interface Tach {
  readonly spanUs: number;
  readonly edges: number;
  readonly ageMs: number;
  readonly spinning: boolean;
}

function rpmOf(tach: Tach, fitted: boolean, uptimeMs: number): number | null {
  if (!fitted) return null;
  if (tach.spinning && tach.spanUs > 0) {
    return tach.edges / PULSES_PER_REVOLUTION / tach.spanUs * US_PER_MINUTE;
  }
  return Math.min(tach.ageMs, uptimeMs) > STANDSTILL_MS ? 0 : null;
}

function readChannel(body: ByteReader, ability: ChannelAbility, uptimeMs: number): ChannelStatus {
  const permille = body.u16();
  const compare = body.u16();
  const ttlLeftMs = body.u16();
  const spanUs = body.u32();
  const edges = body.u16();
  const ageMs = body.u16();
  const flags = body.u8();
  const spinning = (flags & 8) !== 0;
  return {
    permille,
    compare,
    steps: ability.steps,
    ttlLeftMs,
    rpm: rpmOf({ spanUs, edges, ageMs, spinning }, ability.tach, uptimeMs),
    edges,
    edgeAgeMs: ageMs === AGE_UNKNOWN ? null : ageMs,
    flags: {
      failsafe: (flags & 1) !== 0,
      latched: (flags & 2) !== 0,
      released: (flags & 4) !== 0,
      spinning,
    },
  };
}

/** Whether a tachometer's number is one: what is not fitted or cannot be has none. */
function isTrusted(details: ChannelDetails | undefined): boolean {
  return details?.state !== "not fitted" && details?.state !== "implausible";
}

function readStatus(body: ByteReader, hello: BoardHello): BoardStatus {
  const bootId = body.u32();
  const uptimeMs = body.u32();
  const causes = body.u8();
  const counters = readCounters(body);
  const count = body.u8();
  if (count !== hello.channels.length) {
    throw new BoardError(
      `Cannot read the board's status: it has ${count} channels, its hello said ` +
        `${hello.channels.length}; say hello again`,
    );
  }
  const status: BoardStatus = {
    bootId,
    uptimeMs,
    resetCauses: RESET_CAUSES.filter((_, bit) => causes & (1 << bit)),
    resetCausesFrom: causes & CAUSES_HANDED_OVER
      ? "bootloader"
      : causes & CAUSES_INFERRED
      ? "memory"
      : "chip",
    counters,
    channels: hello.channels.map((ability) => readChannel(body, ability, uptimeMs)),
  };
  if (!body.more || !(hello.capabilities & Capability.DETAILS)) return status;
  const details = readDetails(body, count);
  const channels = status.channels.map((channel, index) =>
    isTrusted(details.channels[index]) ? channel : { ...channel, rpm: null }
  );
  return { ...status, channels, details };
}

function readRefusal(body: ByteReader): Refusal {
  const request = body.u8();
  const reason = body.u8();
  return { request, reason, text: REASONS.get(reason) ?? `reason ${reason}` };
}

/**
 * What a frame from the board says. Bodies may be longer than this version knows: a newer minor
 * adds at the end, and the end is ignored.
 *
 * @param hello of the same board, which a status needs for its steps and tachometers
 * @throws {BoardError} when the body is too short, the type is no reply, the board speaks another
 * major version, or a status comes before any hello
 */
export function decodeReply(frame: Frame, hello: BoardHello | null): Reply {
  const body = new ByteReader(frame.body);
  const seq = frame.seq;
  switch (frame.type) {
    case NAK_TYPE:
      return { kind: "refusal", seq, refusal: readRefusal(body) };
    case REPLY_BIT | CommandType.HELLO:
      return { kind: "hello", seq, hello: readHello(body) };
    case REPLY_BIT | ConfigCommandType.GET:
      return { kind: "config", seq, block: body.u8(), blocks: body.u8(), bytes: body.rest() };
    case REPLY_BIT | CommandType.SET:
    case REPLY_BIT | CommandType.STATUS:
    case REPLY_BIT | CommandType.CLEAR:
    case REPLY_BIT | CommandType.TELEMETRY:
    case TELEMETRY_TYPE:
    case REPLY_BIT | ConfigCommandType.SET:
    case REPLY_BIT | ConfigCommandType.SAVE: {
      if (!hello) {
        throw new BoardError(
          "Cannot read the board's status: it has not said hello; send hello first",
        );
      }
      const request = frame.type & ~REPLY_BIT;
      return { kind: "status", seq, request, status: readStatus(body, hello) };
    }
    default:
      throw new BoardError(
        `Cannot read the board's message: its type is 0x${frame.type.toString(16)}; ` +
          "check that the other end is a fan board",
      );
  }
}
