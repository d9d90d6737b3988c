/**
 * A host at a simulated board's line, in simulated time: what the driver does, without streams,
 * clocks or a worker, so that a test can say to the cycle when a thing happens.
 *
 * @module
 */
import { Machine } from "../../src/board/sim/machine.ts";
import { FrameDecoder } from "../../src/board/protocol/frame.ts";
import {
  decodeReply,
  encodeClear,
  encodeHello,
  encodeSet,
  encodeStatus,
} from "../../src/board/protocol/messages.ts";
import type {
  BoardHello,
  BoardStatus,
  ChannelCommand,
  Reply,
} from "../../src/board/protocol/types.ts";
import { type FirmwareImage, UNO } from "./firmware_images.ts";

/** From power-on until the board listens. */
const START_MS = 10;
const ANSWER_LIMIT_MS = 50;

/** A board with the committed firmware and somebody who talks to it. */
export class MachineHost {
  readonly machine: Machine;
  readonly #decoder = new FrameDecoder();
  #hello: BoardHello | null = null;
  #seq = 0;

  constructor(mode: "registers" | "full", seed = 1, firmware: FirmwareImage = UNO) {
    this.machine = new Machine({ ...firmware, mode, seed });
    this.machine.onTransmit = (byte) => this.#decoder.push(Uint8Array.of(byte));
    this.machine.advance(START_MS);
  }

  /** Says hello, after the end of whatever frame the board believes in; its answer. */
  hello(): BoardHello {
    this.machine.send(Uint8Array.of(0));
    const reply = this.ask((seq) => encodeHello(seq));
    if (reply.kind !== "hello") throw new Error(`hello was answered by ${reply.kind}`);
    this.#hello = reply.hello;
    return reply.hello;
  }

  /** Sets all channels. */
  set(channels: readonly ChannelCommand[]): BoardStatus {
    return this.#status((seq) => encodeSet(seq, this.#bootId, channels));
  }

  /** The bytes of the next set, for the caller to put on the line as it likes. */
  setBytes(channels: readonly ChannelCommand[]): Uint8Array {
    return encodeSet(this.#nextSeq(), this.#bootId, channels);
  }

  /** The bytes of the next status command, for the caller to put on the line. */
  statusBytes(): Uint8Array {
    return encodeStatus(this.#nextSeq());
  }

  /** One command for every channel. */
  every(command: ChannelCommand): ChannelCommand[] {
    return this.machine.fans.map(() => command);
  }

  /** Sets all channels to one duty. */
  setAll(permille: number, ttlMs = 10_000): BoardStatus {
    return this.set(this.every({ permille, ttlMs }));
  }

  status(): BoardStatus {
    return this.#status((seq) => encodeStatus(seq));
  }

  clear(mask: number): BoardStatus {
    return this.#status((seq) => encodeClear(seq, mask));
  }

  /** Sends one command and runs the board until it has answered. */
  ask(encode: (seq: number) => Uint8Array): Reply {
    while (this.#decoder.next()); // What is left of other talk answers nothing now.
    this.machine.send(encode(this.#nextSeq()));
    const endMs = this.machine.timeMs + ANSWER_LIMIT_MS;
    while (this.machine.timeMs < endMs) {
      this.machine.advance(0.1);
      const frame = this.#decoder.next();
      if (frame?.seq === this.#seq) return decodeReply(frame, this.#hello);
    }
    throw new Error(`the board did not answer within ${ANSWER_LIMIT_MS} ms`);
  }

  get #bootId(): number {
    return this.#hello?.bootId ?? 0;
  }

  #nextSeq(): number {
    this.#seq = (this.#seq + 1) & 0xff;
    return this.#seq;
  }

  #status(encode: (seq: number) => Uint8Array): BoardStatus {
    const reply = this.ask(encode);
    if (reply.kind !== "status") throw new Error(`a command was answered by ${reply.kind}`);
    return reply.status;
  }
}
