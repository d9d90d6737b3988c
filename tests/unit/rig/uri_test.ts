import assert from "node:assert/strict";
import { hostname2ip, isValidIp, LISTEN_PORT, validateUri } from "../../../mod.ts";
import { plainHost } from "../../../src/rig/hosts.ts";
import { rejects } from "../../support/rejects.ts";

Deno.test("validateUri completes what is there", async () => {
  for (
    const [uri, expected] of [
      ["192.0.2.1", "udp://192.0.2.1:11001"],
      ["192.0.2.1:9998", "udp://192.0.2.1:9998"],
      ["tcp://192.0.2.1", "tcp://192.0.2.1:11001"],
      ["tcp://192.0.2.1:1", "tcp://192.0.2.1:1"],
      ["UDP://192.0.2.1:65535", "UDP://192.0.2.1:65535"],
      ["::1", "udp://[::1]:11001"],
      ["tcp://[::1]", "tcp://[::1]:11001"],
      ["[::1]:80", "udp://[::1]:80"],
      ["localhost:", "udp://127.0.0.1:11001"],
      ["udp://localhost:80", "udp://127.0.0.1:80"],
    ] as const
  ) assert.equal(await validateUri(uri), expected, uri);
  assert.equal(LISTEN_PORT, 11001);
});

Deno.test("validateUri takes other defaults, and leaves names alone when it is told to", async () => {
  assert.equal(await validateUri("foo-1", false, 80, "tcp"), "tcp://foo-1:80");
  assert.equal(await validateUri("foo", false, "81"), "udp://foo:81");
  assert.equal(await validateUri("udp://foo:82", false, 80), "udp://foo:82");
});

Deno.test("validateUri refuses ports that are none, each in words", async () => {
  for (
    const port of ["0", "00", "65536", "-80", "80.0", " 80 ", "+80", "8_0", "80/x", "80:90", "x"]
      .concat("1e3", "٨٠", "999999")
  ) {
    for (const uri of [`foobar:${port}`, `tcp://192.0.2.1:${port}`, `[::1]:${port}`]) {
      await rejects(
        validateUri(uri, false),
        "RangeError",
        `Cannot use the port "${port}" of ` +
          `"${uri}": it is no whole number of 1 to 65535; give such a port`,
      );
    }
  }
  await rejects(validateUri("foobar", false, 0), "RangeError", /Cannot use the port "0"/);
  await rejects(validateUri("foobar", false, "many"), "RangeError", /Cannot use the port "many"/);
});

Deno.test("validateUri refuses hosts that are none", async () => {
  for (
    const uri of ["foo.example.com", "Foo", "foo_bar", "foo\n", "fo o", "foo?", "192.0.2.01", "%"]
      .concat("ﬀ", "192.0.2.1/32")
  ) await rejects(validateUri(uri, false), "RangeError", /Cannot use the host name/);
  for (const uri of ["", ":80", "udp://", "udp://:80"]) {
    await rejects(validateUri(uri), "RangeError", /it names no host/);
  }
  for (const uri of ["[]", "[::1", "[::1]80", "[foo]:80", "[192.0.2.1]:80", "[fe80::1%eth0]:80"]) {
    await rejects(validateUri(uri), "RangeError", /no address of IPv6/);
  }
});

Deno.test("validateUri refuses what is no text", async () => {
  for (const uri of [null, undefined, 1, new Uint8Array(4), {}, ["localhost"]]) {
    await rejects(validateUri(uri as unknown as string), "TypeError", /Cannot use a URI of type/);
  }
});

Deno.test("isValidIp knows addresses, and nothing else", () => {
  for (
    const address of ["192.0.2.3", "::1", "fe80::1%eth0", "::ffff:192.0.2.1"]
      .map((text): unknown => text).concat(0, 1, 2 ** 32, 1n << 127n, new Uint8Array(4))
      .concat(new Uint8Array(16))
  ) assert.equal(isValidIp(address), true, String(address));
  for (
    const address of ["192.0.2.01", "192.0.2.1 ", "192.0.2.1/32", "", "localhost", "fe80::1%"]
      .map((text): unknown => text).concat(null, undefined, -1, 1.5, 1n << 128n, {})
      .concat("192.0.2.1%eth0", "fe80::1%a%b", new Uint8Array(5), "٤.0.0.1")
  ) assert.equal(isValidIp(address), false, String(address));
});

Deno.test("hostname2ip gives the address of a name, of this machine without one", async () => {
  assert.equal(await hostname2ip("localhost"), "127.0.0.1");
  assert.equal(await hostname2ip("::1"), "::1");
  assert.equal(await hostname2ip("192.0.2.1"), "192.0.2.1");
});

Deno.test("hostname2ip refuses what is not known, however it is written", async () => {
  for (const name of ["a".repeat(64), "x".repeat(300), "no such host", "nobody.invalid", "\0"]) {
    await rejects(hostname2ip(name), "RangeError", /Cannot resolve the host name/);
  }
});

Deno.test("plainHost gives the one form of an address, and leaves names alone", () => {
  for (
    const [host, expected] of [
      ["127.0.0.1", "127.0.0.1"],
      ["::ffff:127.0.0.1", "127.0.0.1"],
      ["0:0:0:0:0:FFFF:7f00:1", "127.0.0.1"],
      ["0:0::1", "::1"],
      ["2001:DB8::0:1", "2001:db8::1"],
      ["::127.0.0.1", "::127.0.0.1"],
      ["localhost", "localhost"],
    ] as const
  ) assert.equal(plainHost(host), expected, host);
});
