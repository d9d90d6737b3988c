/**
 * The calls by which Deno makes connections and listeners: nothing else in this project makes one
 * of TCP or of a path, so that addresses, limits and permissions are treated alike.
 *
 * @module
 */
import { plainHost } from "./address.ts";

/** Where a connection goes to, or comes from. */
export type NetTarget =
  | { readonly path: string }
  | { readonly hostname: string; readonly port: number };

/** Begins to connect; the signal ends that, except for paths, which answer at once. */
export function openNet(
  target: { readonly hostname: string; readonly port: number },
  signal: AbortSignal,
): Promise<Deno.TcpConn>;
export function openNet(target: NetTarget, signal: AbortSignal): Promise<Deno.Conn>;
export function openNet(target: NetTarget, signal: AbortSignal): Promise<Deno.Conn> {
  if ("path" in target) return Deno.connect({ transport: "unix", path: target.path });
  return Deno.connect({ hostname: plainHost(target.hostname), port: target.port, signal });
}

/** @param tcpBacklog How many may wait to be accepted; what Deno has where it is left out. */
export function listenNet(
  target: { readonly hostname: string; readonly port: number },
  tcpBacklog?: number,
): Deno.TcpListener;
export function listenNet(target: NetTarget, tcpBacklog?: number): Deno.Listener;
export function listenNet(target: NetTarget, tcpBacklog?: number): Deno.Listener {
  if ("path" in target) return Deno.listen({ transport: "unix", path: target.path });
  const address = { hostname: plainHost(target.hostname), port: target.port };
  return Deno.listen(tcpBacklog === undefined ? address : { ...address, tcpBacklog });
}

/** Whom a client trusts over TLS and how it proves who it is. Everything is PEM, as text. */
export interface TlsOptions {
  /** The CA of the server's certificate; those that everybody trusts are trusted besides. */
  ca?: string;
  /** The client's own certificate. */
  cert?: string;
  /** The key of that certificate. */
  key?: string;
}

/** Connects, and resolves once both sides have proved what they have to; 1.3 with 1.3 servers. */
export async function openTls(
  target: { readonly hostname: string; readonly port: number },
  { ca, cert, key }: TlsOptions,
  signal: AbortSignal,
): Promise<Deno.TlsConn> {
  const conn = await Deno.connectTls({
    hostname: plainHost(target.hostname),
    port: target.port,
    ...ca !== undefined && { caCerts: [ca] },
    ...cert !== undefined && key !== undefined && { cert, key },
  });
  const giveUp = () => conn.close();
  if (signal.aborted) giveUp();
  signal.addEventListener("abort", giveUp);
  try {
    await conn.handshake();
    return conn;
  } catch (error) {
    if (!signal.aborted) conn.close();
    throw error;
  } finally {
    signal.removeEventListener("abort", giveUp);
  }
}
