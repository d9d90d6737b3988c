/**
 * The writing side of an open port: hands over what the system takes, and waits while it takes
 * nothing.
 *
 * @module
 */
import type { SerialDevice } from "./serial_device.ts";
import type { SerialError } from "./serial_error.ts";

/** What a transmitter needs of the port around it. */
export interface TransmitterHooks {
  /** It has begun to wait for room. */
  onFull(): void;
  /** Resolves once everything is sent; rejects when the signal is aborted, or the port ends. */
  drain(signal: AbortSignal): Promise<void>;
}

/** A stream whose writes resolve once the system has taken all of the chunk. */
export class Transmitter {
  readonly #device: SerialDevice;
  readonly #bufferBytes: number;
  readonly #hooks: TransmitterHooks;
  #stream: WritableStream<Uint8Array> | null = null;
  #controller: WritableStreamDefaultController | null = null;
  #room: PromiseWithResolvers<void> | null = null;
  #error: SerialError | null = null;

  constructor(device: SerialDevice, bufferBytes: number, hooks: TransmitterHooks) {
    this.#device = device;
    this.#bufferBytes = bufferBytes;
    this.#hooks = hooks;
  }

  /** Whether a write waits for {@link Transmitter.resume}. */
  get isWaiting(): boolean {
    return this.#room !== null;
  }

  /** The stream; another one after the last was closed or aborted. */
  get stream(): WritableStream<Uint8Array> {
    this.#stream ??= new WritableStream<Uint8Array>({
      start: (controller) => {
        this.#controller = controller;
        if (this.#error) controller.error(this.#error);
        // The stream asks for an abort only once the write under way has ended.
        controller.signal.addEventListener("abort", () => this.resume(), { once: true });
      },
      write: (bytes, { signal }) => this.#write(bytes, signal),
      close: () => this.#close(),
      abort: () => this.#abort(),
    }, new ByteLengthQueuingStrategy({ highWaterMark: this.#bufferBytes }));
    return this.#stream;
  }

  /** The system takes bytes again. */
  resume(): void {
    const room = this.#room;
    this.#room = null;
    room?.resolve();
  }

  /** Nothing can be written any more. */
  end(error: SerialError): void {
    if (this.#error) return;
    this.#error = error;
    this.#controller?.error(error);
    this.resume();
  }

  async #write(bytes: Uint8Array, signal: AbortSignal): Promise<void> {
    let rest = bytes;
    while (!this.#error && !signal.aborted) {
      rest = rest.subarray(this.#device.write(rest));
      if (rest.length === 0) return;
      this.#room ??= Promise.withResolvers();
      const { promise } = this.#room;
      this.#hooks.onFull();
      await promise;
    }
    throw this.#error ?? signal.reason;
  }

  async #close(): Promise<void> {
    if (this.#controller) await this.#hooks.drain(this.#controller.signal);
    this.#forget();
  }

  #abort(): void {
    this.#forget();
    this.resume();
    if (!this.#error) this.#device.flush(false, true);
  }

  #forget(): void {
    this.#stream = null;
    this.#controller = null;
  }
}
