/**
 * A radio agent's end of the air: reports in a pace that the duty cycle allows, and hears orders.
 *
 * @module
 */
import type { Clock } from "../../clock.ts";
import type { Log } from "../../log.ts";
import { AF_LORA, SO_DR, SOCK_RAW, SOL_LORA } from "../../sockets/constants.ts";
import { Socket } from "../../sockets/socket.ts";
import { SocketError } from "../../sockets/socket_error.ts";
import { RadioError } from "../../sockets/radio/radio_error.ts";
import { RADIO_PORT } from "../../wire/radio/limits.ts";
import { Wakeup } from "../wakeup.ts";

/** What a link works with. */
export interface RadioLinkOptions {
  readonly clock: Clock;
  readonly log: Log;
  /** So often a report goes out. */
  readonly everyMs: number;
  /** So long it waits at least after one of so many bytes. */
  leastWaitMs(bytes: number): number;
  /** The data rate, or null for the region's own. */
  readonly dataRate: number | null;
  /** Whether the radio is on its network. */
  isUp(): boolean;
  /** The next payload to send, or null while there is nothing to say. */
  report(): Uint8Array | null;
  /** Takes a downlink; true when it should be answered soon. */
  onDownlink(payload: Uint8Array): boolean;
}

/** What has happened on the air. */
export interface LinkCounters {
  readonly reports: number;
  readonly failed: number;
  /** Downlinks on another FPort. */
  readonly foreign: number;
}

/** A network is looked for this often. */
const LOOK_MS = 2000;
/** What was not sent is tried again after this, or what the radio says. */
const RETRY_MS = 60_000;
/** More than any downlink has. */
const MOST_BYTES = 255;

/** Speaks for one device. A radio must be attached to this process. */
export class RadioLink {
  readonly #options: RadioLinkOptions;
  readonly #signal: AbortSignal;
  readonly #wakeup: Wakeup;
  readonly #counters = { reports: 0, failed: 0, foreign: 0 };
  #isHurried = false;
  #failures = 0;

  constructor(options: RadioLinkOptions, signal: AbortSignal) {
    this.#options = options;
    this.#signal = signal;
    this.#wakeup = new Wakeup(options.clock, signal);
  }

  /** What has happened on the air. */
  get counters(): LinkCounters {
    return { ...this.#counters };
  }

  /** Runs until the signal is aborted. */
  async run(): Promise<void> {
    const { clock, dataRate } = this.#options;
    const socket = new Socket(AF_LORA, SOCK_RAW, 0, clock);
    const end = () => void socket.close();
    this.#signal.addEventListener("abort", end, { once: true });
    if (this.#signal.aborted) end();
    try {
      if (!this.#signal.aborted) await socket.bind(RADIO_PORT);
      await Promise.all([this.#report(socket, dataRate), this.#hear(socket)]);
    } finally {
      this.#signal.removeEventListener("abort", end);
      await socket.close();
    }
  }

  async #report(socket: Socket, dataRate: number | null): Promise<void> {
    const { clock, everyMs, leastWaitMs, isUp, report } = this.#options;
    while (!this.#signal.aborted) {
      const payload = isUp() ? report() : null;
      if (payload === null) {
        await this.#wakeup.wait(LOOK_MS);
        continue;
      }
      this.#isHurried = false;
      const retryMs = await this.#send(socket, payload, dataRate);
      const leastMs = Math.max(leastWaitMs(payload.length), retryMs ?? 0);
      const usualMs = Math.max(leastMs, Math.min(everyMs, retryMs ?? everyMs));
      const fromMs = clock.monotonicMs();
      for (let leftMs = usualMs; leftMs > 0 && !this.#signal.aborted;) {
        await this.#wakeup.wait(leftMs);
        leftMs = fromMs + (this.#isHurried ? leastMs : usualMs) - clock.monotonicMs();
      }
    }
  }

  /** Sends a report; null when that is done, or after how long to try again. */
  async #send(socket: Socket, payload: Uint8Array, dataRate: number | null) {
    try {
      if (dataRate !== null) socket.setsockopt(SOL_LORA, SO_DR, dataRate);
      await socket.send(payload);
      this.#counters.reports++;
      this.#failures = 0;
      return null;
    } catch (error) {
      if (this.#signal.aborted) return null;
      if (!(error instanceof SocketError)) throw error;
      const waitMs = error.cause instanceof RadioError ? error.cause.waitMs : null;
      this.#counters.failed++;
      if (waitMs === null) this.#failures++;
      const { log } = this.#options;
      // Waiting for the duty cycle is how it should be.
      if (waitMs === null && this.#failures === 1) log.warn(`${error.message}; reporting later`);
      else log.debug(error.message);
      return waitMs ?? RETRY_MS;
    }
  }

  async #hear(socket: Socket): Promise<void> {
    while (!this.#signal.aborted) {
      try {
        const [payload, port] = await socket.recvfrom<number>(MOST_BYTES);
        if (port !== RADIO_PORT) this.#counters.foreign++;
        else if (this.#options.onDownlink(payload)) {
          this.#isHurried = true;
          this.#wakeup.wake();
        }
      } catch (error) {
        if (!this.#signal.aborted) throw error;
      }
    }
  }
}
