/**
 * The simulation's side of a simulated board's line: runs a {@link Machine} in a worker, in step
 * with real time, asleep most of it. From a URL it needs no permission; from a folder,
 * that of `worker_files.ts`.
 *
 * @module
 */
import { Machine } from "./machine.ts";
import { Pacer } from "./pacer.ts";
import type { FromSimulation, StartMessage, ToSimulation } from "./sim_messages.ts";

/** What a worker's global object has and the types of a window lack. */
interface WorkerScope {
  onmessage: ((event: MessageEvent<ToSimulation>) => void) | null;
  postMessage(message: FromSimulation, transfer?: Transferable[]): void;
}

/** Longest time without looking for messages, in milliseconds. */
const TURN_MS = 5;
/** Longest time that a message waits for simulated time to catch up, in milliseconds. */
const CATCH_UP_MS = 5;
/** An answer may start this long after the last byte, in simulated milliseconds. */
const ANSWER_MS = 5;

const scope = globalThis as unknown as WorkerScope;

/** A machine with its pace and its messages. */
class Simulation {
  readonly #machine: Machine;
  readonly #pacer: Pacer;
  #sent: number[] = [];
  #waitingBytes = 0;
  #lineUsedMs = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor({ image, seed, speed }: StartMessage) {
    this.#machine = new Machine({ image, mode: "registers", seed });
    this.#machine.onTransmit = (byte) => this.#sent.push(byte);
    this.#pacer = new Pacer(speed, performance.now(), 0);
    scope.postMessage({ type: "ready", channels: this.#machine.fans.length });
    this.#turn();
  }

  handle(message: ToSimulation): void {
    const machine = this.#machine;
    if (this.#pacer.keepsStep) this.#run(CATCH_UP_MS);
    switch (message.type) {
      case "bytes":
        machine.send(message.bytes);
        this.#waitingBytes += message.bytes.length;
        break;
      case "speed":
        this.#pacer.setSpeed(message.speed, performance.now(), machine.timeMs);
        break;
      case "fault":
        machine.setFault(message.channel, message.fault);
        break;
      case "reset":
        machine.reset();
        break;
      case "observe":
        scope.postMessage({
          type: "observation",
          id: message.id,
          observation: machine.observe(),
        });
        break;
    }
    this.#turn();
  }

  #turn(): void {
    clearTimeout(this.#timer);
    this.#run(TURN_MS);
    const napMs = this.#pacer.napMs(this.#lineInUse());
    this.#timer = setTimeout(() => this.#turn(), napMs);
  }

  /** Catches up with the real time of this call, for at most so many milliseconds. */
  #run(limitMs: number): void {
    const startMs = performance.now();
    const machine = this.#machine;
    while (performance.now() - startMs < limitMs) {
      const sliceMs = this.#pacer.sliceMs(startMs, machine.timeMs);
      if (sliceMs === 0) break;
      machine.advance(sliceMs);
      this.#post();
    }
  }

  #lineInUse(): boolean {
    if (this.#machine.lineBusy) this.#lineUsedMs = this.#machine.timeMs;
    return this.#machine.timeMs - this.#lineUsedMs < ANSWER_MS;
  }

  #post(): void {
    if (this.#sent.length > 0) {
      const bytes = new Uint8Array(this.#sent);
      this.#sent = [];
      scope.postMessage({ type: "bytes", bytes }, [bytes.buffer]);
    }
    const taken = this.#waitingBytes - this.#machine.bytesToBoard;
    if (taken > 0) {
      this.#waitingBytes -= taken;
      scope.postMessage({ type: "taken", count: taken });
    }
  }
}

let simulation: Simulation | null = null;

scope.onmessage = ({ data: message }) => {
  if (message.type === "start") simulation = new Simulation(message);
  else simulation?.handle(message);
};
scope.postMessage({ type: "loaded" });
