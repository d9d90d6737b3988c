/**
 * The door for plain TCP.
 *
 * @module
 */

import { ListeningError } from "../../errors.ts";
import { formatEndpoint, isLoopback } from "../../sockets/address.ts";
import type { Arrival, Door } from "./door.ts";

/**
 * Connections that the system keeps until they are let in: ten thousand agents may come at once
 * after a restart, and who finds no room here tries again only after a second or more. The system
 * has a limit of its own (net.core.somaxconn).
 */
const BACKLOG = 4096;

/** Lets clients in over TCP. */
export class TcpDoor implements Door {
  readonly #listener: Deno.TcpListener;

  /**
   * Listens.
   *
   * @throws {ListeningError} when the address is not one of this machine or the port is taken.
   */
  constructor(address: string, port: number) {
    this.#listener = listen(address, port);
  }

  /** Where clients reach this door. */
  get address(): Deno.NetAddr {
    return this.#listener.addr;
  }

  get place(): string {
    const { hostname, port } = this.address;
    return formatEndpoint(hostname, port);
  }

  async accept(): Promise<Arrival> {
    const line = await this.#listener.accept();
    line.setNoDelay();
    line.setKeepAlive();
    const { hostname: host, port } = line.remoteAddr;
    const origin = {
      way: "tcp",
      peer: `${host}:${port}`,
      host,
      // From an address of this machine to the same one nothing comes from elsewhere.
      isLocal: isLoopback(host) || host === line.localAddr.hostname,
      certificate: null,
    } as const;
    return { line, origin };
  }

  close(): void {
    this.#listener.close();
  }
}

function listen(address: string, port: number): Deno.TcpListener {
  try {
    return Deno.listen({ hostname: address, port, tcpBacklog: BACKLOG });
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw error;
    const found = error instanceof Error ? error.message : String(error);
    throw new ListeningError(
      `Cannot listen on ${address} port ${port}: ${found}; choose another with -a and -p`,
      { cause: error },
    );
  }
}
