/** Datagrams over IPv4 and IPv6: every row of what is observed, ours and CPython's. */

import assert from "node:assert/strict";
import {
  AF_INET,
  AF_INET6,
  AF_UNIX,
  inetNtop,
  MSG_PEEK,
  SOCK_DGRAM,
  Socket,
} from "../../../mod.ts";
import { observe, observeCpython } from "../../support/socket_observations.ts";
import { testNeeding } from "../../support/test_with.ts";
import { DATAGRAM_ROWS } from "./datagram_rows.ts";

for (const [family, host] of [[AF_INET, "127.0.0.1"], [AF_INET6, "::1"]] as const) {
  for (const row of DATAGRAM_ROWS) {
    Deno.test(`datagrams to ${host}, ${row.name}`, async () => {
      await using s = new Socket(family, SOCK_DGRAM);
      await using l = new Socket(family, SOCK_DGRAM);
      await using a = new Socket(family, SOCK_DGRAM);
      await using c = new Socket(family, SOCK_DGRAM);
      await a.bind([host, 0]);
      await c.bind([host, 0]);
      await a.connect(c.getsockname());
      await c.connect(a.getsockname());
      await observe(row, { s, l, c, a, nobody: [host, 1] });
    });
  }

  testNeeding(["python3"], `CPython observes the same of datagrams to ${host}`, async () => {
    await observeCpython(family, host, SOCK_DGRAM, DATAGRAM_ROWS);
  });
}

Deno.test("of IPv4, 65507 bytes are the most that a datagram holds, and none is the least", async () => {
  await using near = new Socket(AF_INET, SOCK_DGRAM);
  await near.bind(["127.0.0.1", 0]);
  await using far = new Socket(AF_INET, SOCK_DGRAM);
  const tooLong = far.sendto(new Uint8Array(65508), near.getsockname());
  await assert.rejects(tooLong, { code: "EMSGSIZE", errno: 90 });
  for (const size of [0, 65507]) {
    assert.equal(await far.sendto(new Uint8Array(size), near.getsockname()), size);
    assert.equal((await near.recv(65536)).length, size);
  }
});

Deno.test.each([-80, 65536, 80.5, NaN, " 80 ", "80"])(
  'datagrams to port "%s" are refused',
  async (port) => {
    await using socket = new Socket(AF_INET, SOCK_DGRAM);
    const address = ["127.0.0.1", port as number] as const;
    await assert.rejects(socket.bind(address), RangeError);
    await assert.rejects(socket.connect(address), RangeError);
    await assert.rejects(socket.sendto(new Uint8Array(1), address), RangeError);
    assert.equal(await socket.sendto(new Uint8Array(1), ["127.0.0.1", 9]), 1);
  },
);

Deno.test("receives that cross each get a datagram, and looking takes none", async () => {
  await using near = new Socket(AF_INET, SOCK_DGRAM);
  await near.bind(["127.0.0.1", 0]);
  await using far = new Socket(AF_INET, SOCK_DGRAM);
  const waiting = [near.recv(9, MSG_PEEK), near.recv(9), near.recv(9), near.recv(1)];
  for (const byte of [1, 2, 3]) {
    await far.sendto(Uint8Array.of(byte, byte), near.getsockname());
    if (byte === 2) waiting.push(near.recv(9));
  }
  await far.sendto(Uint8Array.of(4), near.getsockname());
  assert.deepEqual(
    (await Promise.all(waiting)).map((bytes) => [...bytes]),
    [[1, 1], [1, 1], [2, 2], [3], [4]],
  );
});

Deno.test("broadcasting without SO_BROADCAST is refused", async () => {
  await using socket = new Socket(AF_INET, SOCK_DGRAM);
  const broadcast = inetNtop(AF_INET, new Uint8Array(4).fill(255));
  await assert.rejects(socket.sendto(new Uint8Array(1), [broadcast, 9]), { code: "EACCES" });
});

Deno.test("an address that is not permitted is refused where it can be caught", async () => {
  await using socket = new Socket(AF_INET, SOCK_DGRAM);
  await assert.rejects(socket.bind(["192.0.2.1", 0]), Deno.errors.NotCapable);
  await assert.rejects(socket.sendto(new Uint8Array(1), ["192.0.2.1", 9]), Deno.errors.NotCapable);
  await socket.bind(["127.0.0.1", 0]);
});

Deno.test("datagrams between paths are refused", () => {
  assert.throws(() => new Socket(AF_UNIX, SOCK_DGRAM), { code: "ESOCKTNOSUPPORT" });
});

Deno.test("what waits unread has a limit, and what is lost is counted", async () => {
  await using near = new Socket(AF_INET, SOCK_DGRAM);
  await near.bind(["127.0.0.1", 0]);
  await using far = new Socket(AF_INET, SOCK_DGRAM);
  for (let sent = 0; near.dropped === 0 && sent < 1000; sent++) {
    await far.sendto(new Uint8Array(60_000), near.getsockname());
    await new Promise(setImmediate);
  }
  assert.ok(near.dropped > 0);
  assert.equal((await near.recv(70_000)).length, 60_000);
});
