/**
 * What the world sees of a chip's PWM outputs: compare registers as they are written, and, with
 * running timers, every edge of the fans' lines and how long each was high.
 *
 * @module
 */
import type { Chip } from "./chip.ts";
import type { FanDrive } from "./fan_model.ts";
import { levelDrive, timerOf } from "./output_stage.ts";

/** Called when the firmware writes a compare register; the write is at that cycle. */
export type CompareListener = (channel: number, value: number, cycle: number) => void;

/** Follows the compare registers of all channels. */
export class CompareWatch {
  /** What was last written, by channel; zeros after a reset. */
  readonly values: number[];
  readonly #listener: CompareListener;

  constructor(chip: Chip, listener: CompareListener) {
    this.values = chip.part.outputs.map(() => 0);
    this.#listener = listener;
    this.attach(chip);
  }

  /** Follows the registers of a chip that has just been reset. */
  attach(chip: Chip): void {
    this.values.fill(0);
    const { cpu, part } = chip;
    for (const [channel, output] of part.outputs.entries()) {
      const timer = timerOf(part, output);
      const address = timer[`OCR${output.unit}`];
      const inner = cpu.writeHooks[address];
      cpu.writeHooks[address] = (value, before, at, mask) => {
        const high = timer.bits === 16 ? cpu.data[address + 1] ?? 0 : 0;
        this.values[channel] = (high << 8) | value;
        this.#listener(channel, this.values[channel], cpu.cycles);
        return inner?.(value, before, at, mask);
      };
    }
  }
}

/** Called when a fan's line changes; the edge is at that cycle. */
export type EdgeListener = (channel: number, drive: FanDrive, cycle: number) => void;

/** How long one fan's line was high. */
class Meter {
  drive: FanDrive = "released";
  #startCycle: number;
  #sinceCycle: number;
  #highCycles = 0;

  constructor(nowCycle: number) {
    this.#startCycle = nowCycle;
    this.#sinceCycle = nowCycle;
  }

  change(drive: FanDrive, nowCycle: number): void {
    if (this.drive !== 0) this.#highCycles += nowCycle - this.#sinceCycle;
    this.#sinceCycle = nowCycle;
    this.drive = drive;
  }

  /** The mean since the last call. */
  take(nowCycle: number): FanDrive {
    this.change(this.drive, nowCycle);
    const spanCycles = nowCycle - this.#startCycle;
    const permille = spanCycles > 0 ? 1000 * this.#highCycles / spanCycles : 1000;
    this.#startCycle = nowCycle;
    this.#highCycles = 0;
    return this.drive === "released" && permille === 1000 ? "released" : permille;
  }
}

/** Follows the levels of all fans' lines; needs a chip whose timers run. */
export class EdgeWatch {
  readonly #meters: Meter[];
  readonly #listener: EdgeListener;

  constructor(chip: Chip, listener: EdgeListener) {
    this.#listener = listener;
    this.#meters = chip.part.outputs.map(() => new Meter(chip.cycles));
    this.attach(chip);
  }

  /** Follows the pins of a chip that has just been reset: its pins are inputs again. */
  attach(chip: Chip): void {
    for (const letter of new Set(chip.part.outputs.map((output) => output.port))) {
      chip.port(letter).addListener(() => this.#look(chip));
    }
    this.#look(chip);
  }

  /** The mean drive of a channel since this was last asked. */
  take(channel: number, nowCycle: number): FanDrive {
    const meter = this.#meters[channel];
    if (!meter) throw new RangeError(`there is no channel ${channel}`);
    return meter.take(nowCycle);
  }

  #look(chip: Chip): void {
    for (const [channel, output] of chip.part.outputs.entries()) {
      const meter = this.#meters[channel];
      const drive = levelDrive(chip, output);
      if (!meter || drive === meter.drive) continue;
      meter.change(drive, chip.cycles);
      this.#listener(channel, drive, chip.cycles);
    }
  }
}
