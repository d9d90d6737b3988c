/**
 * One message to a rig, and what it answers.
 *
 * @module
 */
import { ConnectionFailedError, FandError } from "../../errors.ts";
import { EchoCommunicator } from "../../rig/echo/echo_communicator.ts";
import { ExpMessage } from "../../rig/exp_message.ts";
import { quoted } from "../../rig/quoted.ts";
import { LISTEN_PORT, parseUri } from "../../rig/uri.ts";
import { formatEndpoint, formatHost } from "../../sockets/address.ts";
import { SocketError } from "../../sockets/socket_error.ts";
import { Waiter } from "../../sockets/waiter.ts";
import type { CommandContext } from "../context.ts";

/** How long a rig has to answer what it has confirmed, in milliseconds; it need not. */
const ANSWER_MS = 1000;

/** What came of it. */
export interface RigReply {
  readonly uri: string;
  /** What followed the event in the answer; null when there was none. */
  readonly answer: unknown[] | null;
}

/**
 * Sends a message, waits until it is confirmed, and then for the answer.
 *
 * @param uri Where the rig is; null for the usual port of the server.
 * @throws {ConnectionFailedError} If it cannot be reached.
 * @throws {FandTimeoutError} If it does not confirm the message.
 * @throws {FandError} If it says that it has failed.
 */
export async function callRig(
  uri: string | null,
  event: number,
  data: readonly unknown[],
  { options, io, log }: CommandContext,
): Promise<RigReply> {
  const target = uri ?? `udp://${formatEndpoint(options.address, LISTEN_PORT)}`;
  await using rig = await reach(target, options.timeoutMs, io.clock);
  const answer = rig.onEvent(event);
  const failure = rig.onEvent(0);
  await rig.confirmedSend([event, ...data]);
  log.info(`${rig.serverUri} has confirmed ${ExpMessage.nameOf(event)}`);
  const limits = { timeoutMs: Math.min(ANSWER_MS, options.timeoutMs), signal: io.signal };
  const over = new Waiter<void>(new Set(), io.clock, limits, (late) => late.resolve());
  for (const future of [answer, failure]) future.then(() => over.resolve(), () => {});
  await over.promise;
  if (failure.done()) throw failed(event, failure.result()[0][0], rig.serverUri);
  return { uri: rig.serverUri, answer: answer.done() ? answer.result()[0] : null };
}

async function reach(
  uri: string,
  echoTimeoutMs: number,
  clock: CommandContext["io"]["clock"],
): Promise<EchoCommunicator> {
  try {
    return await EchoCommunicator.client(uri, { echoTimeoutMs, clock });
  } catch (cause) {
    if (cause instanceof Deno.errors.NotCapable) throw notAllowed(uri, cause);
    if (!(cause instanceof SocketError || cause instanceof RangeError)) throw cause;
    throw new ConnectionFailedError(cause.message, { cause });
  }
}

function notAllowed(uri: string, cause: unknown): ConnectionFailedError {
  const { host } = parseUri(uri);
  const flag = `--allow-net=${formatHost(host)}`;
  return new ConnectionFailedError(
    `Cannot reach ${uri}: this process may not use the network there; run or install it with ${flag}`,
    { cause },
  );
}

function failed(event: number, told: unknown, uri: string): FandError {
  return new FandError(
    `Cannot do ${ExpMessage.nameOf(event)}: ${uri} says ${quoted(String(told), 400)}; ` +
      "do what it says",
  );
}
