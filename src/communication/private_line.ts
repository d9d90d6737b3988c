/**
 * Whether what is said on a connection stays between its two ends.
 *
 * @module
 */
import { DeniedError } from "../errors.ts";

const LOOPBACK = /^(127\.|::1$|::ffff:127\.)/i;

/** Whether nobody on the way can read along: it is encrypted, or within this machine. */
export function isPrivate(socket: Deno.Conn): boolean {
  const { remoteAddr, localAddr } = socket;
  if ("handshake" in socket || remoteAddr.transport === "unix") return true;
  if (remoteAddr.transport !== "tcp" || localAddr.transport !== "tcp") return false;
  // From an address of this machine to the same one, nothing leaves it.
  return LOOPBACK.test(remoteAddr.hostname) || remoteAddr.hostname === localAddr.hostname;
}

/**
 * Keeps a token from being sent where anybody on the way could read it.
 *
 * @throws {DeniedError}
 */
export function refuseOpenLine(socket: Deno.Conn, peer: string): void {
  if (isPrivate(socket)) return;
  throw new DeniedError(
    `Cannot send the token to ${peer}: the connection is not encrypted and leaves this machine; ` +
      "use TLS",
  );
}
