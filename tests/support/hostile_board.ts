/**
 * A board at a line that loses, delays, doubles and spoils: it knows the protocol, and each test
 * says what becomes of its answers.
 *
 * @module
 */
import { encodeFrame, type Frame, FrameDecoder } from "../../src/board/protocol/frame.ts";
import { CommandType, NAK_TYPE, REPLY_BIT } from "../../src/board/protocol/messages.ts";
import { MemoryLine } from "./memory_line.ts";

/** What becomes of one answer: how the bytes arrive, if at all. */
export type Fate = (answer: Uint8Array, line: MemoryLine) => void;

/** Answers arrive as they are. */
export function arrive(answer: Uint8Array, line: MemoryLine): void {
  line.answer(answer);
}

/** Answers are lost. */
export function lose(): void {}

/** A board of two channels. */
export class HostileBoard {
  readonly line = new MemoryLine();
  /** Every command that reached the board, in order. */
  readonly commands: Frame[] = [];
  /** What becomes of the next answers; then they arrive. */
  fates: Fate[] = [];
  bootId = 0x1001;
  protocolMajor = 1;
  readonly #decoder = new FrameDecoder();

  constructor() {
    this.line.onWrite = (bytes) => {
      this.#decoder.push(bytes);
      for (let frame = this.#decoder.next(); frame; frame = this.#decoder.next()) this.#take(frame);
    };
  }

  /** The commands of one type that reached the board. */
  received(type: number): Frame[] {
    return this.commands.filter((command) => command.type === type);
  }

  /** An answer as the board would give it. */
  answerTo({ type, seq, body }: Frame): Uint8Array {
    if (type === CommandType.HELLO) {
      return encodeFrame(type | REPLY_BIT, seq, this.helloBody());
    }
    const view = new DataView(body.buffer, body.byteOffset);
    if (type === CommandType.SET && view.getUint32(0, true) !== this.bootId) {
      return encodeFrame(NAK_TYPE, seq, Uint8Array.of(type, 3));
    }
    return encodeFrame(type | REPLY_BIT, seq, this.#statusBody());
  }

  helloBody(): Uint8Array {
    const body = new Uint8Array(22);
    const view = new DataView(body.buffer);
    body.set([this.protocolMajor, 0, 0, 1, 0, 1]);
    view.setUint32(6, this.bootId, true);
    body.set([2, 192], 10);
    view.setUint16(12, 10_000, true);
    body.set([64, 1, 1, 80, 0, 0], 16);
    return body;
  }

  #statusBody(): Uint8Array {
    const body = new Uint8Array(22 + 2 * 17);
    new DataView(body.buffer).setUint32(0, this.bootId, true);
    body[21] = 2;
    return body;
  }

  #take(frame: Frame): void {
    this.commands.push(frame);
    const fate = this.fates.shift() ?? arrive;
    fate(this.answerTo(frame), this.line);
  }
}
