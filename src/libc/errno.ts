/**
 * Why a call of the C library failed. Deno lets nobody look at a pointer without the whole of
 * --allow-ffi, so the C library copies what it points at into a buffer of ours.
 *
 * @module
 */

const isMacos = Deno.build.os === "darwin";

/** What a library must be opened with, besides its own symbols, for the functions here. */
export const ERRNO_SYMBOLS = {
  __errno_location: {
    name: isMacos ? "__error" : "__errno_location",
    parameters: [],
    result: "pointer",
  },
  memcpy: { parameters: ["buffer", "pointer", "usize"], result: "pointer" },
  __xpg_strerror_r: {
    name: isMacos ? "strerror_r" : "__xpg_strerror_r",
    parameters: ["i32", "buffer", "usize"],
    result: "i32",
  },
} as const;

type ErrnoSymbols = Deno.StaticForeignLibraryInterface<typeof ERRNO_SYMBOLS>;

const TEXT_BYTES = 256;

/**
 * The error number of the last call. To be asked for at once after a synchronous call that has
 * failed; of a nonblocking call it tells nothing, for that one ran on another thread.
 */
export function lastErrno(symbols: ErrnoSymbols): number {
  const errno = new Int32Array(1);
  symbols.memcpy(errno, symbols.__errno_location(), 4n);
  return errno[0] ?? 0;
}

/** The C library's words for an error number: `No such file or directory`. */
export function errnoText(symbols: ErrnoSymbols, errno: number): string {
  const text = new Uint8Array(TEXT_BYTES);
  if (symbols.__xpg_strerror_r(errno, text, BigInt(TEXT_BYTES)) !== 0) return `error ${errno}`;
  return new TextDecoder().decode(text.subarray(0, text.indexOf(0)));
}
