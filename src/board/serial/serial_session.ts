/**
 * A port from its opening to its end: watches the device, moves bytes both ways, and gives it back.
 *
 * @module
 */
import { systemClock } from "../../clock.ts";
import { POLL } from "./platform.ts";
import { Receiver } from "./receiver.ts";
import { closedError, type SerialDevice, unpluggedError } from "./serial_device.ts";
import { SerialError } from "./serial_error.ts";
import type { SerialSettings } from "./serial_options.ts";
import { Transmitter } from "./transmitter.ts";

/** How long what is written may still be sent after the port was closed. */
const CLOSE_DRAIN_MS = 500;
/** How often is looked whether everything is sent: nothing announces it. */
const DRAIN_LOOK_MS = 5;
/** How long DTR is down for a reset: a capacitor discharges meanwhile. */
const RESET_MS = 100;
/** How long a bootloader may wait for a new program before it starts the old one. */
const BOOT_MS = 2000;

/** One opening of a port. */
export class SerialSession {
  /** Resolves when the device is given back; never rejects. */
  readonly ended: Promise<void>;
  readonly device: SerialDevice;
  readonly receiver: Receiver;
  readonly transmitter: Transmitter;
  readonly #stop = new AbortController();
  #lost: SerialError | null = null;

  /** Takes over a device that is set up. */
  constructor(device: SerialDevice, { bufferSize }: SerialSettings) {
    this.device = device;
    const wake = (): void => device.wake();
    this.receiver = new Receiver(bufferSize, wake, () => this.#forgetInput());
    this.transmitter = new Transmitter(device, bufferSize, {
      onFull: wake,
      drain: (signal) => this.drain(signal),
    });
    this.ended = this.#run();
  }

  /** Why it is over before it was closed; null while it is not. */
  get lost(): SerialError | null {
    return this.#lost;
  }

  /**
   * Resets what is connected, and waits for its bootloader when it should.
   * @throws {SerialError} when the port has no DTR, or ends meanwhile
   */
  async reset(policy: SerialSettings["resetOnOpen"]): Promise<void> {
    if (policy === "never") return;
    this.device.setSignals({ dataTerminalReady: false, requestToSend: false });
    await this.#wait(RESET_MS);
    this.device.setSignals({ dataTerminalReady: true, requestToSend: true });
    if (policy === "always") return;
    await this.#wait(BOOT_MS);
    this.device.flush(true, false);
    this.receiver.clear();
  }

  /**
   * Resolves once everything that was handed over is sent.
   * @throws {SerialError} when the port ends before; or the reason of the signal
   */
  async drain(signal?: AbortSignal): Promise<void> {
    while (!this.device.isSent) {
      await this.#wait(DRAIN_LOOK_MS);
      signal?.throwIfAborted();
    }
  }

  /** Gives the device back. Never throws; takes half a second at most. */
  async close(): Promise<void> {
    this.#stop.abort();
    this.device.wake();
    await this.ended;
  }

  /** Watches until the port is closed or lost, and cleans up. */
  async #run(): Promise<void> {
    try {
      await this.#watch();
    } catch (error) {
      this.#lost = asSerialError(error, this.device.path);
    }
    const reason = this.#lost ?? closedError(this.device.path);
    this.receiver.end(this.#lost);
    this.transmitter.end(reason);
    if (this.#lost === null) await this.#drainAtClose();
    this.device.close(reason);
    this.#stop.abort();
  }

  async #watch(): Promise<void> {
    const { device, receiver, transmitter } = this;
    while (!this.#stop.signal.aborted) {
      const wanted = (receiver.isFull ? 0 : POLL.in) | (transmitter.isWaiting ? POLL.out : 0);
      const found = await device.poll(wanted);
      if (this.#stop.signal.aborted) return;
      if (found & POLL.out) transmitter.resume();
      const isOver = (found & (POLL.hangUp | POLL.error | POLL.invalid)) !== 0;
      if (isOver || found & POLL.in) this.#receive(isOver);
    }
  }

  /** Takes what is there; of a device that has gone, all that it still has to say. */
  #receive(isOver: boolean): void {
    for (let bytes = this.device.read(); bytes !== null; bytes = this.device.read()) {
      this.receiver.push(bytes);
      if (!isOver) return;
    }
    if (isOver) throw unpluggedError(this.device.path);
  }

  async #drainAtClose(): Promise<void> {
    const endMs = systemClock.monotonicMs() + CLOSE_DRAIN_MS;
    try {
      while (!this.device.isSent && systemClock.monotonicMs() < endMs) {
        await new Promise<void>((resolve) => systemClock.after(DRAIN_LOOK_MS, resolve));
      }
    } catch (error) {
      // Unplugged meanwhile: nothing is sent any more.
      if (!(error instanceof SerialError)) throw error;
    }
  }

  /** Waits; when the port ends, it throws why. */
  #wait(ms: number): Promise<void> {
    const { signal } = this.#stop;
    return new Promise((resolve, reject) => {
      const over = (): void => {
        cancel();
        reject(this.#lost ?? closedError(this.device.path));
      };
      const cancel = systemClock.after(ms, () => {
        signal.removeEventListener("abort", over);
        resolve();
      });
      if (signal.aborted) over();
      else signal.addEventListener("abort", over, { once: true });
    });
  }

  #forgetInput(): void {
    if (this.#stop.signal.aborted || this.#lost) return;
    this.device.flush(true, false);
  }
}

function asSerialError(error: unknown, path: string): SerialError {
  if (error instanceof SerialError) return error;
  const found = error instanceof Error ? error.message : String(error);
  return new SerialError(`Cannot use "${path}": ${found}; open it again`, "failed");
}
