/**
 * One output of a chip: its duty `pwmN`, its mode `pwmN_enable` and its tachometer `fanN_input`.
 * `pwmN_mode` (a chopped or a steady voltage) is the board maker's business and left alone.
 *
 * @module
 */
import { BoardError } from "../../errors.ts";
import { type Libc, LibcError } from "../../libc/libc.ts";
import { readAttribute } from "../../libc/hwmon_chips.ts";
import { describeChip, type OutputPlace } from "./find_chip.ts";

/** What is needed of the C library. */
export type ChipFiles = Pick<Libc, "readFile" | "writeFile" | "listDirectory" | "realPath">;

/** The greatest `pwmN`. */
export const FULL_VALUE = 255;
/** The mode in which `pwmN` is obeyed. */
export const MANUAL_MODE = "1";
/** Larger ones are what a chip makes of noise, or of no tachometer at all. */
const MOST_RPM = 30_000;
/** Open fails with these when the driver, or the device, is gone. */
const GONE = [2, 6, 19];
/** A driver that is busy with its own reading of the chip is not for long. */
const ATTEMPTS = 3;

/** What an output was like; null for what cannot be read. */
export interface Original {
  readonly mode: string | null;
  readonly value: string | null;
}

/** What a tachometer tells; `implausible` is no speed. */
export type Speed = number | "implausible" | null;

/** The chip is there no more, so nothing of it can be used. */
export class ChipGoneError extends BoardError {}

/** Reads and writes one output. Methods throw {@link ChipGoneError} when the chip has gone. */
export class Output {
  readonly place: OutputPlace;
  readonly #files: ChipFiles;
  readonly #chip: string;

  constructor(place: OutputPlace, chip: { chip: string; device: string }, files: ChipFiles) {
    this.place = place;
    this.#files = files;
    this.#chip = describeChip(chip);
  }

  /** For messages: `pwm2 of nct6775 at devices/platform/nct6775.656`. */
  get title(): string {
    return `${this.place.name} of ${this.#chip}`;
  }

  /** What it is like now. */
  async original(): Promise<Original> {
    let mode: string | null = null;
    let value: string | null = null;
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      mode ??= await this.mode();
      value ??= await this.#read(this.place.name);
    }
    return { mode, value };
  }

  /** Its mode as the driver tells it; null when it has none, or does not tell it. */
  async mode(): Promise<string | null> {
    return this.place.hasMode ? await this.#read(`${this.place.name}_enable`) : null;
  }

  /** Its duty, 0..255; null when the driver does not tell it. */
  async value(): Promise<number | null> {
    const text = await this.#read(this.place.name);
    return text !== null && /^\d{1,3}$/.test(text) ? Math.min(FULL_VALUE, Number(text)) : null;
  }

  /** The speed of its fan; null when it is not known. */
  async speed(): Promise<Speed> {
    const { fan, tellsFault } = this.place;
    if (fan === null) return null;
    if (tellsFault && await this.#read(`fan${fan}_fault`) === "1") return "implausible";
    const text = await this.#read(`fan${fan}_input`);
    if (text === null || !/^-?\d{1,9}$/.test(text)) return null;
    const rpm = Number(text);
    return rpm >= 0 && rpm <= MOST_RPM ? rpm : "implausible";
  }

  /** Sets its mode; nothing happens when it has none. @throws {LibcError} when that is refused */
  async setMode(mode: string): Promise<void> {
    if (this.place.hasMode) await this.#write(`${this.place.name}_enable`, mode);
  }

  /** Sets its duty, 0..255. @throws {LibcError} when that is refused */
  async setValue(value: number | string): Promise<void> {
    await this.#write(this.place.name, String(value));
  }

  /** An attribute, or null when it does not read now, or never. */
  async #read(name: string): Promise<string | null> {
    try {
      return await readAttribute(this.#files, `${this.place.directory}/${name}`);
    } catch (error) {
      this.#checkGone(error);
      if (error instanceof LibcError) return null;
      throw error;
    }
  }

  async #write(name: string, text: string): Promise<void> {
    for (let attempt = 1;; attempt++) {
      try {
        return await this.#files.writeFile(`${this.place.directory}/${name}`, text);
      } catch (error) {
        this.#checkGone(error);
        if (!(error instanceof LibcError) || attempt === ATTEMPTS) throw error;
      }
    }
  }

  #checkGone(error: unknown): void {
    if (!(error instanceof LibcError) || !GONE.includes(error.errno ?? 0)) return;
    throw new ChipGoneError(
      `Cannot drive ${this.title}: it has gone; load its driver again`,
      { cause: error },
    );
  }
}
