/**
 * A host that speaks the board protocol in bytes, as docs/board_protocol.md tabulates them and
 * without the driver: for the board contract.
 *
 * @module
 */
import assert from "node:assert/strict";
import { encodeFrame, type Frame } from "../../src/board/protocol/frame.ts";
import type { ContractBoard } from "./contract_board.ts";

/** Types of commands. */
export const Type = {
  HELLO: 1,
  SET: 2,
  STATUS: 3,
  CLEAR: 4,
  CONFIG_GET: 5,
  CONFIG_SET: 6,
  CONFIG_SAVE: 7,
  TELEMETRY: 8,
};
/** What a reply adds to its command's type. */
export const REPLY = 0x80;
/** What a board tells by itself. */
export const TELEMETRY_TYPE = 0xc0;
const NAK = 0xff;
/** Offsets in a status: of counters, and of the channels and what one takes. */
export const At = {
  CRC: 9,
  COBS: 11,
  SEQUENCE: 15,
  EXPIRED: 17,
  REJECTED: 19,
  CHANNELS: 22,
  SIZE: 15,
};
/** Bits of a channel's flags. */
export const Flag = { FAILSAFE: 1, LATCHED: 2, RELEASED: 4 };
const MAX_TTL_MS = 10_000;

/** What a set says of one channel. */
export type Entry = [mode: number, value: number, ttlMs: number];

/** The two bytes of a number. */
export function u16(value: number): number[] {
  return [value & 0xff, value >> 8];
}

/** The number in two bytes. */
export function u16At(body: Uint8Array, at: number): number {
  return (body[at] ?? 0) | ((body[at + 1] ?? 0) << 8);
}

/** The details of a status, in the numbers of the document. */
export interface Details {
  readonly crc: number;
  readonly configState: number;
  readonly channels: readonly { mode: number; state: number; faults: number }[];
  readonly repeated: number;
}

/** A host that speaks in bytes. */
export class ContractHost {
  readonly board: ContractBoard;
  channels = 0;
  bootId: number[] = [];
  /** Which channels have a tachometer input. */
  tachs: boolean[] = [];
  seq = 0;
  /** Whether telemetry may come before an answer. */
  skipsTelemetry = false;

  constructor(board: ContractBoard) {
    this.board = board;
  }

  /** The one answer to a command; nothing else may come before it. */
  async ask(type: number, body: readonly number[] = [], seq = this.next()): Promise<Frame> {
    await this.board.send(encodeFrame(type, seq, Uint8Array.from(body)));
    let frame = await this.board.frame();
    while (this.skipsTelemetry && frame.type === TELEMETRY_TYPE) frame = await this.board.frame();
    assert.equal(frame.seq, seq, "an answer to nothing that was asked");
    return frame;
  }

  /** The status with which a command is answered. */
  async status(type = Type.STATUS, body: readonly number[] = []): Promise<Uint8Array> {
    const frame = await this.ask(type, body);
    assert.equal(frame.type, type | REPLY, `${type}: refused for reason ${frame.body[1]}`);
    return frame.body;
  }

  /** Says what must be refused for this reason. */
  async refused(reason: number, type: number, body: readonly number[] = []): Promise<void> {
    const frame = await this.ask(type, body);
    assert.deepEqual([frame.type, ...frame.body.subarray(0, 2)], [NAK, type, reason], `${body}`);
  }

  /** Says hello, after the end of whatever frame the board believes in. */
  async hello(minor = 1): Promise<Uint8Array> {
    await this.board.send(Uint8Array.of(0));
    const { type, body } = await this.ask(Type.HELLO, [1, minor]);
    assert.equal(type, Type.HELLO | REPLY);
    this.bootId = [...body.subarray(6, 10)];
    this.channels = body[10] ?? 0;
    this.tachs = this.all(false).map((_, channel) => body[18 + 3 * channel] === 1);
    return body;
  }

  /** The body of a set with the same for every channel but the last. */
  setBody(entry: Entry, last: Entry = entry): number[] {
    const entries = Array.from({ length: this.channels }, () => entry).with(-1, last);
    const bytes = entries.flatMap(([mode, value, ttlMs]) => [mode, ...u16(value), ...u16(ttlMs)]);
    return [...this.bootId, this.channels, ...bytes];
  }

  /** Sets all channels to one duty. */
  set(permille: number, ttlMs = MAX_TTL_MS): Promise<Uint8Array> {
    return this.status(Type.SET, this.setBody([0, permille, ttlMs]));
  }

  /** One field of each channel. */
  ofChannels(read: (at: number) => number): number[] {
    return Array.from({ length: this.channels }, (_, c) => read(At.CHANNELS + c * At.SIZE));
  }

  /** What is applied, channel by channel. */
  applied(status: Uint8Array): number[] {
    return this.ofChannels((at) => u16At(status, at));
  }

  /** The flags of the failsafe, channel by channel. */
  flags(status: Uint8Array): number[] {
    const known = Flag.FAILSAFE | Flag.LATCHED | Flag.RELEASED;
    return this.ofChannels((at) => (status[at + 14] ?? 0) & known);
  }

  /** The details at the end of a status for a host of minor 1. */
  details(status: Uint8Array): Details {
    const at = At.CHANNELS + At.SIZE * this.channels;
    const channels = this.all(0).map((_, channel) => {
      const [mode = 0, state = 0, faults = 0] = status.subarray(at + 6 + 3 * channel);
      return { mode, state, faults };
    });
    const crc = u16At(status, at);
    const repeated = u16At(status, at + 6 + 3 * this.channels);
    return { crc, configState: status[at + 2] ?? 0, channels, repeated };
  }

  /** As many as there are channels. */
  all<T>(value: T): T[] {
    return Array.from({ length: this.channels }, () => value);
  }

  /** The next sequence number. */
  next(): number {
    return this.seq = (this.seq + 1) & 0xff;
  }
}
