/**
 * The families of sockets that are there only while a radio is. What serves them is loaded by
 * whoever attaches one: a program without a radio has this table, and nothing else of them.
 *
 * @module
 */
import type { Clock } from "../../clock.ts";
import { AF_LORA, AF_SIGFOX, SOCK_RAW } from "../constants.ts";
import type { PacketCore } from "../packet_core.ts";
import { SocketError, socketError } from "../socket_error.ts";

/** Makes the state of a new socket. */
export type MakeRadioCore = (clock: Clock) => PacketCore;

const attached = new Map<number, MakeRadioCore>();

/** Whether this is a family of radios. */
export function isRadioFamily(family: number): boolean {
  return family === AF_LORA || family === AF_SIGFOX;
}

/** Serves a family from now on; false when somebody does already. */
export function serveFamily(family: number, make: MakeRadioCore): boolean {
  if (attached.has(family)) return false;
  attached.set(family, make);
  return true;
}

/** Ends what {@linkcode serveFamily} began. */
export function leaveFamily(family: number): void {
  attached.delete(family);
}

/**
 * The state of a new socket of a family of radios.
 *
 * @throws {SocketError} ESOCKTNOSUPPORT for another type than SOCK_RAW, ENETDOWN without a radio.
 */
export function makeRadioCore(
  action: string,
  family: number,
  type: number,
  proto: number,
  clock: Clock,
): PacketCore {
  if (type !== SOCK_RAW) throw new SocketError(action, "ESOCKTNOSUPPORT", "use SOCK_RAW");
  if (proto !== 0) throw socketError(action, "EPROTONOSUPPORT");
  const make = attached.get(family);
  if (make === undefined) throw new SocketError(action, "ENETDOWN", "attach a radio first");
  return make(clock);
}
