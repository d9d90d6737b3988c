import assert from "node:assert/strict";
import { isPrivate, refuseOpenLine } from "../../src/communication/private_line.ts";
import { DeniedError } from "../../src/errors.ts";

const tcp = (local: string, remote: string) =>
  ({
    localAddr: { transport: "tcp", hostname: local, port: 1 },
    remoteAddr: { transport: "tcp", hostname: remote, port: 2 },
  }) as unknown as Deno.Conn;

Deno.test("a connection is private within one machine, and to others when it is encrypted", () => {
  for (const loopback of ["127.0.0.1", "127.8.9.10", "::1", "::ffff:127.0.0.1"]) {
    assert.ok(isPrivate(tcp(loopback, loopback)), loopback);
  }
  assert.ok(isPrivate(tcp("192.0.2.1", "192.0.2.1")));
  const unix = { transport: "unix", path: "/x" };
  assert.ok(isPrivate({ localAddr: unix, remoteAddr: unix } as unknown as Deno.Conn));
  const encrypted = { ...tcp("192.0.2.1", "192.0.2.7"), handshake: () => {} };
  assert.ok(isPrivate(encrypted as unknown as Deno.Conn));
  for (const remote of ["192.0.2.7", "192.0.2.127", "::2", "::ffff:192.0.2.7", "1::1"]) {
    assert.ok(!isPrivate(tcp("192.0.2.1", remote)), remote);
    assert.throws(() => refuseOpenLine(tcp("192.0.2.1", remote), "nas"), DeniedError);
  }
});
