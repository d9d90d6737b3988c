/**
 * What a client's certificate proves.
 *
 * @module
 */

import { X509Certificate } from "node:crypto";
import type { TLSSocket } from "node:tls";
import type { TlsIdentityParts } from "../../config/tls/identity.ts";
import type { TlsConfig } from "../../config/tls/tls_config.ts";

/** Who the client is, or why it is not let in; a name of null is nobody in particular. */
export type Verdict =
  | { readonly name: string | null; readonly certificate: X509Certificate | null }
  | { readonly refusal: string };

/** A longer name is none that anybody has configured. */
const MOST_NAME_CHARACTERS = 64;

/**
 * Judges a client whose handshake is over.
 *
 * The handshake proves that the client has the key of the certificate, and `authorized` that
 * client_ca has signed it for clients and that it is in time. Neither holds for a session that is
 * resumed: Deno hands out tickets for it before anything is judged, and takes them back as if all
 * had been well. Lists of revoked certificates are ignored by node:tls under Deno.
 */
export function judge(
  socket: TLSSocket,
  identity: Pick<TlsIdentityParts, "clientCa" | "revocations">,
  wanted: TlsConfig["clientCertificate"],
): Verdict {
  if (identity.clientCa === null) return { name: null, certificate: null };
  if (socket.isSessionReused()) {
    return refuse("it has resumed a session, which proves nothing; connect without");
  }
  const peer = socket.getPeerCertificate();
  if (!peer?.raw) {
    return wanted === "optional"
      ? { name: null, certificate: null }
      : refuse('it has shown no certificate; "fanctl pki client NAME" makes one');
  }
  const certificate = new X509Certificate(peer.raw);
  if (!socket.authorized) return refuse(faultOf(certificate));
  if (identity.revocations.has(certificate)) {
    return refuse("its certificate is revoked; have another one made");
  }
  const name: unknown = peer.subject?.CN;
  if (!isName(name)) {
    return refuse("its certificate has no common name that could be one; have another one made");
  }
  return { name, certificate };
}

function refuse(found: string): Verdict {
  return { refusal: `Cannot let this client in: ${found}` };
}

function faultOf({ validFrom, validTo }: X509Certificate): string {
  const nowMs = Date.now();
  if (Date.parse(validTo) < nowMs) {
    return `its certificate has ended on ${validTo}; have another one made`;
  }
  if (Date.parse(validFrom) > nowMs) {
    return `its certificate begins on ${validFrom}; check the clocks of both machines`;
  }
  return "its certificate is none that client_ca has signed for clients; " +
    'have one made there, with "fanctl pki client NAME"';
}

function isName(name: unknown): name is string {
  return typeof name === "string" && name.length <= MOST_NAME_CHARACTERS &&
    /^\P{C}+$/u.test(name);
}
