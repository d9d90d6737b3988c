/**
 * This end of a connection.
 *
 * @module
 */
import type { Clock } from "../../clock.ts";
import { SHUT_RD, SHUT_RDWR, SHUT_WR } from "../constants.ts";
import { Inbox } from "./inbox.ts";
import { lateError, socketError, socketFailure } from "../socket_error.ts";
import type { OptionName } from "../socket_options.ts";
import { WriteQueue } from "../write_queue.ts";
import type { StreamConn } from "./stream_conn.ts";

/** How long what was sent may still take to go out, unless told otherwise, in milliseconds. */
export const LINGER_MS = 10_000;
/** What one `send` takes at most. */
const SEND_BYTES = 65536;

/** What is received, what is sent, and how that ends. */
export class StreamEnd {
  readonly conn: StreamConn;
  readonly inbox: Inbox;
  /** How long closing may take to send what waits; 0 ends with a reset, where there is one. */
  lingerMs: number = LINGER_MS;
  readonly #writer: WriteQueue;
  #isSendingShut = false;

  constructor(conn: StreamConn, clock: Clock) {
    this.conn = conn;
    this.inbox = new Inbox(conn, clock);
    this.#writer = new WriteQueue(conn, clock, (cause) => socketFailure("send", cause));
  }

  /**
   * Sends the first bytes, and what the system has begun to take counts as sent.
   *
   * @returns How many.
   */
  sendSome(bytes: Uint8Array, timeoutMs: number): Promise<number> {
    return this.#send(
      bytes.subarray(0, SEND_BYTES),
      timeoutMs,
      (sent) => sent > 0 ? null : lateError("send", timeoutMs),
    );
  }

  /** Sends all bytes, or, without any time to wait, as many as the system takes. */
  sendAll(bytes: Uint8Array, timeoutMs: number): Promise<number> {
    return this.#send(
      bytes,
      timeoutMs,
      (sent) => timeoutMs === 0 && sent > 0 ? null : lateError("send all", timeoutMs, sent),
    );
  }

  #send(
    bytes: Uint8Array,
    timeoutMs: number,
    late: (sentBytes: number) => Error | null,
  ): Promise<number> {
    if (this.#isSendingShut) return Promise.reject(socketError("send", "EPIPE"));
    // Without a time limit nobody gives up, so nothing has to be copied.
    const chunkBytes = timeoutMs === Infinity ? Infinity : SEND_BYTES;
    return this.#writer.write(bytes, { timeoutMs }, late, chunkBytes);
  }

  setOption(name: OptionName, value: boolean): void {
    if (name === "noDelay") this.conn.setNoDelay?.(value);
    if (name === "keepAlive") this.conn.setKeepAlive?.(value);
  }

  /** Ends one direction or both; what was sent before still goes out. */
  async shutdown(how: number): Promise<void> {
    if (!(how >= 0 && how <= SHUT_RDWR)) throw socketError(`shut down ${how}`, "EINVAL");
    if (how !== SHUT_WR) await this.inbox.stop();
    if (how === SHUT_RD || this.#isSendingShut) return;
    this.#isSendingShut = true;
    try {
      await this.#flush(LINGER_MS);
      await this.conn.closeWrite();
    } catch (cause) {
      throw socketFailure("shut down", cause);
    }
  }

  /** Ends every wait with this error, and the connection when what was sent has gone out. */
  async close(error: Error): Promise<void> {
    this.inbox.fail(error);
    this.#isSendingShut = true;
    try {
      if (this.#writer.queuedBytes > 0 && !this.#isReset) await this.#flush(this.lingerMs);
    } catch {
      // It cannot go out any more: the peer is gone.
    } finally {
      if (this.#isReset) this.conn.reset?.();
      this.conn.close();
      this.#writer.fail(error);
    }
  }

  get #isReset(): boolean {
    return this.lingerMs === 0 && this.conn.reset !== undefined;
  }

  async #flush(timeoutMs: number): Promise<void> {
    const nothing = new Uint8Array(0);
    await this.#writer.write(nothing, { timeoutMs }, () => null);
  }
}
