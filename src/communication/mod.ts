/**
 * The communication module of fand: requests and replies over managed sockets.
 *
 * Sockets are plain `Deno.Conn`s. A managed one is told and closed when {@linkcode terminate} is
 * called, and is not managed any more once {@linkcode resetConnection} has closed it.
 *
 * @example Ask for the fan speed of a shelf
 * ```ts ignore
 * import { connect, recv, Request, resetConnection, send } from "../../mod.ts";
 *
 * const s = await connect("myserver.example.com", 9999);
 * await send(s, Request.GET_PWM, "myshelf1");
 * const [req, args] = await recv(s);
 * if (req === Request.SET_PWM) console.log("The fan speed of", args[0], "is", args[1]);
 * else console.log("The server did not answer the expected request");
 * await resetConnection(s);
 * ```
 *
 * @module
 */
import type { Message } from "../wire/message.ts";
import type { WireValue } from "../wire/value.ts";
import {
  type CallOptions,
  type ConnectOptions,
  type Received,
  SocketManager,
  type TerminateHook,
  type WaitOptions,
} from "./socket_manager.ts";

export {
  type CallOptions,
  type ConnectOptions,
  type Received,
  SocketManager,
  type SocketManagerOptions,
  type TerminateHook,
  type WaitOptions,
} from "./socket_manager.ts";

/** The sockets of this process, for the functions of this module. */
export const processSockets: SocketManager = new SocketManager();

/**
 * Connects to a server; the socket is managed.
 *
 * @param address A name, an IPv4 address, or an IPv6 address with or without brackets; or `unix:`
 * and the path of a socket.
 * @param port 1 to 65535; 9999 unless given. Of no meaning for a unix socket.
 * @throws {ConnectionFailedError} If nobody listens there, the name does not resolve, or one side
 * does not trust the other.
 * @throws {FandTimeoutError} If the time is up.
 * @throws {TerminatingError} If {@linkcode terminate} was called.
 *
 * @example A connection that is told and closed when everything ends
 * ```ts
 * import assert from "node:assert/strict";
 *
 * using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
 * const s = await connect("localhost", listener.addr.port, { timeoutMs: 2000 });
 * assert.ok(isSocketOpen(s));
 * await resetConnection(s, undefined, false);
 * ```
 */
export function connect(
  address: string,
  port?: number,
  options?: ConnectOptions,
): Promise<Deno.Conn> {
  return processSockets.connect(address, port, options);
}

/**
 * Sends one message, whole, behind those that are still being sent; waits up to 10 s.
 *
 * @throws {UnencodableError} If an argument cannot be sent; nothing was sent then.
 * @throws {FandTimeoutError} If the peer does not read. The message may still arrive if sending it
 * had begun.
 * @throws {SendReceiveError} If the connection is closed, or too much waits for the peer already.
 *
 * @example A request, seen from its other end
 * ```ts
 * import assert from "node:assert/strict";
 *
 * using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
 * const accepted = listener.accept();
 * const near = await connect("127.0.0.1", listener.addr.port);
 * const far = await accepted;
 *
 * await send(near, "set_pwm_override", "shelf1", 60, new Date("2030-01-01T00:00:00Z"));
 * const [request, args] = await recv(far);
 * assert.equal(request, "set_pwm_override");
 * assert.deepEqual(args[2], new Date("2030-01-01T00:00:00Z"));
 *
 * await resetConnection(near, undefined, false);
 * await resetConnection(far, undefined, false);
 * ```
 */
export function send(socket: Deno.Conn, request: string, ...args: WireValue[]): Promise<void> {
  return processSockets.send(socket, request, ...args);
}

/**
 * Like {@linkcode send}, with an id for the reply to repeat, a time limit and a signal.
 *
 * @throws {UnencodableError} If an argument cannot be sent; nothing was sent then.
 * @throws {FandTimeoutError} If the peer does not read. The message may still arrive if sending it
 * had begun.
 * @throws {SendReceiveError} If the connection is closed, or too much waits for the peer already.
 *
 * @example A reply that repeats the id of its request
 * ```ts
 * import assert from "node:assert/strict";
 *
 * using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
 * const accepted = listener.accept();
 * const near = await connect("127.0.0.1", listener.addr.port);
 * const far = await accepted;
 *
 * await sendMessage(near, { request: "ack", args: [], id: 7 }, { timeoutMs: 1000 });
 * assert.deepEqual(await recv(far), ["ack", [], 7]);
 *
 * await resetConnection(near, undefined, false);
 * await resetConnection(far, undefined, false);
 * ```
 */
export function sendMessage(
  socket: Deno.Conn,
  message: Message,
  options?: WaitOptions,
): Promise<void> {
  return processSockets.sendMessage(socket, message, options);
}

/**
 * Receives one message: `[request, args]`, or `[request, args, id]` when it has an id. An `error`
 * reply is a message like any other. Several callers are served in the order of their calls.
 *
 * @throws {FandTimeoutError} If the time is up; no byte is lost, so call it again.
 * @throws {FandConnectionResetError} If the peer closed the connection or said `disconnect`; its
 * reason is in the message. The socket is closed then.
 * @throws {CorruptedDataError} If something came that is no message. The peer is told and the
 * socket closed then.
 * @throws {SendReceiveError} If the system cannot receive.
 *
 * @example Two messages in the order in which they were sent
 * ```ts
 * import assert from "node:assert/strict";
 *
 * using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
 * const accepted = listener.accept();
 * const near = await connect("127.0.0.1", listener.addr.port);
 * const far = await accepted;
 *
 * await send(near, "ping");
 * await send(near, "get_rpm", "shelf1");
 * assert.deepEqual(await recv(far), ["ping", []]);
 * assert.deepEqual(await recv(far, { timeoutMs: 500 }), ["get_rpm", ["shelf1"]]);
 *
 * await resetConnection(near, undefined, false);
 * await resetConnection(far, undefined, false);
 * ```
 */
export function recv(socket: Deno.Conn, options?: WaitOptions): Promise<Received> {
  return processSockets.recv(socket, options);
}

/**
 * Sends a request with an id of its own and waits for the reply that repeats it, whatever else
 * arrives meanwhile. Any number of calls and one who calls {@linkcode recv} can share a socket.
 *
 * @throws {FandError} The class that the code of an `error` reply stands for, or what
 * {@linkcode send} and {@linkcode recv} throw.
 * @throws {LimitError} If too many other messages come that nobody takes.
 *
 * @example A call, and what its other end sees
 * ```ts
 * import assert from "node:assert/strict";
 *
 * using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
 * const accepted = listener.accept();
 * const near = await connect("127.0.0.1", listener.addr.port);
 * const far = await accepted;
 *
 * const called = call(near, "get_pwm", ["shelf1"]);
 * const [request, , id] = await recv(far);
 * assert.equal(request, "get_pwm");
 * await sendMessage(far, { request: "set_pwm", args: ["shelf1", 42.5], id: id as number });
 * assert.deepEqual((await called)[1], ["shelf1", 42.5]);
 *
 * await resetConnection(near, undefined, false);
 * await resetConnection(far, undefined, false);
 * ```
 */
export function call(
  socket: Deno.Conn,
  request: string,
  args?: WireValue[],
  options?: CallOptions,
): Promise<Received> {
  return processSockets.call(socket, request, args, options);
}

/**
 * Manages a socket, so that {@linkcode terminate} tells and closes it. TCP connections lose
 * Nagle's delay.
 *
 * @throws {TerminatingError} If {@linkcode terminate} was called.
 *
 * @example A listener that ends with everything else
 * ```ts
 * import assert from "node:assert/strict";
 *
 * const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
 * addSocket(listener);
 * await terminate();
 * assert.ok(!isSocketOpen(listener));
 * ```
 */
export function addSocket(socket: Deno.Conn | Deno.Listener): void {
  processSockets.addSocket(socket);
}

/** Whether a socket is managed; not any more after {@linkcode resetConnection}. */
export function isSocketOpen(socket: Deno.Conn | Deno.Listener): boolean {
  return processSockets.isSocketOpen(socket);
}

/**
 * Closes a socket and manages it no longer. Whoever waits on it gets a
 * {@linkcode FandConnectionResetError}; a second call waits for the first.
 *
 * @param error Why; the peer is told.
 * @param notice Whether to say `disconnect` to the peer first.
 */
export function resetConnection(
  socket: Deno.Conn | Deno.Listener,
  error?: string,
  notice?: boolean,
): Promise<void> {
  return processSockets.resetConnection(socket, error, notice);
}

/**
 * Ends everything: wakes all who {@linkcode sleep}, tells and closes every managed socket, then
 * runs every hook once, one after the other. Later calls wait for the first, so a hook must not.
 *
 * @param error Why, for the peers; the first call decides.
 * @throws {AggregateError} After all that, if hooks have thrown.
 *
 * @example Hooks run once, in the order in which they were added
 * ```ts
 * import assert from "node:assert/strict";
 *
 * const order: number[] = [];
 * whenTerminate(() => void order.push(1));
 * whenTerminate(() => void order.push(2));
 * await terminate();
 * await terminate();
 * assert.deepEqual(order, [1, 2]);
 * ```
 */
export function terminate(error?: string): Promise<void> {
  return processSockets.terminate(error);
}

/** Whether {@linkcode terminate} was called. */
export function terminating(): boolean {
  return processSockets.terminating();
}

/**
 * Has {@linkcode terminate} run a function after the sockets are closed.
 *
 * @returns A function that takes the hook back.
 * @throws {TerminatingError} If {@linkcode terminate} was called.
 */
export function whenTerminate(hook: TerminateHook): () => void {
  return processSockets.whenTerminate(hook);
}

/**
 * Waits; ends early, without an error, when {@linkcode terminate} is called.
 *
 * @param durationMs Up to almost 25 days.
 * @throws The reason of the signal when that ends the wait.
 *
 * @example Terminate wakes who sleeps
 * ```ts
 * import assert from "node:assert/strict";
 *
 * const nap = sleep(3_600_000);
 * await terminate();
 * await nap;
 * assert.ok(terminating());
 * ```
 */
export function sleep(
  durationMs: number,
  options?: Omit<WaitOptions, "timeoutMs">,
): Promise<void> {
  return processSockets.sleep(durationMs, options);
}
