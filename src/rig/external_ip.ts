/**
 * The address that others on the internet see.
 *
 * @module
 */
import { ConnectionFailedError, FandTimeoutError } from "../errors.ts";
import { isValidIp } from "./hosts.ts";
import { plain, quoted } from "./quoted.ts";

/** Who is asked when nobody else is named. */
const SERVICE = "https://ident.me";
const TIMEOUT_MS = 5000;
/** An address is no longer than this. */
const MAX_ANSWER_BYTES = 64;

/** Who is asked, and for how long. */
export interface ExternalIpOptions {
  /** A page that consists of the address of who asks for it; `https://ident.me`. */
  readonly service?: string;
  /** Milliseconds; 5000. */
  readonly timeoutMs?: number;
}

/**
 * Asks a service on the internet for the address that it sees. Nothing else in fand calls this. It
 * needs the permission `--allow-net` for the service's host.
 *
 * @throws {ConnectionFailedError} If there is no network, or the service gives no address.
 * @throws {FandTimeoutError} If it does not answer in time.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 *
 * await using server = Deno.serve(
 *   { hostname: "127.0.0.1", port: 0, onListen() {} },
 *   () => new Response("192.0.2.1"),
 * );
 * const service = `http://127.0.0.1:${server.addr.port}`;
 * assert.equal(await externalIp({ service }), "192.0.2.1");
 * ```
 */
export async function externalIp(options: ExternalIpOptions = {}): Promise<string> {
  const { service = SERVICE, timeoutMs = TIMEOUT_MS } = options;
  const answer = (await ask(service, timeoutMs)).trim();
  if (isValidIp(answer)) return answer;
  throw new ConnectionFailedError(
    `Cannot tell the external address: ${service} answered ${quoted(answer, 40)}, which is none; ` +
      "name another service",
  );
}

async function ask(service: string, timeoutMs: number): Promise<string> {
  try {
    const signal = AbortSignal.timeout(timeoutMs);
    const response = await fetch(service, { signal });
    if (response.ok) return await firstBytes(response);
    await response.body?.cancel();
    throw new Error(`it answers ${response.status}`);
  } catch (cause) {
    if (cause instanceof Deno.errors.NotCapable) throw cause;
    if (cause instanceof DOMException && cause.name === "TimeoutError") {
      throw new FandTimeoutError(
        `Cannot tell the external address: ${service} has not answered within ${timeoutMs} ms; ` +
          "check the network",
        { cause },
      );
    }
    const found = cause instanceof Error ? plain(cause.message) : String(cause);
    throw new ConnectionFailedError(
      `Cannot tell the external address: ${service} cannot be asked (${found}); ` +
        "check the network or name another service",
      { cause },
    );
  }
}

/** What is longer than an address is none: the rest is not read. */
async function firstBytes(response: Response): Promise<string> {
  let text = "";
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > MAX_ANSWER_BYTES) break;
  }
  return text.slice(0, MAX_ANSWER_BYTES + 1);
}
