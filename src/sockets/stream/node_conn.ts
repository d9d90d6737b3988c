/**
 * A connection of `node:net`, which can do what `Deno.connect` cannot: come from an address that
 * was bound before, and end with a reset.
 *
 * @module
 */
import type { Socket as NodeSocket } from "node:net";
import { allowNet } from "../net_permission.ts";
import type { StreamConn } from "./stream_conn.ts";

/** An address and a port. */
export interface NetEnd {
  readonly hostname: string;
  readonly port: number;
}

/**
 * Begins to connect; the signal ends that.
 *
 * @param local Where it comes from; null leaves that to the system.
 */
export async function openNodeConn(
  remote: NetEnd,
  local: NetEnd | null,
  signal: AbortSignal,
): Promise<StreamConn> {
  await allowNet(remote.hostname, remote.port);
  const { connect } = await import("node:net");
  signal.throwIfAborted();
  const from = local === null ? {} : { localAddress: local.hostname, localPort: local.port };
  const socket = connect({
    host: remote.hostname,
    port: remote.port,
    allowHalfOpen: true,
    ...from,
  });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const giveUp = (): void => void socket.destroy();
  socket.once("connect", resolve).once("error", reject);
  signal.addEventListener("abort", giveUp);
  try {
    await promise;
  } finally {
    signal.removeEventListener("abort", giveUp);
    socket.off("connect", resolve).off("error", reject);
  }
  return new NodeConn(socket);
}

class NodeConn implements StreamConn {
  readonly localAddr: Deno.Addr;
  readonly remoteAddr: Deno.Addr;
  readonly #socket: NodeSocket;
  /** What came at once and did not fit into a buffer. */
  #rest: Uint8Array | null = null;
  /** Why nothing more comes, until it has been told. */
  #failure: Error | null = null;
  #isEnd = false;
  #wake: (() => void) | null = null;

  constructor(socket: NodeSocket) {
    this.#socket = socket;
    const { localAddress = "", localPort = 0, remoteAddress = "", remotePort = 0 } = socket;
    this.localAddr = { transport: "tcp", hostname: localAddress, port: localPort };
    this.remoteAddr = { transport: "tcp", hostname: remoteAddress, port: remotePort };
    socket.on("readable", () => this.#wake?.());
    socket.on("error", (error) => this.#end(error));
    socket.on("end", () => this.#end(null));
    socket.on("close", () => this.#end(null));
  }

  async read(buffer: Uint8Array): Promise<number | null> {
    for (;;) {
      const chunk: Uint8Array | null = this.#rest ?? this.#socket.read();
      if (chunk !== null) {
        const count = Math.min(chunk.length, buffer.length);
        buffer.set(chunk.subarray(0, count));
        this.#rest = count < chunk.length ? chunk.subarray(count) : null;
        return count;
      }
      if (this.#failure !== null) throw this.#failure;
      if (this.#isEnd) return null;
      await new Promise<void>((resolve) => this.#wake = resolve);
    }
  }

  write(bytes: Uint8Array): Promise<number> {
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    this.#socket.write(bytes, (error) => error ? reject(error) : resolve(bytes.length));
    return promise;
  }

  async closeWrite(): Promise<void> {
    await new Promise<void>((resolve) => void this.#socket.end(resolve));
  }

  close(): void {
    this.#socket.destroy();
  }

  reset(): void {
    this.#socket.resetAndDestroy();
  }

  ref(): void {
    this.#socket.ref();
  }

  unref(): void {
    this.#socket.unref();
  }

  setNoDelay(isOn: boolean): void {
    this.#socket.setNoDelay(isOn);
  }

  setKeepAlive(isOn: boolean): void {
    this.#socket.setKeepAlive(isOn);
  }

  #end(error: Error | null): void {
    this.#failure ??= error;
    this.#isEnd = true;
    this.#wake?.();
  }
}
