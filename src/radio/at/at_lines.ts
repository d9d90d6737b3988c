/**
 * Lines out of the bytes of a modem, whatever else comes with them. Pure.
 *
 * @module
 */

/** The longest downlink of LoRaWAN in hexadecimal, with what is said of it, and some to spare. */
export const MOST_LINE_BYTES = 600;

const CR = 0x0d;
const LF = 0x0a;

/** Takes bytes as they come and gives whole lines of printable ASCII, without their ends. */
export class AtLines {
  /** Lines that were dropped because they were too long. */
  overlong = 0;
  /** Lines that were dropped because of bytes that no modem says. */
  garbled = 0;
  #line = "";
  #isOverlong = false;
  #isGarbled = false;

  /** The lines that `bytes` completes; empty ones are left out. */
  push(bytes: Uint8Array): string[] {
    const lines: string[] = [];
    for (const byte of bytes) {
      if (byte === CR || byte === LF) this.#end(lines);
      else if (byte < 0x20 || byte > 0x7e) this.#isGarbled = true;
      else if (this.#line.length >= MOST_LINE_BYTES) this.#isOverlong = true;
      else this.#line += String.fromCharCode(byte);
    }
    return lines;
  }

  #end(lines: string[]): void {
    const line = this.#line.trim();
    if (this.#isOverlong) this.overlong++;
    else if (this.#isGarbled) this.garbled++;
    else if (line !== "") lines.push(line);
    this.#line = "";
    this.#isOverlong = false;
    this.#isGarbled = false;
  }
}
