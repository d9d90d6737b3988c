/**
 * Which certificates are taken back: the lists that a CA signs (RFC 5280).
 *
 * @module
 */

import type { X509Certificate } from "node:crypto";
import { loadX509 } from "../../../deps.ts";
import { ConfigError } from "../../errors.ts";

/** The serial numbers that one CA has revoked. */
interface List {
  readonly ca: X509Certificate;
  readonly serials: ReadonlySet<string>;
}

/** The lists of one or more CAs. */
export class Revocations {
  /** Nothing is revoked. */
  static readonly NONE: Revocations = new Revocations([]);

  readonly #lists: readonly List[];

  private constructor(lists: readonly List[]) {
    this.#lists = lists;
  }

  /**
   * Reads the lists of a file.
   *
   * @param pem One list or more, each signed by one of the CAs.
   * @throws {ConfigError} When there is no list in it, or one that none of the CAs has signed.
   */
  static async read(pem: string, cas: readonly X509Certificate[]): Promise<Revocations> {
    const { PemConverter, X509Crl } = await loadX509();
    const lists: List[] = [];
    for (const block of PemConverter.decodeWithHeaders(pem)) {
      if (!/^(X509 )?CRL$/.test(block.type)) continue;
      const crl = new X509Crl(block.rawData);
      const ca = await signerOf(crl, cas);
      const serials = new Set(crl.entries.map(({ serialNumber }) => plainSerial(serialNumber)));
      lists.push({ ca, serials });
    }
    if (lists.length === 0) throw new ConfigError("no revocation list in it", []);
    return new Revocations(lists);
  }

  /** How many certificates are revoked. */
  get size(): number {
    return this.#lists.reduce((sum, { serials }) => sum + serials.size, 0);
  }

  /** Whether the CA of this certificate has revoked it. */
  has(certificate: X509Certificate): boolean {
    const serial = plainSerial(certificate.serialNumber);
    return this.#lists.some(({ ca, serials }) =>
      serials.has(serial) && certificate.checkIssued(ca)
    );
  }
}

/** The CA that has signed a list. */
async function signerOf(
  crl: { readonly issuer: string; verify(by: { publicKey: CryptoKey }): Promise<boolean> },
  cas: readonly X509Certificate[],
): Promise<X509Certificate> {
  const { X509Certificate: Parsed } = await loadX509();
  for (const ca of cas) {
    const publicKey = await new Parsed(new Uint8Array(ca.raw)).publicKey.export();
    if (await crl.verify({ publicKey }).catch(() => false)) return ca;
  }
  throw new ConfigError(`a list of "${crl.issuer}" that no CA of client_ca has signed`, []);
}

/** A serial number in the digits that it needs: libraries differ in case and zeros before it. */
function plainSerial(serial: string): string {
  return serial.toLowerCase().replace(/^0+(?=.)/, "");
}
