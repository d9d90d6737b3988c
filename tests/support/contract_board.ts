/**
 * What the board contract is tried against: one interface, and the boards that have it. The
 * statements themselves are in tests/conformance/board_contract.ts.
 *
 * @module
 */
import { systemClock } from "../../src/clock.ts";
import { openLine } from "../../src/board/open_line.ts";
import type { Line } from "../../src/board/line.ts";
import { type Frame, FrameDecoder } from "../../src/board/protocol/frame.ts";
import { Machine } from "../../src/board/sim/machine.ts";
import { levelDrive, registerDrive } from "../../src/board/sim/output_stage.ts";
import type { FirmwareImage } from "./firmware_images.ts";
import { SimavrBoard, type SimavrPart } from "./simavr_board.ts";
import { until } from "./until.ts";

/** A fan's line: high for so many of 1000 parts, or left alone, which is full speed. */
export type SeenDrive = number | "released";

/** A board with its line open and nothing said yet; hold it with `await using`. */
export interface ContractBoard extends AsyncDisposable {
  /** Puts bytes on the line. */
  send(bytes: Uint8Array): Promise<void>;
  /** The next frame that the board sends; rejects when none comes in time. */
  frame(): Promise<Frame>;
  /** Lets this much of the board's own time go by. */
  pass(ms: number): Promise<void>;
  /** What each fan's line does, seen from outside; null where nobody can look. */
  drives(): Promise<SeenDrive[] | null>;
  /** Whether known fans turn at all of its tachometers: they start at 30 %, and reach 1200 rpm. */
  readonly hasFans: boolean;
  /** Presses the reset button and waits until the board listens; false where nobody can. */
  reset(): Promise<boolean>;
}

const START_MS = 20;
const ANSWER_LIMIT_MS = 200;
const BOOTLOADER_MS = 3000;
const CYCLES_A_MS = 16_000;

/** A committed image in avr8js, in this process and in simulated time. */
export class InProcessBoard implements ContractBoard {
  readonly hasFans = true;
  readonly #machine: Machine;
  readonly #decoder = new FrameDecoder();

  constructor(firmware: FirmwareImage) {
    this.#machine = new Machine({ ...firmware, mode: "registers", seed: 1 });
    this.#machine.onTransmit = (byte) => this.#decoder.push(Uint8Array.of(byte));
    this.#machine.advance(START_MS);
  }

  send(bytes: Uint8Array): Promise<void> {
    this.#machine.send(bytes);
    return Promise.resolve();
  }

  frame(): Promise<Frame> {
    const endMs = this.#machine.timeMs + ANSWER_LIMIT_MS;
    for (;;) {
      const frame = this.#decoder.next();
      if (frame) return Promise.resolve(frame);
      if (this.#machine.timeMs > endMs) return Promise.reject(new Error("the board is silent"));
      this.#machine.advance(0.1);
    }
  }

  pass(ms: number): Promise<void> {
    this.#machine.advance(ms);
    return Promise.resolve();
  }

  drives(): Promise<SeenDrive[]> {
    const { chip } = this.#machine;
    const { channels } = this.#machine.observe();
    return Promise.resolve(chip.part.outputs.map((output, channel) => {
      if (levelDrive(chip, output) === "released") return "released";
      const drive = registerDrive(chip, output, channels[channel]?.compare ?? 0);
      return drive === "released" ? drive : Math.round(drive);
    }));
  }

  reset(): Promise<boolean> {
    this.#machine.reset();
    this.#machine.advance(START_MS);
    return Promise.resolve(true);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve();
  }
}

/** A line that somebody else's board is at the end of, in real time. */
class LineEnd {
  readonly #line: Line;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
  readonly #decoder = new FrameDecoder();
  readonly #reading: Promise<void>;

  constructor(line: Line) {
    this.#line = line;
    this.#writer = line.writable.getWriter();
    this.#reading = this.#read();
  }

  send(bytes: Uint8Array): Promise<void> {
    return this.#writer.write(bytes);
  }

  async frame(): Promise<Frame> {
    let frame: Frame | null = null;
    await until(() => (frame = this.#decoder.next()) !== null, "a frame from the board", 2000);
    if (frame === null) throw new Error("the board is silent");
    return frame;
  }

  async close(): Promise<void> {
    await this.#line.close();
    await this.#reading;
    await this.#writer.closed.catch(() => {});
  }

  async #read(): Promise<void> {
    try {
      for await (const chunk of this.#line.readable) this.#decoder.push(chunk);
    } catch {
      // The line is gone; whoever waits for a frame says so.
    }
  }
}

/** A board on a desk: nobody looks at its pins or presses its button. */
export class DeskBoard implements ContractBoard {
  readonly hasFans = false;
  readonly #end: LineEnd;

  private constructor(line: Line) {
    this.#end = new LineEnd(line);
  }

  /** Opens its line, and waits until it listens: opening may have reset it. */
  static async open(spec: string): Promise<DeskBoard> {
    const board = new DeskBoard(await openLine(spec));
    await board.pass(BOOTLOADER_MS);
    return board;
  }

  send(bytes: Uint8Array): Promise<void> {
    return this.#end.send(bytes);
  }

  frame(): Promise<Frame> {
    return this.#end.frame();
  }

  pass(ms: number): Promise<void> {
    return new Promise((done) => systemClock.after(ms, done));
  }

  drives(): Promise<null> {
    return Promise.resolve(null);
  }

  reset(): Promise<boolean> {
    return Promise.resolve(false);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#end.close();
  }
}

/** A committed image in simavr behind a pseudo terminal, through the serial driver. */
export class SimavrContractBoard implements ContractBoard {
  readonly hasFans = true;
  readonly #chip: SimavrBoard;
  readonly #end: LineEnd;

  private constructor(chip: SimavrBoard, line: Line) {
    this.#chip = chip;
    this.#end = new LineEnd(line);
  }

  /** Builds the simulator, powers a board and opens its line. */
  static async start(part: SimavrPart): Promise<SimavrContractBoard> {
    const chip = await SimavrBoard.start(part);
    return new SimavrContractBoard(chip, await openLine(chip.path));
  }

  send(bytes: Uint8Array): Promise<void> {
    return this.#end.send(bytes);
  }

  frame(): Promise<Frame> {
    return this.#end.frame();
  }

  async pass(ms: number): Promise<void> {
    const endCycle = (await this.#chip.observe()).cycle + ms * CYCLES_A_MS;
    await until(async () => (await this.#chip.observe()).cycle >= endCycle, `${ms} ms`, 60_000);
  }

  async drives(): Promise<SeenDrive[]> {
    return (await this.#chip.observe()).channels.map(({ released, duty }) =>
      released ? "released" : Math.round(duty * 1000)
    );
  }

  async reset(): Promise<boolean> {
    await this.#chip.reset("external");
    await this.pass(START_MS);
    return true;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#end.close();
    await this.#chip[Symbol.asyncDispose]();
  }
}
