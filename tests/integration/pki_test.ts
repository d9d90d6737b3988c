/** A CA of one's own, as fanctl makes it: openssl has the last word on what it makes. */

import { deepEqual, equal, match } from "node:assert/strict";
import { runFanctl } from "../../src/cli/main.ts";
import { readTls } from "../../src/cli/tls_option.ts";
import { runProcess } from "../support/process.ts";
import { rejects } from "../support/rejects.ts";
import { tempDir } from "../support/temp_dir.ts";
import { TestIo } from "../support/test_io.ts";
import { testNeeding } from "../support/test_with.ts";

async function fanctl(...args: string[]): Promise<{ status: number; out: string; err: string }> {
  const io = new TestIo();
  const status = await runFanctl(args, io);
  return { status, out: io.out, err: io.err };
}

async function openssl(...args: string[]): Promise<{ code: number; text: string }> {
  const { code, stdout, stderr } = await runProcess("openssl", args);
  return { code, text: stdout + stderr };
}

testNeeding(["openssl"], "openssl takes what fanctl pki makes, for what it was made", async () => {
  await using folder = await tempDir();
  const dir = folder.join("pki");
  const pki = (...args: string[]) => fanctl("pki", ...args, "--dir", dir);
  equal((await pki("init", "--name", "fand CA of the lab")).status, 0);
  equal((await pki("server", "nas.example", "127.0.0.1", "::1")).status, 0);
  const client = await pki("client", "rack7", "--shelf", "rack7-*");
  equal(client.out, '[[client]]\nname = "rack7"\nrole = "agent"\nshelves = ["rack7-*"]\n');
  await pki("client", "rack8", "--role", "operate", "--days", "30");

  const verify = (file: string, ...more: string[]) =>
    openssl("verify", "-CAfile", `${dir}/ca.pem`, "-x509_strict", ...more, `${dir}/${file}`);
  const asServer = ["-purpose", "sslserver"];
  for (const name of ["nas.example", "sub.nas.example"]) {
    const { code } = await verify("nas.example.pem", ...asServer, "-verify_hostname", name);
    equal(code, name === "nas.example" ? 0 : 2);
  }
  for (const address of ["127.0.0.1", "::1"]) {
    equal((await verify("nas.example.pem", ...asServer, "-verify_ip", address)).code, 0);
  }
  equal((await verify("rack7.pem", "-purpose", "sslclient")).code, 0);
  equal((await verify("rack7.pem", ...asServer)).code, 2);
  equal((await verify("nas.example.pem", "-purpose", "sslclient")).code, 2);

  const list = ["-crl_check", "-CRLfile", `${dir}/revoked.pem`];
  equal((await verify("rack8.pem", ...list)).code, 0);
  equal((await pki("revoke", "rack8")).out, 'revoked the certificate of "rack8"\n');
  match((await verify("rack8.pem", ...list)).text, /certificate revoked/);
  equal((await verify("rack7.pem", ...list)).code, 0);

  const { text } = await openssl("x509", "-in", `${dir}/rack7.pem`, "-noout", "-text");
  match(text, /Issuer: CN = fand CA of the lab/);
  match(text, /Public-Key: \(256 bit\)/);
  const key = await openssl("pkey", "-in", `${dir}/rack7.key`, "-pubout");
  const cert = await openssl("x509", "-in", `${dir}/rack7.pem`, "-noout", "-pubkey");
  equal(key.text, cert.text);
});

Deno.test("keys are for their owner alone, and nothing is overwritten unless it is said", async () => {
  await using folder = await tempDir();
  const dir = folder.join("pki");
  await fanctl("pki", "init", "--dir", dir);
  await fanctl("pki", "client", "rack7", "--dir", dir);
  for (
    const [file, mode] of [["ca.key", 0o600], ["rack7.key", 0o600], ["ca.pem", 0o644]] as const
  ) {
    equal(((await Deno.stat(`${dir}/${file}`)).mode ?? 0) & 0o777, mode, file);
  }
  const before = await Deno.readTextFile(`${dir}/rack7.pem`);
  const ca = await Deno.readTextFile(`${dir}/ca.pem`);
  const again = await fanctl("pki", "client", "rack7", "--dir", dir);
  equal(again.status, 1);
  match(again.err, /there is one already; say --replace/);
  equal((await fanctl("pki", "init", "--dir", dir)).status, 1);
  equal(await Deno.readTextFile(`${dir}/rack7.pem`), before);
  equal(await Deno.readTextFile(`${dir}/ca.pem`), ca);
  equal((await fanctl("pki", "client", "rack7", "--replace", "--dir", dir)).status, 0);
  equal(((await Deno.stat(`${dir}/rack7.key`)).mode ?? 0) & 0o777, 0o600);
  equal(
    (await fanctl("pki", "revoke", "rack7", "--dir", dir)).out,
    'revoked 2 certificates of "rack7"\n',
  );
  match((await fanctl("pki", "revoke", "rack7", "--dir", dir)).out, /^nothing to do/);
  const listed = JSON.parse((await fanctl("pki", "list", "--json", "--dir", dir)).out);
  deepEqual(
    listed.map((
      one: { name: string; use: string; revoked: string | null },
    ) => [one.name, one.use, one.revoked !== null]),
    [["rack7", "client", true], ["rack7", "client", true]],
  );
});

Deno.test("fanctl pki says what is missing, and which names will not do", async () => {
  await using folder = await tempDir();
  const dir = folder.join("pki");
  const missing = await fanctl("pki", "client", "rack7", "--dir", dir);
  equal(missing.status, 1);
  match(missing.err, /there is none, or not all of it; make one with fanctl pki init/);
  await fanctl("pki", "init", "--dir", dir);
  match((await fanctl("pki", "revoke", "rack9", "--dir", dir)).err, /no certificate of that name/);
  for (
    const words of [
      ["client", "ca"],
      ["client", "../rack7"],
      ["client", "räck"],
      ["client", "rack7", "--days", "0"],
      ["client", "rack7", "--role", "root"],
      ["server"],
      ["server", "not a host"],
      ["init", "--name", "a\nb"],
    ]
  ) {
    equal((await fanctl("pki", ...words, "--dir", dir)).status, 2, words.join(" "));
  }
});

Deno.test("fanctl says which file of TLS it cannot use", async () => {
  const none = { ca: null, cert: null, key: null };
  deepEqual(await readTls(null), undefined);
  deepEqual(await readTls(none), {});
  await rejects(
    readTls({ ...none, cert: "a.pem" }),
    "UsageError",
    "Cannot prove who this is: --cert is given alone; give both --cert and --key",
  );
  await rejects(readTls({ ...none, ca: "no/such.pem" }), "UsageError", /"no\/such.pem" of --ca/);
});
