/**
 * Intel HEX, the text form of a firmware image. Pure.
 *
 * @module
 */
import { BoardError } from "../../errors.ts";

const DATA = 0x00;
const END_OF_FILE = 0x01;
const EXTENDED_SEGMENT = 0x02;
const START_SEGMENT = 0x03;
const EXTENDED_LINEAR = 0x04;
const START_LINEAR = 0x05;

/**
 * The flash contents that an Intel HEX text describes, of `flashBytes` bytes; what the text does
 * not name is erased (0xff).
 * @throws BoardError for a line that is not a record, has a wrong checksum or lies outside of the
 * flash, and for a text without an end record
 */
export function parseIntelHex(text: string, flashBytes: number): Uint8Array {
  const flash = new Uint8Array(flashBytes).fill(0xff);
  let base = 0;
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line === "") continue;
    const record = parseRecord(line, index + 1);
    if (record.type === END_OF_FILE) return flash;
    if (record.type === DATA) {
      const address = base + record.address;
      if (address + record.data.length > flashBytes) {
        throw badImage(index + 1, `address ${address} is outside of ${flashBytes} bytes of flash`);
      }
      flash.set(record.data, address);
    } else if (record.type === EXTENDED_SEGMENT || record.type === EXTENDED_LINEAR) {
      const value = ((record.data[0] ?? 0) << 8) | (record.data[1] ?? 0);
      base = value * (record.type === EXTENDED_SEGMENT ? 16 : 65_536);
    } else if (record.type !== START_SEGMENT && record.type !== START_LINEAR) {
      throw badImage(index + 1, `record type ${record.type} is unknown`);
    }
  }
  throw new BoardError(
    "Cannot read the firmware image: it has no end record; copy or build the .hex file again",
  );
}

function parseRecord(
  line: string,
  number: number,
): { type: number; address: number; data: Uint8Array } {
  if (!/^:(?:[0-9a-fA-F]{2}){5,}$/.test(line)) throw badImage(number, "this is not a record");
  const bytes = Uint8Array.fromHex(line.slice(1));
  const [length = 0, high = 0, low = 0, type = 0] = bytes;
  if (bytes.length !== length + 5) {
    throw badImage(number, `${length} data bytes are told and ${bytes.length - 5} are there`);
  }
  if (bytes.reduce((sum, byte) => (sum + byte) & 0xff, 0) !== 0) {
    throw badImage(number, "the checksum is wrong");
  }
  return { type, address: (high << 8) | low, data: bytes.subarray(4, -1) };
}

function badImage(line: number, found: string): BoardError {
  return new BoardError(
    `Cannot read the firmware image: line ${line}: ${found}; copy or build the .hex file again`,
  );
}
