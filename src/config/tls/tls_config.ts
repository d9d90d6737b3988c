/**
 * What a server needs to know to serve clients over TLS.
 *
 * @module
 */

import type { TlsIdentity } from "./identity.ts";

/** Whether every client has to show a certificate, or may come without one. */
export const CLIENT_CERTIFICATE = ["required", "optional"] as const;

/** `[tls]` of a configuration. */
export interface TlsConfig {
  /** Host name or IP address to listen on. */
  readonly address: string;
  /** TCP port; 0 lets the system choose. */
  readonly port: number;
  readonly files: TlsFiles;
  readonly clientCertificate: (typeof CLIENT_CERTIFICATE)[number];
  /** Milliseconds from a client's connection to the end of its handshake. */
  readonly handshakeMs: number;
  /** Handshakes that may be under way at one time. */
  readonly handshakes: number;
  /** What the files hold; null until they were read. */
  readonly identity: TlsIdentity | null;
}

/** The files that `[tls]` names; all of them are PEM. */
export interface TlsFiles {
  /** The server's certificate, and those between it and its CA. */
  readonly cert: string;
  readonly key: string;
  /** The CA that has signed the certificates of clients; null: they have none. */
  readonly clientCa: string | null;
  /** Lists of what that CA has revoked; null: nothing. */
  readonly revoked: string | null;
}

/** What `[tls]` may leave out. */
export const DEFAULT_TLS = {
  address: "127.0.0.1",
  port: 9998,
  clientCertificate: "required",
  handshakeMs: 10_000,
  handshakes: 512,
} as const;
