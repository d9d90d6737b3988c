/**
 * fand for Deno: talk to a networked fan controller.
 *
 * {@linkcode connect}, {@linkcode send} and {@linkcode recv} speak its protocol over plain
 * `Deno.Conn`s; {@linkcode call} asks and waits for the answer. The wire format is here as well,
 * for those who bring their own transport.
 *
 * @module
 */

export { VERSION } from "./src/version.ts";
export {
  addSocket,
  call,
  connect,
  isSocketOpen,
  recv,
  resetConnection,
  send,
  sendMessage,
  sleep,
  terminate,
  terminating,
  whenTerminate,
} from "./src/communication/mod.ts";
export {
  type CallOptions,
  type Received,
  SocketManager,
  type TerminateHook,
  type WaitOptions,
} from "./src/communication/socket_manager.ts";
export { Request } from "./src/wire/request.ts";
export { FrameReader } from "./src/wire/frame.ts";
export { decodeMessage, encodeMessage, type Message } from "./src/wire/message.ts";
export { DEFAULT_WIRE_LIMITS, type WireLimits } from "./src/wire/limits.ts";
export type { WireMap, WireValue } from "./src/wire/value.ts";
export * from "./src/errors.ts";
