/**
 * A command's connection to the server.
 *
 * @module
 */
import { connect, recv, resetConnection, sendMessage } from "../communication/mod.ts";
import { ConnectionFailedError, CorruptedDataError, errorFromReply } from "../errors.ts";
import { formatPlace, unixPath } from "../communication/dial.ts";
import { refuseOpenLine } from "../communication/private_line.ts";
import { VERSION } from "../version.ts";
import { PROTOCOL } from "../wire/protocol_version.ts";
import { Request } from "../wire/request.ts";
import type { WireValue } from "../wire/value.ts";
import type { CommandContext } from "./context.ts";
import { toJson } from "./text.ts";
import { readTls } from "./tls_option.ts";
import { readToken } from "./token_option.ts";

/** A message from the server. */
export type Incoming = [request: string, args: WireValue[]];

/** An open connection; hold it with `await using`. */
export class ServerSession implements AsyncDisposable {
  readonly #socket: Deno.Conn;
  readonly #context: CommandContext;
  readonly #limits: { timeoutMs: number; signal: AbortSignal };

  private constructor(socket: Deno.Conn, context: CommandContext) {
    this.#socket = socket;
    this.#context = context;
    this.#limits = { timeoutMs: context.options.timeoutMs, signal: context.io.signal };
  }

  /**
   * Connects to the server that the flags name.
   *
   * @throws {ConnectionFailedError} Also when this process may not use the network, before Deno
   * would ask the user for it.
   * @throws {FandTimeoutError}
   */
  static async open(context: CommandContext): Promise<ServerSession> {
    const { address, port, timeoutMs } = context.options;
    const token = await readToken(context);
    const tls = await readTls(context.options.tls);
    const place = formatPlace(address, port);
    await checkPermission(address, place);
    const socket = await connect(address, port, { timeoutMs, signal: context.io.signal, tls });
    const where = unixPath(address) === null ? `${address} port ${port}` : place;
    context.log.info(`Connected to ${where}`);
    const session = new ServerSession(socket, context);
    if (token !== null) await session.#prove(token, place);
    return session;
  }

  /** Proves who this is before anything is asked. */
  async #prove(token: string, peer: string): Promise<void> {
    try {
      refuseOpenLine(this.#socket, peer);
      const hello = { protocol: [...PROTOCOL], client: `fanctl/${VERSION}`, token };
      // Not by way of `ask`: the log is no place for a token.
      await sendMessage(this.#socket, { request: Request.HELLO, args: [hello] }, this.#limits);
      const [name, reply] = await this.receive();
      if (name === Request.ERROR) throw refusal(Request.HELLO, reply);
      if (name !== Request.HELLO) throw unexpected(Request.HELLO, [name, reply]);
    } catch (error) {
      await this[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Sends one message. */
  async send(request: string, ...args: WireValue[]): Promise<void> {
    this.#context.log.debug(`> ${request} ${toJson(args)}`);
    await sendMessage(this.#socket, { request, args }, this.#limits);
  }

  /** The next message of the server, within the time limit of the flags. */
  async receive(): Promise<Incoming> {
    const [request, args] = await recv(this.#socket, this.#limits);
    this.#context.log.debug(`< ${request} ${toJson(args)}`);
    return [request, args];
  }

  /**
   * Sends a request and returns the arguments of its reply.
   *
   * @param wanted The name that the reply must have.
   * @throws {FandError} What an `error` reply says, as the class of its code.
   * @throws {CorruptedDataError} For any other reply.
   */
  async ask(request: string, wanted: string, ...args: WireValue[]): Promise<WireValue[]> {
    await this.send(request, ...args);
    const [name, reply] = await this.receive();
    if (name === wanted) return reply;
    if (name === Request.ERROR) throw refusal(request, reply);
    throw unexpected(request, [name, reply]);
  }

  /** Closes the connection, telling the server. */
  async [Symbol.asyncDispose](): Promise<void> {
    await resetConnection(this.#socket);
  }
}

/** The error that a server's `error` reply stands for. */
export function refusal(request: string, [code, text]: readonly WireValue[]): Error {
  if (typeof code !== "string" || typeof text !== "string") {
    return unexpected(request, [Request.ERROR, [code ?? null, text ?? null]]);
  }
  const whole = text.startsWith("Cannot ") ? text : `Cannot do "${request}": ${text}`;
  return errorFromReply(code, whole);
}

/** The error for a reply that makes no sense. */
export function unexpected(request: string, [name, args]: Incoming): CorruptedDataError {
  return new CorruptedDataError(
    `Cannot use the answer to "${request}": ${name} ${toJson(args).slice(0, 200)} found; ` +
      "check that this is a fand server of the same protocol",
  );
}

/** Asked before connecting, because Deno would otherwise stop and prompt in a terminal. */
async function checkPermission(address: string, place: string): Promise<void> {
  const path = unixPath(address);
  // For the name of a unix socket Deno wants all three.
  const needs: readonly (readonly [Deno.PermissionDescriptor, flag: string])[] = [
    [{ name: "net", host: place }, `--allow-net=${place}`],
    ...path === null ? [] : [
      [{ name: "read", path }, `--allow-read=${path}`] as const,
      [{ name: "write", path }, `--allow-write=${path}`] as const,
    ],
  ];
  for (const [need] of needs) {
    const { state } = await Deno.permissions.query(need);
    if (state === "granted") continue;
    throw new ConnectionFailedError(
      `Cannot connect to ${place}: this process may not use the network; ` +
        `run or install it with ${needs.map(([, flag]) => flag).join(" ")}`,
    );
  }
}
