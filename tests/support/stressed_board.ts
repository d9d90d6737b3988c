/**
 * A board under the worst that it has to bear: every tachometer at 10 000 rpm, telemetry at 20 Hz,
 * and, if asked for, a flooded line. For statements about load and latency.
 *
 * @module
 */
import assert from "node:assert/strict";
import { encodeFrame } from "../../src/board/protocol/frame.ts";
import { CommandType, encodeSet, encodeTelemetry } from "../../src/board/protocol/messages.ts";
import { FirmwareBoard, MS_CYCLES } from "./firmware_board.ts";
import type { FirmwareImage } from "./firmware_images.ts";

const RPM = 10_000;
const HALF_PULSE_MS = 60_000 / RPM / 4;
const TELEMETRY_MS = 50;
const RENEW_MS = 1000;
const TTL_MS = 10_000;
const SHORTEST_STEP_MS = 0.001;
const LINE_BYTE_MS = 0.04;
const ANSWER_LIMIT_MS = 20;
/** Longer than a status's, so that a command comes each millisecond. */
const FLOOD_BODY = new Uint8Array(20).fill(7);
const SREG = 0x5f;
const INTERRUPTS_ON = 0x80;

/** How busy the core was for a while. */
export interface Load {
  /** Of the cycles, those in which it did not sleep. */
  readonly percent: number;
  /** The longest time that interrupts were off, inside of interrupts too. */
  readonly longestOffCycles: number;
}

/** A board with every tachometer at 10 000 rpm and telemetry at 20 Hz, in simulated time. */
export class StressedBoard {
  readonly board: FirmwareBoard;
  readonly #firmware: FirmwareImage;
  readonly #flooded: boolean;
  readonly #bootId: number;
  readonly #dueMs: number[];
  readonly #high: boolean[];
  #renewMs = 0;
  #seq = 2;

  /** @param flooded a status is asked for without end, and answered as the line allows */
  constructor(firmware: FirmwareImage, mode: "full" | "registers", flooded: boolean) {
    this.#firmware = firmware;
    this.board = new FirmwareBoard(mode, firmware);
    const { machine } = this.board;
    this.#bootId = this.board.hello().bootId;
    for (const channel of firmware.part.outputs.keys()) machine.setFault(channel, "disconnected");
    machine.send(encodeTelemetry(2, TELEMETRY_MS));
    machine.advance(20);
    this.#flooded = flooded;
    this.#high = firmware.part.tachs.map(() => true);
    this.#dueMs = firmware.part.tachs.map((_, at) => machine.timeMs + at * 0.11);
  }

  /** Lets so much time pass, with all that happens outside in it. */
  run(ms: number): void {
    const { machine } = this.board;
    const endMs = machine.timeMs + ms;
    while (machine.timeMs < endMs) {
      this.#feed();
      const nextMs = Math.min(endMs, ...this.#dueMs);
      machine.advance(Math.max(SHORTEST_STEP_MS, nextMs - machine.timeMs));
    }
  }

  /** How busy the core is for so long, instruction by instruction. */
  load(ms: number): Load {
    const { machine } = this.board;
    const { chip } = machine;
    const startCycle = chip.cycles;
    let asleepCycles = 0;
    let offSince = -1;
    let longestOffCycles = 0;
    while (chip.cycles < startCycle + ms * MS_CYCLES) {
      this.#feed();
      const before = chip.cycles;
      const slept = chip.asleep;
      machine.advance(1 / MS_CYCLES);
      if (slept) asleepCycles += chip.cycles - before;
      const off = ((chip.cpu.data[SREG] ?? 0) & INTERRUPTS_ON) === 0;
      if (off && offSince < 0) offSince = before;
      if (!off && offSince >= 0) {
        longestOffCycles = Math.max(longestOffCycles, chip.cycles - offSince);
        offSince = -1;
      }
    }
    return { percent: 100 * (1 - asleepCycles / (chip.cycles - startCycle)), longestOffCycles };
  }

  /**
   * Sends a `set` of another duty than the one in force, and waits for it.
   * @returns cycles from the end of its last byte to the first and to the last compare register
   */
  setLatency(permille: number): { first: number; last: number } {
    const { machine } = this.board;
    const { outputs } = this.#firmware.part;
    const set = this.#set(permille);
    const writes: number[] = [];
    machine.onCompare = (_channel, _value, cycle) => writes.push(cycle);
    machine.send(set);
    const endMs = machine.timeMs + ANSWER_LIMIT_MS;
    while (writes.length < outputs.length) {
      assert.ok(
        machine.timeMs < endMs,
        "the set has changed no output: is it what was set before?",
      );
      this.run(LINE_BYTE_MS);
    }
    machine.onCompare = () => {};
    const since = (cycle = NaN) => cycle - machine.lastArrivalCycle;
    return { first: since(writes[0]), last: since(writes.at(-1)) };
  }

  #set(permille: number): Uint8Array {
    this.#renewMs = this.board.machine.timeMs + RENEW_MS;
    const commands = this.#firmware.part.outputs.map(() => ({ permille, ttlMs: TTL_MS }));
    const seq = (this.#seq + 1) & 0xff;
    this.#seq = (seq + 1) & 0xff;
    return encodeSet(seq, this.#bootId, commands);
  }

  /** Does what is due outside of the board. */
  #feed(): void {
    const { machine } = this.board;
    const nowMs = machine.timeMs;
    if (nowMs >= this.#renewMs) {
      machine.send(Uint8Array.of(0));
      machine.send(this.#set(400));
    }
    if (this.#flooded && machine.bytesToBoard < 50) {
      machine.send(encodeFrame(CommandType.STATUS, this.#seq, FLOOD_BODY));
    }
    for (const [tach, pin] of this.#firmware.part.tachs.entries()) {
      if ((this.#dueMs[tach] ?? Infinity) > nowMs) continue;
      this.#high[tach] = !this.#high[tach];
      this.#dueMs[tach] = (this.#dueMs[tach] ?? 0) + HALF_PULSE_MS;
      machine.chip.port(pin.port).setPin(pin.bit, this.#high[tach] ?? true);
    }
  }
}
