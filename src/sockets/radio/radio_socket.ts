/**
 * What the sockets of both families of radios have in common.
 *
 * @module
 */
import type { Clock } from "../../clock.ts";
import { MSG_PEEK, SOCK_RAW } from "../constants.ts";
import type { PacketCore } from "../packet_core.ts";
import type { SocketAddress } from "../socket_address.ts";
import {
  SocketError,
  socketError,
  type SocketErrorCode,
  socketFailure,
  SocketTimeout,
} from "../socket_error.ts";
import { Waiter } from "../waiter.ts";
import type { Radio } from "./radio.ts";
import { RadioError, type RadioFailure } from "./radio_error.ts";
import type { Station } from "./station.ts";

/** What a kernel would say; whatever is not here means that there is no network. */
const CODES: Partial<Record<RadioFailure, SocketErrorCode>> = {
  busy: "EAGAIN",
  restricted: "EAGAIN",
  too_long: "EMSGSIZE",
  unconfirmed: "EAGAIN",
  no_downlink: "EAGAIN",
  refused: "EINVAL",
};

/** A socket of type SOCK_RAW on a radio. */
export abstract class RadioSocket<R extends Radio> implements PacketCore {
  abstract readonly family: number;
  readonly type = SOCK_RAW;
  /** `Infinity` blocks, 0 never does. */
  timeoutMs = Infinity;
  protected readonly station: Station<R>;
  readonly #clock: Clock;
  readonly #readers: Set<Waiter<void>> = new Set();
  readonly #senders: Set<Waiter<void>> = new Set();
  #isClosed = false;

  constructor(station: Station<R>, clock: Clock) {
    this.station = station;
    this.#clock = clock;
    station.inbox.listen(this.#wake);
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  get dropped(): number {
    return this.station.inbox.dropped;
  }

  abstract bind(address: SocketAddress | number): Promise<void>;
  abstract send(bytes: Uint8Array, address: SocketAddress | null): Promise<number>;
  abstract setsockopt(level: number, option: number, value: number | boolean | Uint8Array): void;

  connect(): Promise<void> {
    return Promise.reject(this.refusal("connect"));
  }

  getsockname(): SocketAddress {
    throw this.refusal("tell the address");
  }

  getpeername(): SocketAddress {
    throw this.refusal("tell the peer");
  }

  async receive(
    bufsize: number,
    flags: number,
    timeoutMs: number,
  ): Promise<[Uint8Array<ArrayBuffer>, SocketAddress | number]> {
    this.check("receive");
    const endMs = this.#clock.monotonicMs() + timeoutMs;
    for (let leftMs = timeoutMs;; leftMs = Math.max(0, endMs - this.#clock.monotonicMs())) {
      const packet = this.station.inbox.take(bufsize, (flags & MSG_PEEK) !== 0);
      if (packet !== null) return [packet.bytes, packet.port];
      // Without waiting, nothing is no error here.
      if (timeoutMs === 0) return [new Uint8Array(0), 0];
      const late = (waiter: Waiter<void>): void => waiter.reject(new SocketTimeout("receive"));
      await new Waiter<void>(this.#readers, this.#clock, { timeoutMs: leftMs }, late).promise;
    }
  }

  /** Ends every wait with EBADF; frames that were taken are still sent. */
  close(): Promise<void> {
    this.#isClosed = true;
    this.station.inbox.leave(this.#wake);
    for (const waiter of [...this.#readers, ...this.#senders]) {
      waiter.reject(socketError("go on", "EBADF"));
    }
    return Promise.resolve();
  }

  check(action: string): void {
    if (this.#isClosed) throw socketError(action, "EBADF");
  }

  /** The error of an operation that these sockets do not have. */
  protected refusal(action: string): SocketError {
    return new SocketError(`${action} with a radio`, "EOPNOTSUPP", "use send and recv");
  }

  /**
   * Hands a frame to the radio. Who blocks waits until it is sent; a time limit ends the wait, and
   * the frame goes its way.
   */
  protected async transmit(action: string, send: (radio: R) => Promise<void>): Promise<void> {
    const { station, timeoutMs } = this;
    if (!station.isUp) throw new SocketError(action, "ENETDOWN", "wait until it has joined");
    if (!station.hasRoom) throw socketError(action, "EAGAIN");
    const sent = station.send(send);
    if (timeoutMs === 0) {
      // Who does not wait is not told; the radio counts it.
      sent.catch(() => {});
      return;
    }
    const late = (waiter: Waiter<void>): void => waiter.reject(new SocketTimeout(action));
    const waiter = new Waiter<void>(this.#senders, this.#clock, { timeoutMs }, late);
    sent.then(
      () => waiter.resolve(),
      (cause) => waiter.reject(transmitFailure(action, cause)),
    );
    await waiter.promise;
  }

  /** A downlink is there: whoever of this socket waits first may take it. */
  readonly #wake = (): boolean => {
    const [first] = this.#readers;
    first?.resolve();
    return first !== undefined;
  };
}

function transmitFailure(action: string, cause: unknown): Error {
  if (!(cause instanceof RadioError)) return socketFailure(action, cause);
  const remedy = cause.message.replace(/^Cannot /, "the radio cannot ");
  return new SocketError(action, CODES[cause.reason] ?? "ENETDOWN", remedy, { cause });
}
