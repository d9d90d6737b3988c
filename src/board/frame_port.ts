/**
 * Frames over a board's line: writes at most one chunk at a time, reads for as long as the line
 * lives, and gives the line back without ever hanging.
 *
 * @module
 */
import type { Clock } from "../clock.ts";
import { BoardError, FandError } from "../errors.ts";
import type { Line } from "./line.ts";
import { type Frame, FrameDecoder } from "./protocol/frame.ts";

/** A line that does not close within this time is left behind. */
const CLOSE_LIMIT_MS = 1000;

/** Both directions of one line. */
export class FramePort {
  /** Resolves once the line is not usable any more; never rejects. */
  readonly ended: Promise<void>;
  readonly #line: Line;
  readonly #clock: Clock;
  readonly #onFrame: (frame: Frame) => void;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
  readonly #decoder = new FrameDecoder();
  #endReason: BoardError | null = null;
  #writing = false;
  #closing: Promise<void> | undefined;

  constructor(line: Line, clock: Clock, onFrame: (frame: Frame) => void) {
    this.#line = line;
    this.#clock = clock;
    this.#onFrame = onFrame;
    this.#reader = line.readable.getReader();
    this.#writer = line.writable.getWriter();
    this.#writer.closed.catch(() => {});
    this.ended = this.#read();
  }

  /** Why the line is not usable any more; `null` while it is. */
  get endReason(): BoardError | null {
    return this.#endReason;
  }

  /** Frames thrown away so far because they were damaged. */
  get badFrames(): number {
    return this.#decoder.bad.crc + this.#decoder.bad.cobs;
  }

  /**
   * Puts bytes on the line. While the line does not take the chunk before, nothing is written:
   * what is worth saying is said again.
   */
  write(bytes: Uint8Array): void {
    if (this.#writing || this.#endReason) return;
    this.#writing = true;
    this.#writer.write(bytes).then(
      () => {
        this.#writing = false;
      },
      (error) => this.#end(lostError(this.#line.name, error)),
    );
  }

  /** Gives the line back; every call is the same one. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#end(
      new BoardError(`Cannot use the board at "${this.#line.name}": it is closed; open it again`),
    );
    const limit = Promise.withResolvers<void>();
    const cancel = this.#clock.after(CLOSE_LIMIT_MS, limit.resolve);
    await Promise.race([this.#line.close().catch(() => {}), limit.promise]);
    cancel();
  }

  async #read(): Promise<void> {
    try {
      for (;;) {
        const { done, value } = await this.#reader.read();
        if (done) break;
        this.#decoder.push(value);
        for (let frame = this.#decoder.next(); frame; frame = this.#decoder.next()) {
          this.#onFrame(frame);
        }
      }
      this.#end(lostError(this.#line.name, "the line has ended"));
    } catch (error) {
      this.#end(lostError(this.#line.name, error));
    }
  }

  /** Lets go of both streams without waiting for them: a hung line may never answer. */
  #end(reason: BoardError): void {
    if (this.#endReason) return;
    this.#endReason = reason;
    this.#reader.cancel().catch(() => {});
    this.#writer.abort(reason).catch(() => {});
  }
}

function lostError(name: string, cause: unknown): BoardError {
  // A line that knows what happened says what to do as well.
  if (cause instanceof FandError) return new BoardError(cause.message, { cause });
  const found = cause instanceof Error ? cause.message : String(cause);
  return new BoardError(
    `Cannot talk to the board at "${name}": ${found}; check its cable and open it again`,
    { cause },
  );
}
