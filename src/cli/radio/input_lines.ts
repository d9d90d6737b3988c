/**
 * Standard input, line by line.
 *
 * @module
 */

/** More than any message of a network server; a longer line is left out. */
export const MOST_LINE_CHARS = 65_536;

/** The lines of `input`, without their ends, until it ends or `signal` is aborted. */
export async function* inputLines(
  input: ReadableStream<Uint8Array>,
  signal: AbortSignal,
): AsyncGenerator<string> {
  const reader = input.getReader();
  const stop = () => void reader.cancel().catch(() => {});
  signal.addEventListener("abort", stop, { once: true });
  const decoder = new TextDecoder();
  let rest = "";
  let isOverlong = false;
  try {
    for (let ended = signal.aborted; !ended;) {
      const { value, done } = await reader.read();
      ended = done;
      const [first = "", ...more] = `${decoder.decode(value, { stream: !done })}`.split("\n");
      const whole = [rest + first, ...more];
      rest = done ? "" : whole.pop() ?? "";
      for (const line of whole) {
        if (!isOverlong && line.length <= MOST_LINE_CHARS && line.trim() !== "") yield line;
        isOverlong = false;
      }
      if (rest.length > MOST_LINE_CHARS) {
        isOverlong = true;
        rest = "";
      }
    }
  } finally {
    signal.removeEventListener("abort", stop);
    reader.releaseLock();
  }
}
