/**
 * CRC-16/MCRF4XX: polynomial 0x1021 reflected, start 0xFFFF, no final exclusive or. Half a dozen
 * checksums share the name "CRC16-CCITT"; the check value over "123456789" tells them apart, and
 * here it is 0x6F91.
 *
 * @module
 */

const REFLECTED_POLYNOMIAL = 0x8408;
const START = 0xffff;

const TABLE = Uint16Array.from({ length: 256 }, (_, index) => {
  let crc = index;
  for (let bit = 0; bit < 8; bit++) {
    crc = crc & 1 ? (crc >> 1) ^ REFLECTED_POLYNOMIAL : crc >> 1;
  }
  return crc;
});

/**
 * The CRC of `bytes`. Over data with its own CRC behind it, low byte first, the result is 0.
 *
 * @example
 * ```ts
 * import { crc16 } from "./crc16.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(crc16(new TextEncoder().encode("123456789")), 0x6f91);
 * ```
 */
export function crc16(bytes: Uint8Array): number {
  let crc = START;
  for (const byte of bytes) crc = (crc >> 8) ^ (TABLE[(crc ^ byte) & 0xff] ?? 0);
  return crc;
}
