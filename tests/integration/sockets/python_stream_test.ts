/** Streams with CPython's socket module as the peer, both ways. */

import assert from "node:assert/strict";
import { AF_INET, AF_INET6, SO_LINGER, Socket, SOL_SOCKET } from "../../../mod.ts";
import { runDeno, startProcess, type TestProcess } from "../../support/process.ts";
import { tempDir } from "../../support/temp_dir.ts";
import { testNeeding } from "../../support/test_with.ts";

const PEER = new URL("./python_peer.py", import.meta.url).pathname;
const encoder = new TextEncoder();
const decoder = new TextDecoder();

function startPeer(...args: string[]): TestProcess {
  return startProcess("python3", [PEER, ...args]);
}

for (
  const [name, family, host] of [["AF_INET", AF_INET, "127.0.0.1"], [
    "AF_INET6",
    AF_INET6,
    "::1",
  ]] as const
) {
  testNeeding(["python3"], `a Socket talks to a server in CPython over ${name}`, async () => {
    await using peer = startPeer("serve", name, host);
    const port = Number(await peer.line(/^\d+$/));
    await using socket = new Socket(family);
    await socket.connect([host, port]);
    await socket.sendall(encoder.encode("fans\nair"));
    assert.equal(decoder.decode(await socket.readline()), "FANS\n");
    await socket.shutdown(1);
    assert.equal(decoder.decode(await socket.readall()), "AIR");
  });

  testNeeding(["python3"], `CPython is told from where over ${name}, and of a reset`, async () => {
    for (const seconds of [null, 0]) {
      await using peer = startPeer("told", name, host);
      const port = Number(await peer.line(/^\d+$/));
      await using socket = new Socket(family);
      await socket.bind([host, 0]);
      const [, own] = socket.getsockname();
      if (seconds === 0) {
        socket.setsockopt(SOL_SOCKET, SO_LINGER, new Uint8Array(Int32Array.of(1, 0).buffer));
      }
      await socket.connect([host, port]);
      await peer.line(`from ${own}`);
      await socket.sendall(encoder.encode("air"));
      await socket.close();
      await peer.line(seconds === 0 ? "reset" : "ended");
    }
  });

  testNeeding(["python3"], `a client in CPython talks to a Socket over ${name}`, async () => {
    await using server = new Socket(family);
    await server.bind([host, 0]);
    await server.listen();
    await using peer = startPeer("call", name, host, String(server.getsockname()[1]));
    const [accepted] = await server.accept();
    await using connection = accepted;
    const line = await connection.readline();
    assert.equal(line.length, 300001);
    await connection.sendall(line);
    await connection.close();
    await peer.line("got 300001");
  });

  testNeeding(
    ["python3"],
    `a peer in CPython that resets is told of once, over ${name}`,
    async () => {
      await using peer = startPeer("reset", name, host);
      const port = Number(await peer.line(/^\d+$/));
      await using socket = new Socket(family);
      await socket.connect([host, port]);
      await socket.send(encoder.encode("x"));
      await assert.rejects(socket.recv(1), { code: "ECONNRESET", errno: 104 });
      assert.equal((await socket.recv(1)).length, 0);
    },
  );
}

testNeeding(["python3"], "both ways over a path, with CPython", async () => {
  await using dir = await tempDir();
  const path = dir.join("s.sock");
  const script = new URL("./unix_talk.ts", import.meta.url).pathname;
  const grants = [`--allow-net=unix:${path}`, `--allow-read=${path}`, `--allow-write=${path}`];
  for (const [way, job] of [["connect", "serve"], ["accept", "call"]] as const) {
    // CPython leaves the file of its socket behind.
    await Deno.remove(path).catch(() => {});
    await using server = way === "connect" ? startPeer(job, "AF_UNIX", path) : null;
    await server?.line("ready");
    const options = [
      "run",
      "--no-prompt",
      ...grants,
      "--allow-run=python3",
      script,
      way,
      path,
      PEER,
    ];
    const { code, stdout, stderr } = await runDeno(options);
    assert.equal(code, 0, stderr);
    assert.equal(stdout.trim(), way === "connect" ? "FANS" : "got 300001");
  }
});
