/**
 * The receiving side of a connection.
 *
 * @module
 */
import type { Clock } from "../../clock.ts";
import { ByteQueue } from "./byte_queue.ts";
import { lateError, socketError, socketFailure } from "../socket_error.ts";
import { type ByteSource, StickyReader } from "../sticky_reader.ts";
import { Line, Waiter } from "../waiter.ts";

/** Bytes that may wait for a long `read` or `readline`; one that wants more fails with ENOBUFS. */
export const MAX_BUFFERED_BYTES: number = 64 << 20;

/** What can be read from, and can be left behind by a process that ends. */
export interface InboxSource extends ByteSource {
  /** Reading keeps the process alive. */
  ref(): void;
  /** Reading does not keep the process alive. */
  unref(): void;
}

/** More bytes may come; they may, but there is no time to wait for them; or none will. */
export type Moment = "open" | "late" | "end";

/**
 * Takes what it wants from the bytes, or gives undefined to wait for more, or for what is an error
 * then when it is late. At the end it must be content with what there is.
 */
export type Take<T> = (bytes: ByteQueue, when: Moment) => T | undefined;

/** Somebody who reads. */
class Reader extends Waiter<unknown> {
  constructor(
    queue: Line<Reader>,
    clock: Clock,
    readonly timeoutMs: number,
    onTimeout: (reader: Reader) => void,
    readonly action: string,
    readonly take: Take<unknown>,
    readonly holder: object,
  ) {
    super(queue, clock, { timeoutMs }, onTimeout as (late: Waiter<unknown>) => void);
  }
}

/** Gives what comes to those who read, one after the other; who gives up takes nothing with him. */
export class Inbox {
  readonly #source: InboxSource;
  readonly #clock: Clock;
  readonly #reader: StickyReader;
  readonly #bytes = new ByteQueue();
  readonly #readers: Line<Reader> = new Line();
  /** Why reading stopped, until somebody has been told. */
  #failure: unknown = null;
  #isEnd = false;
  #isLeft = false;

  /** @param clock Its delay of 0 lets the system hand over what it has. */
  constructor(source: InboxSource, clock: Clock) {
    this.#source = source;
    this.#clock = clock;
    this.#reader = new StickyReader(source, {
      onBytes: (buffer, count) => {
        this.#bytes.lend(buffer, count);
        this.#serve();
      },
      onEnd: (error) => {
        this.#failure ??= error;
        this.#end();
      },
    });
  }

  /**
   * Waits until `take` has what it wants. Without any time to wait, late is EAGAIN.
   *
   * @param holder What nobody may take for abandoned meanwhile.
   */
  take<T>(action: string, take: Take<T>, timeoutMs: number, holder: object): Promise<T> {
    if (this.#readers.first === null) {
      try {
        const ready = this.#attempt(action, take);
        if (ready !== undefined) return Promise.resolve(ready);
      } catch (error) {
        return Promise.reject(error);
      }
    }
    const reader = new Reader(
      this.#readers,
      this.#clock,
      timeoutMs,
      this.#onLate,
      action,
      take,
      holder,
    );
    if (this.#isLeft) this.#source.ref();
    this.#isLeft = false;
    this.#more();
    return reader.promise as Promise<T>;
  }

  /** Nothing more is received; what the system has already can still be read. */
  async stop(): Promise<void> {
    for (let size = -1; !this.#isEnd && size < this.#bytes.size && size < MAX_BUFFERED_BYTES;) {
      size = this.#bytes.size;
      this.#more();
      await new Promise<void>((resolve) => void this.#clock.after(0, resolve));
    }
    this.#end();
    this.#settle();
  }

  /** Ends every wait with this error. */
  fail(error: Error): void {
    for (const reader of this.#readers.all) reader.reject(error);
    this.#settle();
  }

  readonly #onLate = (reader: Reader): void => {
    const { action, take, timeoutMs } = reader;
    // Without time to wait, a part is better than nothing.
    const part = timeoutMs === 0 && this.#readers.first === reader && this.#bytes.size > 0
      ? take(this.#bytes, "late")
      : undefined;
    if (part === undefined) reader.reject(lateError(action, timeoutMs));
    else reader.resolve(part);
    this.#settle();
  };

  #end(): void {
    this.#isEnd = true;
    this.#serve();
  }

  #settle(): void {
    if (this.#readers.first !== null) return;
    // A read stays in flight; the process need not stay for it.
    this.#source.unref();
    this.#isLeft = true;
  }

  #serve(): void {
    for (let reader = this.#readers.first; reader; reader = this.#readers.first) {
      try {
        const value = this.#attempt(reader.action, reader.take);
        if (value === undefined) return this.#more();
        reader.resolve(value);
      } catch (error) {
        reader.reject(error);
      }
    }
  }

  /** Reads on, into the buffer that held the last bytes. */
  #more(): void {
    this.#bytes.keep();
    this.#reader.more();
  }

  #attempt<T>(action: string, take: Take<T>): T | undefined {
    const value = take(this.#bytes, "open");
    if (value !== undefined) return value;
    if (this.#failure !== null) {
      const failure = socketFailure(action, this.#failure);
      this.#failure = null;
      throw failure;
    }
    if (this.#bytes.size >= MAX_BUFFERED_BYTES) throw socketError(action, "ENOBUFS");
    return this.#isEnd ? take(this.#bytes, "end") : undefined;
  }
}
