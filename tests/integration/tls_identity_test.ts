/** The files that [tls] names: what is wrong with them is told before a server listens. */

import { deepEqual, equal, match, ok } from "node:assert/strict";
import { flatten } from "../../src/config/flat.ts";
import { ConfigError } from "../../src/errors.ts";
import { withIdentity } from "../../src/config/tls/identity.ts";
import type { TlsFiles } from "../../src/config/tls/tls_config.ts";
import { testConfig } from "../support/serve.ts";
import { TestPki } from "../support/test_pki.ts";

async function problems(pki: TestPki, files: Partial<TlsFiles>): Promise<readonly string[]> {
  const config = await pki.config();
  const tls = { ...config, files: { ...config.files, ...files } };
  try {
    await withIdentity({ ...testConfig(), tls }, Date.now());
  } catch (error) {
    ok(error instanceof ConfigError);
    return error.problems.map((text) => text.replaceAll(pki.dir.path, "DIR"));
  }
  return [];
}

Deno.test("every file of [tls] that cannot be used is told, each with what is wrong", async () => {
  await using pki = await TestPki.make();
  await using other = await TestPki.make();
  await pki.issue("rack7", "client");
  const { dir } = pki;
  const garbage = await dir.write("garbage.pem", "no PEM");
  deepEqual(await problems(pki, {}), []);
  deepEqual(await problems(pki, { key: dir.join("rack7.key") }), [
    'test: tls.key: "DIR/rack7.key": found a key that is not the one of "DIR/localhost.pem"',
  ]);
  deepEqual(await problems(pki, { cert: garbage, key: garbage, clientCa: garbage }), [
    'test: tls.cert: "DIR/garbage.pem": found no certificate in PEM',
    'test: tls.key: "DIR/garbage.pem": found no private key in PEM, or one with a password',
    'test: tls.client_ca: "DIR/garbage.pem": found no certificate in PEM',
  ]);
  deepEqual(await problems(pki, { clientCa: dir.join("rack7.pem") }), [
    'test: tls.client_ca: "DIR/rack7.pem": found a certificate of no CA',
    `test: tls.revoked: "DIR/revoked.pem": found a list of "${await nameOf(pki)}" ` +
    "that no CA of client_ca has signed",
  ]);
  deepEqual(await problems(pki, { revoked: garbage }), [
    'test: tls.revoked: "DIR/garbage.pem": found no revocation list in it',
  ]);
  match(
    (await problems(pki, { revoked: other.dir.join("revoked.pem") })).join(),
    /that no CA of client_ca has signed$/,
  );
  match((await problems(pki, { cert: dir.join("gone.pem") })).join(), /tls.cert: .* No such file/);
});

Deno.test("a certificate that ends soon and a key that others may read deserve a word", async () => {
  await using pki = await TestPki.make();
  await pki.issue("short", "server", { days: 5 });
  await Deno.chmod(pki.dir.join("short.key"), 0o644);
  const config = await pki.config();
  const files = {
    ...config.files,
    cert: pki.dir.join("short.pem"),
    key: pki.dir.join("short.key"),
  };
  const read = await withIdentity({ ...testConfig(), tls: { ...config, files } }, Date.now());
  equal(read.warnings.length, 2);
  match(read.warnings[0] ?? "", /tls.key: everybody on this machine may read/);
  match(read.warnings[1] ?? "", /tls.cert: .*short.pem" ends on \d{4}-/);
});

Deno.test("the key of a server is nowhere in what is told of its configuration", async () => {
  await using pki = await TestPki.make();
  const tls = await pki.config();
  const secret = (await Deno.readTextFile(pki.dir.join("localhost.key"))).split("\n")[1] ?? "";
  equal(tls.identity?.parts.key.includes(secret), true);
  const flat = flatten({ ...testConfig(), tls });
  equal([...flat.values()].some((value) => value.includes(secret)), false);
  equal(JSON.stringify(tls).includes(secret), false);
  match(flat.get("tls.identity.fingerprint") ?? "", /^"[0-9a-f]{64}"$/);
});

/** The CA of a test, as a list names it. */
async function nameOf(pki: TestPki): Promise<string> {
  const { X509Certificate } = await import("node:crypto");
  return new X509Certificate(await Deno.readTextFile(pki.dir.join("ca.pem"))).subject;
}
