/**
 * The host's side of a simulated board's line: a {@link Line} like any other, and beside it the
 * hands that a person at a real board has: reset it, block a fan, pull its plug, look.
 *
 * @module
 */
import image from "../../../firmware/fand_328p.hex" with { type: "text" };
import { BoardError } from "../../errors.ts";
import type { Line } from "../line.ts";
import type { FanFault } from "./fan_model.ts";
import type { MachineObservation } from "./machine.ts";
import type { FromSimulation, StartMessage, ToSimulation } from "./sim_messages.ts";
import { forbiddenWorkerFiles } from "./worker_files.ts";

/** How a simulated board is started. */
export interface SimLineOptions {
  /** What is undefined on silicon, and how the fans differ; any integer from 0. */
  readonly seed: number;
  /** How many times faster than real time, 1 unless told; `Infinity` is as fast as it can. */
  readonly speed?: number;
}

/** A worker whose modules do not come is given up after this long. */
const START_MS = 10_000;
/** A writer waits while more than this many bytes are on their way to the board. */
const WRITE_BUFFER_BYTES = 1024;
/** What the board sends while this much is not read yet is lost, as in a serial driver. */
const READ_BUFFER_BYTES = 65_536;

/** A line to a board that runs in a worker of this process. */
export class SimLine implements Line, AsyncDisposable {
  readonly name: string;
  readonly readable: ReadableStream<Uint8Array>;
  readonly writable: WritableStream<Uint8Array>;
  readonly #worker: Worker;
  readonly #observers = new Map<number, PromiseWithResolvers<MachineObservation>>();
  readonly #start: StartMessage;
  readonly #ready = Promise.withResolvers<void>();
  #reader!: ReadableStreamDefaultController<Uint8Array>;
  #writer!: WritableStreamDefaultController;
  #room = Promise.withResolvers<void>();
  #unacknowledged = 0;
  #lastId = 0;
  #closed = false;

  private constructor({ seed, speed = 1 }: SimLineOptions) {
    this.name = `sim:${seed}`;
    this.#start = { type: "start", image, seed, speed };
    this.readable = new ReadableStream<Uint8Array>({
      start: (controller) => {
        this.#reader = controller;
      },
    }, new ByteLengthQueuingStrategy({ highWaterMark: READ_BUFFER_BYTES }));
    this.writable = new WritableStream({
      start: (controller) => {
        this.#writer = controller;
      },
      write: (bytes) => this.#write(bytes),
    });
    this.#worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
    this.#worker.onmessage = ({ data }: MessageEvent<FromSimulation>) => this.#handle(data);
    this.#worker.onerror = (event) => {
      event.preventDefault();
      this.#end(
        new BoardError(
          `Cannot run the simulated board: ${event.message}; try again, and report it if it stays`,
        ),
      );
    };
  }

  /**
   * Makes a board, powers it and opens its line.
   * @throws BoardError when the simulation does not start, or its worker may not be loaded
   */
  static async open(options: SimLineOptions): Promise<SimLine> {
    const forbidden = forbiddenWorkerFiles();
    if (forbidden.length > 0) {
      throw new BoardError(
        "Cannot run the simulated board: its worker may not be loaded; " +
          `run with --allow-read=${forbidden.join(",")}`,
      );
    }
    const line = new SimLine(options);
    const late = setTimeout(() =>
      line.#end(
        new BoardError(
          `Cannot run the simulated board: its worker has not started in ${START_MS} ms; ` +
            "see that its modules can be loaded",
        ),
      ), START_MS);
    try {
      await line.#ready.promise;
      return line;
    } finally {
      clearTimeout(late);
    }
  }

  /** Blocks a fan's rotor. */
  stall(channel: number): void {
    this.#post({ type: "fault", channel, fault: "stalled" });
  }

  /** Pulls a fan's plug. */
  disconnect(channel: number): void {
    this.#post({ type: "fault", channel, fault: "disconnected" });
  }

  /** Undoes {@link SimLine.stall} and {@link SimLine.disconnect}. */
  repair(channel: number): void {
    this.#post({ type: "fault", channel, fault: "none" satisfies FanFault });
  }

  /** Presses the board's reset button. */
  reset(): void {
    this.#post({ type: "reset" });
  }

  /** How many times faster than real time from now on; 0 stands still. */
  setSpeed(speed: number): void {
    this.#post({ type: "speed", speed });
  }

  /**
   * What the board is doing, seen from outside of it and not through the line.
   * @throws BoardError when the line is closed
   */
  observe(): Promise<MachineObservation> {
    if (this.#closed) return Promise.reject(closedError(this.name));
    const observer = Promise.withResolvers<MachineObservation>();
    this.#observers.set(++this.#lastId, observer);
    this.#post({ type: "observe", id: this.#lastId });
    return observer.promise;
  }

  close(): Promise<void> {
    this.#end(null);
    return Promise.resolve();
  }

  /** The same as {@link SimLine.close}. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #write(bytes: Uint8Array): Promise<void> {
    this.#unacknowledged += bytes.length;
    this.#post({ type: "bytes", bytes });
    while (this.#unacknowledged > WRITE_BUFFER_BYTES && !this.#closed) await this.#room.promise;
  }

  #post(message: ToSimulation): void {
    if (!this.#closed) this.#worker.postMessage(message);
  }

  #handle(message: FromSimulation): void {
    switch (message.type) {
      case "loaded":
        this.#post(this.#start);
        break;
      case "ready":
        this.#ready.resolve();
        break;
      case "bytes":
        if ((this.#reader.desiredSize ?? 0) > 0) this.#reader.enqueue(message.bytes);
        break;
      case "taken":
        this.#unacknowledged -= message.count;
        this.#makeRoom();
        break;
      case "observation":
        this.#observers.get(message.id)?.resolve(message.observation);
        this.#observers.delete(message.id);
        break;
    }
  }

  #makeRoom(): void {
    this.#room.resolve();
    this.#room = Promise.withResolvers<void>();
  }

  #end(error: BoardError | null): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#worker.terminate();
    const reason = error ?? closedError(this.name);
    this.#ready.reject(reason);
    for (const observer of this.#observers.values()) observer.reject(reason);
    this.#observers.clear();
    this.#writer.error(reason);
    this.#makeRoom();
    if (error) this.#reader.error(error);
    else this.#closeReader();
  }

  /** A reader that has cancelled has closed it already. */
  #closeReader(): void {
    try {
      this.#reader.close();
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
    }
  }
}

function closedError(name: string): BoardError {
  return new BoardError(`Cannot use the board line "${name}": it is closed; open it again`);
}
