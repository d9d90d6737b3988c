/**
 * Gives this process a radio.
 *
 * @module
 */
import { AF_LORA, AF_SIGFOX } from "../constants.ts";
import { SocketError } from "../socket_error.ts";
import { leaveFamily, serveFamily } from "./families.ts";
import { LoraSocket } from "./lora_socket.ts";
import type { Radio } from "./radio.ts";
import { SigfoxSocket } from "./sigfox_socket.ts";
import { Station } from "./station.ts";

/**
 * Lets sockets of AF_LORA or AF_SIGFOX use a radio, until what is returned is disposed of: then
 * they say ENETDOWN. The radio itself stays open.
 *
 * @throws {SocketError} EADDRINUSE if this process has a radio of that kind already.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { AF_LORA, attachRadio, LoraAir, SOCK_RAW, Socket } from "@fand/fand";
 *
 * const air = new LoraAir();
 * using _attached = attachRadio(air.device("0011223344556677"));
 * await using socket = new Socket(AF_LORA, SOCK_RAW);
 * await socket.bind(10);
 * await socket.send(new TextEncoder().encode("hi"));
 * assert.equal(air.gateway.uplinks[0]?.port, 10);
 * ```
 */
export function attachRadio(radio: Radio): Disposable {
  const family = radio.kind === "lora" ? AF_LORA : AF_SIGFOX;
  const taken = new SocketError(`attach a ${radio.kind} radio`, "EADDRINUSE", "detach it first");
  if (radio.kind === "lora") {
    const station = new Station(radio);
    if (!serveFamily(family, (clock) => new LoraSocket(station, clock))) throw taken;
    return detaching(family, station);
  }
  const station = new Station(radio);
  if (!serveFamily(family, (clock) => new SigfoxSocket(station, clock))) throw taken;
  return detaching(family, station);
}

function detaching(family: number, station: Station<Radio>): Disposable {
  let isAttached = true;
  return {
    [Symbol.dispose]() {
      if (isAttached) leaveFamily(family);
      isAttached = false;
      station.detach();
    },
  };
}
