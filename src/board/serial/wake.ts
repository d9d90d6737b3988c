/**
 * A pipe to oneself: what ends a `poll` before its time.
 *
 * @module
 */
import type { SerialLibrary } from "./serial_library.ts";
import { systemFailure } from "./system_failure.ts";

/** Both ends of the pipe. */
export class Wake {
  /** What `poll` watches beside the port: readable when somebody has called. */
  readonly fd: number;
  readonly #library: SerialLibrary;
  readonly #writeFd: number;
  readonly #scratch = new Uint8Array(16);
  #called = false;

  /** @throws {SerialError} when this process has too many files open. */
  constructor(library: SerialLibrary) {
    this.#library = library;
    const fds = new Int32Array(2);
    if (library.symbols.pipe(fds) < 0) throw systemFailure(library, "open a serial port");
    [this.fd = -1, this.#writeFd = -1] = fds;
    for (const fd of fds) library.keepFromChildren(fd);
  }

  /** Ends the `poll` of now, or the next one. At most one byte is in the pipe: it never blocks. */
  call(): void {
    if (this.#called) return;
    this.#called = true;
    this.#library.symbols.write(this.#writeFd, this.#scratch, 1n);
  }

  /** Takes the call back, once `poll` has told it. */
  answer(): void {
    if (!this.#called) return;
    this.#called = false;
    this.#library.symbols.read(this.fd, this.#scratch, 1n);
  }

  /** Closes both ends. */
  close(): void {
    this.#library.symbols.close(this.fd);
    this.#library.symbols.close(this.#writeFd);
  }
}
