/**
 * Keys and certificates as they are made here: EC P-256, X.509 version 3, PEM.
 *
 * @module
 */
import { loadX509 } from "../../../deps.ts";
import { familyOf } from "../../sockets/inet.ts";

const x509 = await loadX509();

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const DAY_MS = 86_400_000;
/** A certificate is good from this long before now: clocks differ. */
const EARLIER_MS = 3_600_000;
const SERIAL_BYTES = 16;

/** What a certificate is for. */
export type Use = "server" | "client";

const EXTENDED_USE = {
  server: x509.ExtendedKeyUsage.serverAuth,
  client: x509.ExtendedKeyUsage.clientAuth,
} as const;

/** A certificate and its key, both in PEM. */
export interface Pair {
  readonly cert: string;
  readonly key: string;
  readonly serial: string;
  readonly endMs: number;
}

/** A CA that can sign. */
export interface Signer {
  readonly certificate: InstanceType<typeof x509.X509Certificate>;
  readonly key: CryptoKey;
}

/** What a certificate tells. */
export interface Told {
  readonly name: string;
  readonly serial: string;
  readonly use: Use | null;
  readonly endMs: number;
}

/** A certificate that is its own CA, and may sign others but no further CA. */
export async function newCa(name: string, days: number, nowMs: number): Promise<Pair> {
  const keys = await crypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
  const { keyCertSign, cRLSign } = x509.KeyUsageFlags;
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: newSerial(),
    name: [{ CN: [name] }],
    ...span(days, nowMs),
    signingAlgorithm: ALGORITHM,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(keyCertSign | cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return await pairOf(certificate, keys.privateKey);
}

/**
 * A certificate that the CA has signed; it ends with the CA's own at the latest.
 *
 * @param hosts The names and addresses of a server.
 */
export async function newCertificate(
  signer: Signer,
  { name, use, hosts, days }: { name: string; use: Use; hosts: readonly string[]; days: number },
  nowMs: number,
): Promise<Pair> {
  const keys = await crypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
  const { notBefore, notAfter } = span(days, nowMs);
  const lastMs = Math.min(notAfter.getTime(), signer.certificate.notAfter.getTime());
  const names = hosts.map((value) => ({
    type: familyOf(value) === null ? "dns" as const : "ip" as const,
    value,
  }));
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: newSerial(),
    subject: [{ CN: [name] }],
    issuer: signer.certificate.subject,
    notBefore,
    notAfter: new Date(lastMs),
    signingAlgorithm: ALGORITHM,
    publicKey: keys.publicKey,
    signingKey: signer.key,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([EXTENDED_USE[use]]),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      await x509.AuthorityKeyIdentifierExtension.create(signer.certificate),
      ...names.length > 0 ? [new x509.SubjectAlternativeNameExtension(names)] : [],
    ],
  });
  return await pairOf(certificate, keys.privateKey);
}

/** A revocation list of these serial numbers, good for as long as the CA. */
export async function newList(
  signer: Signer,
  revoked: readonly { readonly serial: string; readonly atMs: number }[],
  nowMs: number,
): Promise<string> {
  const list = await x509.X509CrlGenerator.create({
    issuer: signer.certificate.subject,
    thisUpdate: new Date(nowMs),
    nextUpdate: signer.certificate.notAfter,
    entries: revoked.map(({ serial, atMs }) => ({
      serialNumber: serial,
      revocationDate: new Date(atMs),
    })),
    signingAlgorithm: ALGORITHM,
    signingKey: signer.key,
  });
  return pem("X509 CRL", list.rawData);
}

/** Reads a CA. */
export async function readSigner(cert: string, key: string): Promise<Signer> {
  const [secret] = x509.PemConverter.decode(key);
  if (secret === undefined) throw new TypeError("no key in PEM");
  return {
    certificate: new x509.X509Certificate(cert),
    key: await crypto.subtle.importKey("pkcs8", secret, ALGORITHM, false, ["sign"]),
  };
}

/** What a revocation list holds. */
export function readList(list: string): { serial: string; atMs: number }[] {
  const [raw] = x509.PemConverter.decode(list);
  if (raw === undefined) throw new TypeError("no list in PEM");
  return new x509.X509Crl(raw).entries.map(({ serialNumber, revocationDate }) => ({
    serial: serialNumber,
    atMs: revocationDate.getTime(),
  }));
}

/** What a certificate tells. */
export function readCertificate(cert: string): Told {
  const certificate = new x509.X509Certificate(cert);
  const uses = certificate.getExtension(x509.ExtendedKeyUsageExtension)?.usages ?? [];
  return {
    name: certificate.subjectName.getField("CN")[0] ?? "",
    serial: certificate.serialNumber,
    use: uses.includes(EXTENDED_USE.server)
      ? "server"
      : uses.includes(EXTENDED_USE.client)
      ? "client"
      : null,
    endMs: certificate.notAfter.getTime(),
  };
}

function span(days: number, nowMs: number): { notBefore: Date; notAfter: Date } {
  return {
    notBefore: new Date(nowMs - EARLIER_MS),
    notAfter: new Date(nowMs + days * DAY_MS),
  };
}

/** Random, so that nobody has to count; positive, as the standard wants it. */
function newSerial(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(SERIAL_BYTES));
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return bytes.toHex();
}

async function pairOf(
  certificate: InstanceType<typeof x509.X509Certificate>,
  key: CryptoKey,
): Promise<Pair> {
  return {
    cert: pem("CERTIFICATE", certificate.rawData),
    key: pem("PRIVATE KEY", await crypto.subtle.exportKey("pkcs8", key)),
    serial: certificate.serialNumber,
    endMs: certificate.notAfter.getTime(),
  };
}

function pem(label: string, der: ArrayBuffer): string {
  return `${x509.PemConverter.encode(der, label)}\n`;
}
