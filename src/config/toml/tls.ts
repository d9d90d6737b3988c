/**
 * `[tls]` of a fand.toml.
 *
 * @module
 */

import type { Problems } from "../problems.ts";
import type { TlsConfig } from "../tls/tls_config.ts";
import { isTable, read } from "./rules.ts";
import { TLS } from "./schema.ts";

/** Reads the table; null when there is none, or one with problems. */
export function readTls(value: unknown, problems: Problems): TlsConfig | null {
  if (value === undefined) return null;
  const tls = read(TLS, value, ["tls"], problems);
  if (!tls) return null;
  const { client_ca: clientCa = null, revoked = null } = tls;
  for (const key of ["revoked", "client_certificate"]) {
    if (clientCa === null && isTable(value) && key in value) {
      problems.add(["tls", key], "no client_ca", "it only beside client_ca");
    }
  }
  return {
    address: tls.address,
    port: tls.port,
    files: { cert: tls.cert, key: tls.key, clientCa, revoked },
    clientCertificate: tls.client_certificate,
    handshakeMs: tls.handshake_ms,
    handshakes: tls.handshakes,
    identity: null,
  };
}
