/**
 * The committed firmware on the simulated chip with its full timers, commanded in simulated time:
 * for statements about cycles.
 *
 * @module
 */
import assert from "node:assert/strict";
import { FrameDecoder } from "../../src/board/protocol/frame.ts";
import {
  decodeReply,
  encodeClear,
  encodeHello,
  encodeSet,
  encodeStatus,
  TELEMETRY_TYPE,
} from "../../src/board/protocol/messages.ts";
import {
  decodeConfig,
  encodeConfig,
  encodeConfigGet,
  encodeConfigSave,
  encodeConfigSet,
} from "../../src/board/protocol/config.ts";
import type {
  BoardConfiguration,
  BoardHello,
  BoardStatus,
  ChannelCommand,
  ChannelConfiguration,
  Reply,
} from "../../src/board/protocol/types.ts";
import type { ResetCause } from "../../src/board/sim/chip.ts";
import { Machine } from "../../src/board/sim/machine.ts";
import { levelDrive } from "../../src/board/sim/output_stage.ts";
import { type FirmwareImage, UNO } from "./firmware_images.ts";

/** Cycles of a PWM period. */
export const PERIOD_CYCLES = 640;
/** Cycles of a millisecond. */
export const MS_CYCLES = 16_000;
/** Cycles of a microsecond. */
export const US_CYCLES = 16;

/** An edge of a fan's line, as the output stage makes it. */
export interface Edge {
  readonly channel: number;
  /** 1000 = high, 0 = low, `released` = left alone, which is high. */
  readonly drive: number | "released";
  readonly cycle: number;
}

/** A board that has just been powered on. */
export class FirmwareBoard {
  readonly machine: Machine;
  /** Every edge since the last {@link FirmwareBoard.takeEdges}. */
  #edges: Edge[] = [];
  readonly #decoder = new FrameDecoder();
  #hello: BoardHello | null = null;
  #seq = 0;

  /** @param mode `full` runs the PWM timers, so that there are edges; `registers` is much faster */
  constructor(mode: "full" | "registers" = "full", firmware: FirmwareImage = UNO) {
    this.machine = new Machine({ ...firmware, mode, seed: 1 });
    this.machine.onTransmit = (byte) => this.#decoder.push(Uint8Array.of(byte));
    this.machine.onEdge = (channel, drive, cycle) => this.#edges.push({ channel, drive, cycle });
    this.awaitStart();
  }

  /** The answer to these bytes, which must come within 20 ms. */
  ask(bytes: Uint8Array): Reply {
    this.machine.send(bytes);
    const endMs = this.machine.timeMs + 20;
    for (;;) {
      const frame = this.#decoder.next();
      if (frame && frame.type !== TELEMETRY_TYPE) return decodeReply(frame, this.#hello);
      assert.ok(this.machine.timeMs < endMs, "no answer within 20 ms");
      this.machine.advance(0.02);
    }
  }

  hello(): BoardHello {
    const reply = this.ask(encodeHello(this.#nextSeq()));
    assert.equal(reply.kind, "hello");
    this.#hello = reply.hello;
    return reply.hello;
  }

  set(permilles: readonly number[], ttlMs: number): BoardStatus {
    const channels: ChannelCommand[] = permilles.map((permille) => ({ permille, ttlMs }));
    return this.#status(encodeSet(this.#nextSeq(), this.#bootId, channels));
  }

  /** What every channel shall do, speeds too. */
  command(channels: readonly ChannelCommand[]): BoardStatus {
    return this.#status(encodeSet(this.#nextSeq(), this.#bootId, channels));
  }

  /** One command for every channel. */
  every(command: ChannelCommand): ChannelCommand[] {
    return this.machine.chip.part.outputs.map(() => command);
  }

  /** Repeats a command for so long, as a host does; what the board then does. */
  hold(ms: number, command: ChannelCommand): BoardStatus {
    const commands = this.every(command);
    const endMs = this.machine.timeMs + ms;
    let status = this.command(commands);
    while (this.machine.timeMs < endMs) {
      this.machine.advance(Math.min(250, endMs - this.machine.timeMs));
      status = this.command(commands);
    }
    return status;
  }

  /** One duty for all channels. */
  setAll(permille: number, ttlMs: number): BoardStatus {
    return this.command(this.every({ permille, ttlMs }));
  }

  status(): BoardStatus {
    return this.#status(encodeStatus(this.#nextSeq()));
  }

  clear(mask: number): BoardStatus {
    return this.#status(encodeClear(this.#nextSeq(), mask));
  }

  /** What the board's operator declared. */
  config(): BoardConfiguration {
    const blocks: Uint8Array[] = [];
    for (let count = 1; blocks.length < count;) {
      const reply = this.ask(encodeConfigGet(this.#nextSeq(), blocks.length));
      assert.equal(reply.kind, "config");
      blocks.push(reply.bytes);
      count = reply.blocks;
    }
    return decodeConfig(blocks);
  }

  /** Changes what is in force. */
  configure(change: Partial<BoardConfiguration>): BoardStatus {
    const blocks = encodeConfig({ ...this.config(), ...change });
    const statuses = blocks.map((bytes, block) =>
      this.#status(encodeConfigSet(this.#nextSeq(), this.#bootId, block, bytes))
    );
    const last = statuses.at(-1);
    assert.ok(last);
    return last;
  }

  /** Changes what is in force for every channel. */
  configureChannels(change: Partial<ChannelConfiguration>): BoardStatus {
    return this.configure({
      channels: this.config().channels.map((channel) => ({ ...channel, ...change })),
    });
  }

  /** Begins to store what is in force. */
  saveConfig(): BoardStatus {
    const crc = this.status().details?.config.crc ?? 0;
    return this.#status(encodeConfigSave(this.#nextSeq(), this.#bootId, crc));
  }

  /** Stores what is in force, and waits until it is written. */
  storeConfig(): void {
    this.saveConfig();
    for (let waited = 0; this.status().details?.config.writing; waited++) {
      assert.ok(waited < 200, "the configuration is not written within two seconds");
      this.machine.advance(10);
    }
    assert.equal(this.status().details?.config.stored, true);
  }

  /** The edges since the last call. */
  takeEdges(): Edge[] {
    const edges = this.#edges;
    this.#edges = [];
    return edges;
  }

  /** What the fan's line of each channel does at this moment. */
  get levels(): (number | "released")[] {
    const { chip } = this.machine;
    return chip.part.outputs.map((output) => levelDrive(chip, output));
  }

  /** Resets the chip, and waits until it listens. */
  reset(cause: ResetCause): void {
    this.machine.reset(cause);
    this.awaitStart();
  }

  /** Lets a reset board start, and ends whatever half frame was on the line. */
  awaitStart(): void {
    this.machine.advance(20);
    this.machine.send(Uint8Array.of(0));
  }

  get #bootId(): number {
    return this.#hello?.bootId ?? 0;
  }

  #nextSeq(): number {
    this.#seq = (this.#seq + 1) & 0xff;
    return this.#seq;
  }

  #status(bytes: Uint8Array): BoardStatus {
    const reply = this.ask(bytes);
    assert.equal(reply.kind, "status");
    return reply.status;
  }
}
