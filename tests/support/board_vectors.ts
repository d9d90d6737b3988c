/**
 * The examples of docs/board_protocol.md as data, tests/vectors/board.json. Bytes are hex text.
 *
 * @module
 */

import type { ChannelCommand } from "../../src/board/protocol/types.ts";

/** A checksum. */
export interface CrcVector {
  readonly name: string;
  readonly data: string;
  readonly crc: number;
}

/** Bytes and their stuffed form, without the ending zero. */
export interface CobsVector {
  readonly name: string;
  readonly data: string;
  readonly line: string;
}

/** A stuffed form that is none, or that is longer than a payload may be. */
export interface BadLine {
  readonly name: string;
  readonly line: string;
}

/** What `send` says, when it is one well-formed command of this version. */
export type CommandVector =
  /** `minor` is there when it is not this version's. */
  | { readonly type: "hello"; readonly seq: number; readonly minor?: number }
  | {
    readonly type: "set";
    readonly seq: number;
    readonly bootId: number;
    readonly channels: readonly ChannelCommand[];
  }
  | { readonly type: "status"; readonly seq: number }
  | { readonly type: "clear"; readonly seq: number; readonly mask: number }
  | { readonly type: "config get"; readonly seq: number; readonly block: number }
  | {
    readonly type: "config set";
    readonly seq: number;
    readonly bootId: number;
    readonly block: number;
    readonly bytes: string;
  }
  | {
    readonly type: "config save";
    readonly seq: number;
    readonly bootId: number;
    readonly crc: number;
  }
  | { readonly type: "telemetry"; readonly seq: number; readonly intervalMs: number };

/** Something on the line at a time. */
export interface StepVector {
  readonly say: string;
  /** Since the start of the board. */
  readonly atMs: number;
  /** Host to board. */
  readonly send: string;
  /** What the board has said by itself since the step before, and what it answers at once. */
  readonly receive: string;
  /** What its thermistor reads from here on; without it the input was never read. */
  readonly thermistorC?: number | "open";
  readonly command?: CommandVector;
  /** What the answer says, or each frame of `receive`; only the fields that matter here. */
  readonly reply?: Record<string, unknown> | readonly Record<string, unknown>[];
}

/** A board from its start on. */
export interface SessionVector {
  readonly name: string;
  readonly bootId: number;
  /** Bits as in the status. */
  readonly resetCauses: number;
  readonly steps: readonly StepVector[];
}

/** The whole file. */
export interface BoardVectors {
  readonly about: string;
  readonly crc: readonly CrcVector[];
  readonly cobs: readonly CobsVector[];
  readonly cobsRefused: readonly BadLine[];
  readonly sessions: readonly SessionVector[];
}

/** The bytes that a hex text stands for. */
export function fromHex(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g) ?? [], (byte) => parseInt(byte, 16));
}

/** Bytes as hex text. */
export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Reads the file. */
export async function loadBoardVectors(): Promise<BoardVectors> {
  const url = new URL("../vectors/board.json", import.meta.url);
  return JSON.parse(await Deno.readTextFile(url)) as BoardVectors;
}
