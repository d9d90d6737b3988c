/**
 * The committed firmware on a simulated chip, at a line, in the time of a test's clock: what an
 * agent does to it can be told to the millisecond.
 *
 * @module
 */
import image from "../../firmware/fand_328p.hex" with { type: "text" };
import type { FanSpec } from "../../src/board/sim/fan_model.ts";
import { type ChannelObservation, Machine } from "../../src/board/sim/machine.ts";
import { MemoryLine } from "./memory_line.ts";
import type { VirtualClock } from "./virtual_clock.ts";

/** From power-on until the board listens, with some to spare. */
const START_MS = 20;
/** In which the board has answered whatever it was told. */
const ANSWER_MS = 8;

/** A board under power that keeps step with a clock. */
export class MachineBoard {
  readonly machine: Machine;
  readonly #clock: VirtualClock;
  readonly #poweredMs: number;
  #sent: number[] = [];

  /**
   * @param flashed what is in it, for an ATmega328P; the committed image unless given
   * @param fans what the fans are like, by channel; case fans otherwise
   */
  constructor(clock: VirtualClock, flashed: string = image, fans: readonly FanSpec[] = []) {
    this.machine = new Machine({ image: flashed, mode: "registers", seed: 1, fans });
    this.#clock = clock;
    this.#poweredMs = clock.monotonicMs() - START_MS;
    this.machine.onTransmit = (byte) => this.#sent.push(byte);
    this.#catchUp();
  }

  /** What a channel does now. */
  channel(index: number): ChannelObservation {
    this.#catchUp();
    const channel = this.machine.observe().channels[index];
    if (channel === undefined) throw new Error(`there is no channel ${index}`);
    return channel;
  }

  /** A line to this board, as a driver opens it. */
  openLine(): MemoryLine {
    const line = new MemoryLine();
    line.onWrite = (bytes) => {
      this.#catchUp();
      this.machine.send(bytes);
      this.machine.advance(ANSWER_MS);
      if (this.#sent.length > 0) line.answer(Uint8Array.from(this.#sent));
      this.#sent = [];
    };
    return line;
  }

  #catchUp(): void {
    const behindMs = this.#clock.monotonicMs() - this.#poweredMs - this.machine.timeMs;
    if (behindMs > 0) this.machine.advance(behindMs);
  }
}
