/** Rigs with an independent peer in Python, whose bytes are those of iblutil; both ways. */

import assert from "node:assert/strict";
import { type AlyxClient, EchoCommunicator, ExpMessage, ExpStatus } from "../../../mod.ts";
import { startProcess } from "../../support/process.ts";
import { testNeeding } from "../../support/test_with.ts";
import vectors from "../../vectors/rig.json" with { type: "json" };

const PEER = new URL("../../support/rig_peer.py", import.meta.url).pathname;
const VECTORS = new URL("../../vectors/rig.json", import.meta.url).pathname;

const WAYS = [["udp", "127.0.0.1"], ["tcp", "127.0.0.1"], ["udp", "::1"], ["tcp", "::1"]] as const;

function uriOf(proto: string, host: string, port: number): string {
  return `${proto}://${host === "::1" ? "[::1]" : host}:${port}`;
}

for (const [proto, host] of WAYS) {
  const uri = (port: number): string => uriOf(proto, host, port);
  const over = `over ${proto} at ${host}`;

  testNeeding(["python3"], `a rig of Python gets our bytes and confirms them ${over}`, async () => {
    await using peer = startProcess("python3", [PEER, "serve", proto, host, VECTORS]);
    await using client = await EchoCommunicator.client(uri(Number(await peer.line(/^\d+$/))));
    for (const { call: [method, ...args], text } of vectors.sent) {
      const act = client[method as "init"] as (...args: unknown[]) => Promise<void>;
      await act.apply(client, args);
      assert.equal(await peer.line(/^got /), `got ${text}`);
    }
  });

  testNeeding(["python3"], `a rig of Python answers, asks and fails ${over}`, async () => {
    await using peer = startProcess("python3", [PEER, "serve", proto, host, VECTORS]);
    await using client = await EchoCommunicator.client(uri(Number(await peer.line(/^\d+$/))));
    const answer = client.onEvent("EXPINIT");
    await client.init("talk");
    assert.deepEqual((await answer)[0], ["talked"]);
    const failed = client.onEvent(0);
    await client.start("fail");
    assert.deepEqual((await failed)[0], ["ValueError: EXPSTART failed on purpose", 2]);
    const nobody: AlyxClient | null = null;
    const [baseUrl, token] = await client.alyx(nobody) ?? [];
    assert.deepEqual([128, baseUrl, token], JSON.parse(vectors.alyxAnswer));
  });
}

for (const [proto, host] of [...WAYS, ["ws", "127.0.0.1"], ["ws", "::1"]] as const) {
  testNeeding(
    ["python3"],
    `we get the messages of a rig of Python over ${proto} at ${host}`,
    async () => {
      await using server = await EchoCommunicator.server(uriOf(proto, host, 0));
      const got: unknown[] = [];
      const last = server.onEvent(ExpMessage.ALYX);
      server.assignCallback(
        ExpMessage.any(),
        (data, _address, event) => got.push([event, ...data]),
      );
      const args = [PEER, "call", proto, host, String(server.port), VECTORS];
      await using peer = startProcess("python3", args);
      const [, address] = await last;
      await peer.line("confirmed");
      assert.deepEqual(got, vectors.sent.map(({ text }) => JSON.parse(text)));
      await server.status(ExpStatus.RUNNING, address);
      const text = (await peer.line(/^got /)).slice("got ".length);
      assert.deepEqual(JSON.parse(text), [32, 20]);
    },
  );
}
