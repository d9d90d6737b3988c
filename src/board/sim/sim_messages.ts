/**
 * What the two sides of a simulated board's line say to each other: the host's side in
 * `sim_line.ts` and the simulation in `worker.ts`.
 *
 * @module
 */
import type { FanFault } from "./fan_model.ts";
import type { MachineObservation } from "./machine.ts";

/** The first message: makes the board and powers it. */
export interface StartMessage {
  readonly type: "start";
  /** The firmware as Intel HEX. */
  readonly image: string;
  readonly seed: number;
  readonly speed: number;
}

/** From the host's side to the simulation. */
export type ToSimulation =
  | StartMessage
  /** Bytes for the board's receiver. */
  | { readonly type: "bytes"; readonly bytes: Uint8Array }
  /** How many times faster than real time; `Infinity` is as fast as it can, 0 stands still. */
  | { readonly type: "speed"; readonly speed: number }
  | { readonly type: "fault"; readonly channel: number; readonly fault: FanFault }
  /** The reset button. */
  | { readonly type: "reset" }
  /** Asks for an `observation` with the same id. */
  | { readonly type: "observe"; readonly id: number };

/** From the simulation to the host's side. */
export type FromSimulation =
  /** The worker listens: what is posted before, while its modules load, is lost. */
  | { readonly type: "loaded" }
  /** The board is under power. */
  | { readonly type: "ready"; readonly channels: number }
  /** Bytes that the board has sent. */
  | { readonly type: "bytes"; readonly bytes: Uint8Array }
  /** How many bytes have gone into the board since the last such message. */
  | { readonly type: "taken"; readonly count: number }
  | {
    readonly type: "observation";
    readonly id: number;
    readonly observation: MachineObservation;
  };
