/**
 * The files that `[tls]` names: read and checked with the configuration, so that a server does not
 * find out at the first client that a key fits no certificate.
 *
 * @module
 */

import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import { ConfigError } from "../../errors.ts";
import type { ServerConfig } from "../config.ts";
import { Revocations } from "./revocations.ts";
import type { TlsFiles } from "./tls_config.ts";

/** A larger file holds no certificates that anybody meant. */
const MAX_BYTES = 1_048_576;
/** A certificate that ends sooner deserves a word. */
const SOON_MS = 14 * 86_400_000;

/**
 * What the files hold, checked. A configuration is told over the wire and kept in the audit, so
 * that what must not get there is out of reach of whoever walks over its keys.
 */
export class TlsIdentity {
  /** Of the server's certificate: SHA-256 in hexadecimal. */
  readonly fingerprint: string;
  /** How many certificates of clients are revoked. */
  readonly revoked: number;
  readonly #parts: TlsIdentityParts;

  constructor(parts: TlsIdentityParts) {
    this.#parts = parts;
    const [leaf] = certificatesOf(parts.cert);
    this.fingerprint = leaf?.fingerprint256.replaceAll(":", "").toLowerCase() ?? "";
    this.revoked = parts.revocations.size;
  }

  /** The texts of the files, the key among them. */
  get parts(): TlsIdentityParts {
    return this.#parts;
  }
}

/** The texts of the files, and what is revoked. */
export interface TlsIdentityParts {
  readonly cert: string;
  readonly key: string;
  readonly clientCa: string | null;
  readonly revocations: Revocations;
}

type Key = "cert" | "key" | "client_ca" | "revoked";

/**
 * `config` with what the files of its `[tls]` hold.
 *
 * @throws {ConfigError} With what is wrong in each of the files.
 */
export async function withIdentity(config: ServerConfig, nowMs: number): Promise<ServerConfig> {
  const { tls, source } = config;
  if (tls === null) return config;
  const reader = new IdentityReader(source, nowMs);
  const identity = await reader.read(tls.files);
  return {
    ...config,
    tls: { ...tls, identity },
    warnings: [...config.warnings, ...reader.warnings],
  };
}

/** Reads the files of one configuration and collects what is wrong with them. */
class IdentityReader {
  readonly warnings: string[] = [];
  readonly #problems: string[] = [];
  readonly #source: string;
  readonly #nowMs: number;

  constructor(source: string, nowMs: number) {
    this.#source = source;
    this.#nowMs = nowMs;
  }

  async read(files: TlsFiles): Promise<TlsIdentity> {
    const cert = this.#text("cert", files.cert);
    const key = this.#text("key", files.key);
    const clientCa = this.#text("client_ca", files.clientCa);
    const revoked = this.#text("revoked", files.revoked);
    this.#checkPair(files, cert, key);
    const cas = this.#parsed("client_ca", files.clientCa, () => certificatesOf(clientCa)) ?? [];
    if (cas.some(({ ca }) => !ca)) this.#add("client_ca", files.clientCa, "a certificate of no CA");
    const revocations = await this.#revocations(files.revoked, revoked, cas);
    if (this.#problems.length === 0) {
      return new TlsIdentity({ cert, key, clientCa: clientCa || null, revocations });
    }
    throw new ConfigError(
      `Cannot use the configuration "${this.#source}": a file that its [tls] names has problems; ` +
        "correct what is listed and try again",
      this.#problems,
    );
  }

  async #revocations(
    file: string | null,
    pem: string,
    cas: readonly X509Certificate[],
  ): Promise<Revocations> {
    if (pem === "" || cas.length === 0) return Revocations.NONE;
    try {
      return await Revocations.read(pem, cas);
    } catch (error) {
      this.#add("revoked", file, textOf(error));
      return Revocations.NONE;
    }
  }

  #checkPair(files: TlsFiles, cert: string, key: string): void {
    const [leaf] = this.#parsed("cert", files.cert, () => certificatesOf(cert)) ?? [];
    const secret = this.#parsed("key", files.key, () => keyOf(key));
    if (leaf === undefined || secret === null) return;
    if (!leaf.checkPrivateKey(secret)) {
      this.#add("key", files.key, `a key that is not the one of "${files.cert}"`);
    }
    const endMs = Date.parse(leaf.validTo);
    if (endMs > this.#nowMs + SOON_MS) return;
    const ends = endMs <= this.#nowMs ? "has ended" : "ends";
    this.#warn("cert", `"${files.cert}" ${ends} on ${dateOf(endMs)}; make another one`);
  }

  /** The text of a file; empty when there is none, or none that can be used. */
  #text(key: Key, file: string | null): string {
    if (file === null) return "";
    try {
      const { size, isFile, mode } = Deno.statSync(file);
      if (!isFile) throw new ConfigError("no file", []);
      if (size > MAX_BYTES) throw new ConfigError(`${size} bytes, more than ${MAX_BYTES}`, []);
      if (key === "key" && ((mode ?? 0) & 0o007) !== 0) {
        this.#warn(key, `everybody on this machine may read "${file}"; take that right away`);
      }
      return Deno.readTextFileSync(file);
    } catch (error) {
      const isForbidden = error instanceof Deno.errors.NotCapable;
      this.#add(key, file, isForbidden ? `no leave: add --allow-read=${file}` : textOf(error));
      return "";
    }
  }

  #parsed<T>(key: Key, file: string | null, parse: () => T): T | null {
    try {
      return parse();
    } catch (error) {
      this.#add(key, file, textOf(error));
      return null;
    }
  }

  #add(key: Key, file: string | null, found: string): void {
    const text = `${this.#source}: tls.${key}: "${file}": found ${found}`;
    // One problem a file: what cannot be read cannot be parsed, either.
    const about = `${this.#source}: tls.${key}: `;
    if (!this.#problems.some((problem) => problem.startsWith(about))) this.#problems.push(text);
  }

  #warn(key: Key, text: string): void {
    this.warnings.push(`${this.#source}: tls.${key}: ${text}`);
  }
}

/** Every certificate of a PEM text. */
function certificatesOf(pem: string): X509Certificate[] {
  if (pem === "") return [];
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^]*?-----END CERTIFICATE-----/g) ?? [];
  if (blocks.length === 0) throw new ConfigError("no certificate in PEM", []);
  try {
    return blocks.map((block) => new X509Certificate(block));
  } catch {
    throw new ConfigError("a certificate that cannot be read", []);
  }
}

function keyOf(pem: string): KeyObject | null {
  if (pem === "") return null;
  try {
    return createPrivateKey(pem);
  } catch {
    throw new ConfigError("no private key in PEM, or one with a password", []);
  }
}

/** A day, as people write it. */
function dateOf(wallMs: number): string {
  return new Date(wallMs).toISOString().slice(0, 10);
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
