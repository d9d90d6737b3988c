/**
 * Consistent overhead byte stuffing: bytes without a zero among them, so that one zero on the line
 * always is the end of a frame, whatever was lost before it.
 *
 * @module
 */

/** A code byte of this value leads 254 data bytes and stands for no zero behind them. */
const LONGEST_CODE = 0xff;

/** The stuffed form of `payload`, without the zero that ends a frame. */
export function encodeCobs(payload: Uint8Array): Uint8Array {
  const line = new Uint8Array(payload.length + Math.floor(payload.length / 254) + 1);
  let codeAt = 0;
  let end = 1;
  let code = 1;
  const closeBlock = (): void => {
    line[codeAt] = code;
    codeAt = end++;
    code = 1;
  };
  for (const byte of payload) {
    if (code === LONGEST_CODE) closeBlock();
    if (byte === 0) {
      closeBlock();
    } else {
      line[end++] = byte;
      code++;
    }
  }
  line[codeAt] = code;
  return line.subarray(0, end);
}

/**
 * What {@link encodeCobs} was given, or null when `line` is not such a form: cut short, or with a
 * zero in it.
 */
export function decodeCobs(line: Uint8Array): Uint8Array | null {
  const payload = new Uint8Array(line.length);
  let length = 0;
  let at = 0;
  while (at < line.length) {
    const code = line[at++] ?? 0;
    const end = at + code - 1;
    if (code === 0 || end > line.length) return null;
    for (; at < end; at++) {
      const byte = line[at] ?? 0;
      if (byte === 0) return null;
      payload[length++] = byte;
    }
    if (code !== LONGEST_CODE && at < line.length) payload[length++] = 0;
  }
  return payload.subarray(0, length);
}
