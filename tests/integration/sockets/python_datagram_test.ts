/** Datagrams with CPython's socket module as the peer, both ways. */

import assert from "node:assert/strict";
import { AF_INET, AF_INET6, SOCK_DGRAM, Socket } from "../../../mod.ts";
import { startProcess } from "../../support/process.ts";
import { testNeeding } from "../../support/test_with.ts";

const PEER = new URL("./python_peer.py", import.meta.url).pathname;
const encoder = new TextEncoder();
const decoder = new TextDecoder();

for (
  const [name, family, host] of [["AF_INET", AF_INET, "127.0.0.1"], ["AF_INET6", AF_INET6, "::1"]]
    .map(([name, family, host]) => [String(name), Number(family), String(host)] as const)
) {
  testNeeding(["python3"], `a Socket sends datagrams to CPython over ${name}`, async () => {
    await using peer = startProcess("python3", [PEER, "udp-serve", name, host]);
    const port = Number(await peer.line(/^\d+$/));
    await using socket = new Socket(family, SOCK_DGRAM);
    for (const text of ["fans", "", "x".repeat(60_000)]) {
      assert.equal(await socket.sendto(encoder.encode(text), [host, port]), text.length);
      const [bytes, address] = await socket.recvfrom(65_536);
      assert.equal(decoder.decode(bytes), text.toUpperCase());
      assert.deepEqual(address.slice(0, 2), [host, port]);
    }
  });

  testNeeding(["python3"], `CPython sends datagrams to a Socket over ${name}`, async () => {
    await using socket = new Socket(family, SOCK_DGRAM);
    await socket.bind([host, 0]);
    const port = String(socket.getsockname()[1]);
    await using peer = startProcess("python3", [PEER, "udp-call", name, host, port]);
    for (const size of [5, 0, 60_000]) {
      const [bytes, address] = await socket.recvfrom(65_536);
      assert.equal(bytes.length, size);
      await socket.sendto(bytes, address);
      await peer.line(`got ${size}`);
    }
  });
}
