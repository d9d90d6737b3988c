import { Authority } from "../../src/cli/pki/authority.ts";
import type { Use } from "../../src/cli/pki/issued.ts";
import { withIdentity } from "../../src/config/tls/identity.ts";
import { DEFAULT_TLS, type TlsConfig } from "../../src/config/tls/tls_config.ts";
import type { TlsOptions } from "../../src/sockets/net.ts";
import { testConfig } from "./serve.ts";
import { TempDir } from "./temp_dir.ts";

const DAY_MS = 86_400_000;

/** A CA as fanctl makes it, in a folder that is gone with it; hold it with `await using`. */
export class TestPki implements AsyncDisposable {
  readonly dir: TempDir;
  readonly authority: Authority;

  private constructor(dir: TempDir, authority: Authority) {
    this.dir = dir;
    this.authority = authority;
  }

  /** A CA with a server's certificate for the loopback interface. */
  static async make(): Promise<TestPki> {
    const dir = await TempDir.make();
    const name = `test CA ${crypto.randomUUID().slice(0, 8)}`;
    const authority = await Authority.init(dir.path, { name, days: 365 }, Date.now());
    const pki = new TestPki(dir, authority);
    await pki.issue("localhost", "server", { hosts: ["localhost", "127.0.0.1"] });
    return pki;
  }

  /** Signs a certificate; the days count from `nowMs`. */
  async issue(
    name: string,
    use: Use,
    { hosts = [], days = 365, nowMs = Date.now() }: {
      hosts?: readonly string[];
      days?: number;
      nowMs?: number;
    } = {},
  ): Promise<void> {
    await this.authority.issue({ name, use, hosts, days, replace: true }, nowMs);
  }

  /** Signs a certificate that ended yesterday. */
  issueEnded(name: string): Promise<void> {
    return this.issue(name, "client", { days: 1, nowMs: Date.now() - 2 * DAY_MS });
  }

  /** What a client needs that has the certificate of this name, if any. */
  client(name?: string, ca = "ca"): TlsOptions {
    const text = (file: string) => Deno.readTextFileSync(this.dir.join(file));
    return {
      ca: text(`${ca}.pem`),
      ...name !== undefined && { cert: text(`${name}.pem`), key: text(`${name}.key`) },
    };
  }

  /** `[tls]` with the files of this CA, on a port that the system chooses. */
  async config(changes: Partial<TlsConfig> & { mutual?: boolean } = {}): Promise<TlsConfig> {
    const { mutual = true, ...others } = changes;
    const tls: TlsConfig = {
      ...DEFAULT_TLS,
      port: 0,
      files: {
        cert: this.dir.join("localhost.pem"),
        key: this.dir.join("localhost.key"),
        clientCa: mutual ? this.dir.join("ca.pem") : null,
        revoked: mutual ? this.dir.join("revoked.pem") : null,
      },
      identity: null,
      ...others,
    };
    const read = await withIdentity({ ...testConfig(), tls }, Date.now());
    return read.tls as TlsConfig;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.dir[Symbol.asyncDispose]();
  }
}
