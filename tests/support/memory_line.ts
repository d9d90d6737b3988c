import type { Line } from "../../src/board/line.ts";

/** A line whose other end is the test. */
export class MemoryLine implements Line {
  readonly name = "memory";
  readonly readable: ReadableStream<Uint8Array>;
  readonly writable: WritableStream<Uint8Array>;
  /** Called with each chunk that the host writes; what it returns is awaited by the writer. */
  onWrite: (bytes: Uint8Array) => Promise<void> | void = () => {};
  closes = 0;
  #reader!: ReadableStreamDefaultController<Uint8Array>;

  constructor() {
    this.readable = new ReadableStream<Uint8Array>({
      start: (controller) => {
        this.#reader = controller;
      },
    });
    this.writable = new WritableStream<Uint8Array>({ write: (bytes) => this.onWrite(bytes) });
  }

  /** Puts bytes on the line to the host. */
  answer(bytes: Uint8Array): void {
    this.#reader.enqueue(bytes);
  }

  /** The cable comes out: the line ends, or fails with an error. */
  unplug(error?: Error): void {
    if (error) this.#reader.error(error);
    else this.#reader.close();
  }

  close(): Promise<void> {
    this.closes++;
    return Promise.resolve();
  }
}
