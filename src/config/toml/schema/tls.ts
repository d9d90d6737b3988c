/**
 * `[tls]`.
 *
 * @module
 */

import { CLIENT_CERTIFICATE, DEFAULT_TLS } from "../../tls/tls_config.ts";
import { oneOf, text, v, whole } from "../rules.ts";
import { milliseconds, table } from "./table.ts";

/** `[tls]`. */
export const TLS = table({
  address: v.optional(text, DEFAULT_TLS.address),
  port: v.optional(whole(0, 65_535), DEFAULT_TLS.port),
  cert: text,
  key: text,
  client_ca: v.optional(text),
  revoked: v.optional(text),
  client_certificate: v.optional(oneOf(CLIENT_CERTIFICATE), DEFAULT_TLS.clientCertificate),
  handshake_ms: v.optional(milliseconds(100, 60_000), DEFAULT_TLS.handshakeMs),
  handshakes: v.optional(whole(1, 100_000), DEFAULT_TLS.handshakes),
});
