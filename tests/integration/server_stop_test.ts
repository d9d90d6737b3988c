/** The end of a server process: who is told, what is closed, and how long it takes. */

import assert from "node:assert/strict";
import { encodeMessage } from "../../src/wire/message.ts";
import {
  fileSensorConfig,
  serverArgs,
  ServerProcess,
  stop,
  STOP_MS,
} from "../support/server_process.ts";
import { Client } from "../support/serve.ts";
import { tempDir } from "../support/temp_dir.ts";
import { until } from "../support/until.ts";

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  for (const count of [0, 5, 300]) {
    Deno.test(`${signal} with ${count} clients: all are told, exit 0 within 2 s`, async () => {
      await using folder = await tempDir();
      await using server = await ServerProcess.start(folder, await fileSensorConfig(folder));
      const clients = await Promise.all(Array.from({ length: count }, () => server.connect()));
      await Promise.all(clients.map((client) => client.ask("ping")));
      const [{ code, tookMs }] = await Promise.all([
        stop(server, signal),
        ...clients.map(async (client) => {
          const back = signal === "SIGTERM" ? [1000] : [];
          const words = ["the server is stopping", ...back];
          assert.deepEqual(await client.next(), ["disconnect", words]);
          assert.equal(await client.receive(), null);
        }),
      ]);
      assert.equal(code, 0);
      assert.ok(tookMs < STOP_MS, `${tookMs} ms`);
      assert.equal(server.child.stderr, "");
    });
  }
}

Deno.test("clients that do not read do not keep a server from stopping", async () => {
  await using folder = await tempDir();
  await using server = await ServerProcess.start(folder, await fileSensorConfig(folder));
  const clients = await Promise.all(Array.from({ length: 3 }, () => server.connect()));
  const frame = encodeMessage("status", []);
  const flood = new Uint8Array(frame.length * 50_000);
  for (let offset = 0; offset < flood.length; offset += frame.length) flood.set(frame, offset);
  const writing = clients.map((client) => client.write(flood).catch(() => {}));
  const reader = await server.connect();
  await reader.ask("ping");
  const { code, tookMs } = await stop(server, "SIGTERM");
  assert.equal(code, 0);
  assert.ok(tookMs < STOP_MS, `${tookMs} ms`);
  for (const client of clients) client.close();
  await Promise.all(writing);
});

Deno.test("a board that does not answer keeps no client from being told, and no file open", async () => {
  await using folder = await tempDir();
  // It is listening, and that is all: nobody accepts.
  using silent = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const config = await fileSensorConfig(folder);
  const board = `[[board]]
name = "silent"
line = "tcp://127.0.0.1:${(silent.addr as Deno.NetAddr).port}"
channels = { shelf1 = [0] }
`;
  await Deno.writeTextFile(config, `${await Deno.readTextFile(config)}${board}`);
  const pidFile = folder.join("pid");
  await using server = await ServerProcess.start(folder, config, { args: ["-P", pidFile] });
  const client = await server.connect();
  await client.ask("ping");
  const [{ code, tookMs }] = await Promise.all([
    stop(server, "SIGTERM"),
    (async () => {
      assert.deepEqual(await client.next(), ["disconnect", ["the server is stopping", 1000]]);
    })(),
  ]);
  assert.equal(code, 0);
  assert.ok(tookMs < STOP_MS, `${tookMs} ms`);
  assert.ok(!(await Array.fromAsync(Deno.readDir(folder.path))).some(({ name }) => name === "pid"));
});

Deno.test("a server whose output nobody reads any more serves on", async () => {
  await using folder = await tempDir();
  const config = await fileSensorConfig(folder);
  const args = serverArgs(folder, ["-c", config, "-p", "0", "-vvv", "--live"]);
  await using child = new Deno.Command(Deno.execPath(), {
    args,
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const reader = child.stdout.getReader();
  const { value } = await reader.read();
  const port = Number(/:(\d+);/.exec(new TextDecoder().decode(value))?.[1]);
  await Promise.all([reader.cancel(), child.stderr.cancel()]);
  const client = new Client(await Deno.connect({ hostname: "127.0.0.1", port }));
  const text = await Deno.readTextFile(config);
  await Deno.writeTextFile(config, text.replace('"shelf1"', '"shelf2"'));
  child.kill("SIGHUP");
  await until(async () => {
    const [, [names]] = await client.ask("list");
    return String(names) === "shelf2";
  }, "the reload");
  assert.deepEqual(await client.ask("ping"), ["ack", []]);
  child.kill("SIGTERM");
  assert.equal((await child.status).code, 0);
  client.close();
});
