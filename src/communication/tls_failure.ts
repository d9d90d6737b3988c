/**
 * What goes wrong with TLS, as the errors of this project. Deno tells all of it by one class, so
 * that only the text tells the causes apart.
 *
 * @module
 */
import { ConnectionFailedError } from "../errors.ts";

/** What is found in the text of a cause, what that means, and what to do. */
const CAUSES: readonly (readonly [pattern: RegExp, found: string, remedy: string])[] = [
  [
    /received fatal alert: CertificateRequired/,
    "the server wants a certificate of this client",
    "give one that the server's client_ca has signed",
  ],
  [
    /received fatal alert: (\w*Certificate\w*|UnknownCA|AccessDenied|DecryptError)/,
    "the server does not take the certificate of this client",
    "have one made by the CA that the server names as client_ca",
  ],
  [
    /UnknownIssuer|SelfSigned|CaUsedAsEndEntity/i,
    "its certificate is signed by a CA that is not trusted here",
    "give the certificate of that CA, or look whether this is the right server",
  ],
  [
    /not valid for name|NotValidForName/,
    "its certificate is for another name",
    "connect by a name or an address that is in the certificate, or have this one put into it",
  ],
  [
    /certificate expired|: Expired/,
    "its certificate has ended",
    "have it renewed on the server, or check the clock",
  ],
  [
    /not valid yet|NotValidYet/,
    "its certificate is not valid yet",
    "check the clocks of both machines",
  ],
  [/: Revoked/, "its certificate is revoked", "have another one made for the server"],
  [
    /InvalidContentType|corrupt message|record overflow/i,
    "what answers there does not speak TLS",
    "take the port that does, or connect without TLS",
  ],
  [
    /received fatal alert: (ProtocolVersion|HandshakeFailure)/,
    "it has no version of TLS in common with this client",
    "update the older of the two",
  ],
  [
    /No (private )?keys? found|No certificates? found|decode|KeyMismatch|InconsistentKeys|pem/i,
    "the certificate, the key or the CA of this client cannot be used",
    "give PEM files, and the key that belongs to the certificate",
  ],
  [
    /close_notify|UnexpectedEof|tls handshake eof/i,
    "it has closed the connection instead of a handshake",
    "look whether TLS is spoken there, and try again",
  ],
];

/** Why a connection over TLS could not be made to `place`; null for what TLS has no part in. */
export function tlsFailure(place: string, cause: unknown): ConnectionFailedError | null {
  const advice = tlsAdvice(cause);
  if (advice === null) return null;
  return new ConnectionFailedError(`Cannot connect to ${place}: ${advice}`, { cause });
}

/** What was found and what to do; null for what TLS has no part in. */
export function tlsAdvice(cause: unknown): string | null {
  const text = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
  const known = CAUSES.find(([pattern]) => pattern.test(text));
  return known === undefined ? null : `${known[1]}; ${known[2]}`;
}
