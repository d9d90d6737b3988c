/**
 * The reading side of an open port: keeps what has arrived until somebody reads it.
 *
 * @module
 */
import type { SerialError } from "./serial_error.ts";

/** A stream of what is pushed; nothing that was pushed before an error is lost to its reader. */
export class Receiver {
  readonly #limitBytes: number;
  readonly #onRoom: () => void;
  readonly #onCancel: () => void;
  #waiting: Uint8Array<ArrayBuffer>[] = [];
  #waitingBytes = 0;
  #stream: ReadableStream<Uint8Array> | null = null;
  #controller: ReadableByteStreamController | null = null;
  /** A reader waits for the next bytes. */
  #isWanted = false;
  #error: SerialError | null = null;
  #hasEnded = false;

  /**
   * @param limitBytes from how many waiting bytes on it is full.
   * @param onRoom it was full and is not any more.
   * @param onCancel the reader wants no more; the next stream begins anew.
   */
  constructor(limitBytes: number, onRoom: () => void, onCancel: () => void) {
    this.#limitBytes = limitBytes;
    this.#onRoom = onRoom;
    this.#onCancel = onCancel;
  }

  /** Whether nothing should be pushed until somebody reads. */
  get isFull(): boolean {
    return this.#waitingBytes >= this.#limitBytes;
  }

  /** The stream; another one after the last was cancelled. */
  get stream(): ReadableStream<Uint8Array> {
    this.#stream ??= new ReadableStream({
      type: "bytes",
      start: (controller) => {
        this.#controller = controller;
      },
      pull: () => this.#pull(),
      cancel: () => this.#cancel(),
    });
    // A stream that is made after the end has to learn of it.
    if (this.#hasEnded) this.#settle();
    return this.#stream;
  }

  /** Takes what has arrived. */
  push(bytes: Uint8Array<ArrayBuffer>): void {
    if (this.#hasEnded) return;
    if (this.#isWanted) {
      this.#isWanted = false;
      this.#controller?.enqueue(bytes);
    } else {
      this.#waiting.push(bytes);
      this.#waitingBytes += bytes.length;
    }
  }

  /** Forgets what nobody has read yet. */
  clear(): void {
    const wasFull = this.isFull;
    this.#waiting = [];
    this.#waitingBytes = 0;
    if (wasFull) this.#onRoom();
  }

  /** Nothing more will come: for a reason, which the reader gets after what waits; or at once. */
  end(error: SerialError | null): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#error = error;
    if (error === null) this.clear();
    this.#settle();
  }

  #pull(): void {
    const bytes = this.#waiting.shift();
    if (bytes === undefined) {
      this.#isWanted = true;
      this.#settle();
      return;
    }
    const wasFull = this.isFull;
    this.#waitingBytes -= bytes.length;
    this.#controller?.enqueue(bytes);
    if (wasFull && !this.isFull) this.#onRoom();
  }

  /** Ends the stream, once it has ended and given everything away. */
  #settle(): void {
    const controller = this.#controller;
    if (!this.#hasEnded || this.#waiting.length > 0 || controller === null) return;
    this.#controller = null;
    if (this.#error) return controller.error(this.#error);
    controller.close();
    controller.byobRequest?.respond(0);
  }

  #cancel(): void {
    this.#controller = null;
    this.#stream = null;
    this.#isWanted = false;
    this.clear();
    this.#onCancel();
  }
}
