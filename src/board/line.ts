/**
 * The byte line between a host and a fan board, in the shape of Web Serial's port: two streams
 * and a close. The driver knows nothing else, so a serial port, a TCP line and the simulated
 * board are the same to it.
 *
 * @module
 */

/** An open, exclusive line to one board. */
export interface Line {
  /** What it is, for messages: `sim:7`, a device path, a host and port. */
  readonly name: string;
  /** Bytes from the board; ends or fails when the board is gone. */
  readonly readable: ReadableStream<Uint8Array>;
  /** Bytes to the board; a chunk is taken once its `write` resolves. */
  readonly writable: WritableStream<Uint8Array>;
  /**
   * Gives the line back. Never throws, never hangs, may be called twice; both streams end, also
   * when a reader or writer still holds them.
   */
  close(): Promise<void>;
}
