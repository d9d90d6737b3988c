/** The server and fanctl as processes, over TLS and over a unix socket. */

import { equal, match, ok } from "node:assert/strict";
import { runDeno, startDeno } from "../support/process.ts";
import { fileSensorConfig, ServerProcess } from "../support/server_process.ts";
import { type TempDir, tempDir } from "../support/temp_dir.ts";
import { TestPki } from "../support/test_pki.ts";

const TOP = (folder: TempDir, pki: TestPki) =>
  `store = "none"
unix = "${folder.join("fand.sock")}"

[tls]
port = 0
cert = "${pki.dir.join("localhost.pem")}"
key = "${pki.dir.join("localhost.key")}"
client_ca = "${pki.dir.join("ca.pem")}"
revoked = "${pki.dir.join("revoked.pem")}"

[[client]]
name = "rack7"
role = "operate"
`;

/** A server with every door open. */
async function start(folder: TempDir, pki: TestPki) {
  const config = await fileSensorConfig(folder, TOP(folder, pki));
  const socket = folder.join("fand.sock");
  const grants = [`--allow-net=unix:${socket}`, `--allow-read=${pki.dir.path}`];
  const server = await ServerProcess.start(folder, config, { args: ["-vv"], grants });
  const line = await server.child.line("(TLS)");
  return { server, socket, port: Number(/:(\d+) \(TLS\)/.exec(line)?.[1]) };
}

/** Runs fanctl with the certificate of a name. */
async function fanctl(pki: TestPki, port: number, name: string | null, ...args: string[]) {
  const file = (of: string) => pki.dir.join(of);
  return await runDeno([
    ...["run", "--no-prompt", `--allow-net=127.0.0.1:${port},localhost:${port}`],
    `--allow-read=${pki.dir.path}`,
    "client.ts",
    ...["-p", `${port}`, "--ca", file("ca.pem")],
    ...name === null ? [] : ["--cert", file(`${name}.pem`), "--key", file(`${name}.key`)],
    ...args,
  ]);
}

Deno.test("fanctl asks over mutual TLS; a reload brings another certificate and what is revoked", async () => {
  await using folder = await tempDir();
  await using pki = await TestPki.make();
  for (const name of ["rack7", "rack8"]) await pki.issue(name, "client");
  const { server, port } = await start(folder, pki);
  await using _server = server;
  match((await fanctl(pki, port, "rack7", "get-pwm", "shelf1")).stdout, /^[\d.]+\n$/);
  match((await fanctl(pki, port, "rack8", "get-pwm", "shelf1")).stderr, /"rack8"/);
  match((await fanctl(pki, port, null, "ping")).stderr, /it has shown no certificate/);

  const { stderr } = await fanctl(pki, port, "rack7", "-a", "localhost", "ping");
  equal(stderr, "");
  await pki.issue("localhost", "server", { hosts: ["127.0.0.1"] });
  await pki.authority.revoke("rack8", Date.now());
  await Deno.chmod(pki.dir.join("localhost.key"), 0o644);
  server.child.kill("SIGHUP");
  await server.child.line(/tls\.key: everybody on this machine may read/);
  await server.child.line("reloaded");
  match(
    (await fanctl(pki, port, "rack7", "-a", "localhost", "ping")).stderr,
    /its certificate is for another name; connect by a name or an address that is in/,
  );
  match((await fanctl(pki, port, "rack8", "ping")).stderr, /its certificate is revoked/);
  equal((await fanctl(pki, port, "rack7", "ping")).stdout, "ok\n");

  // A key that is not the certificate's changes nothing.
  await Deno.copyFile(pki.dir.join("rack7.key"), pki.dir.join("localhost.key"));
  server.child.kill("SIGHUP");
  await server.child.line("the old one stays in force");
  equal((await fanctl(pki, port, "rack7", "ping")).stdout, "ok\n");
});

Deno.test("an agent follows a server over mutual TLS, or over its unix socket", async () => {
  await using folder = await tempDir();
  await using pki = await TestPki.make();
  await pki.issue("rack7", "client");
  const { server, port, socket } = await start(folder, pki);
  await using _server = server;
  const file = (name: string) => pki.dir.join(name);
  const ways = [
    [
      [`--allow-net=127.0.0.1:${port}`, `--allow-read=src,deps.ts,${pki.dir.path}`],
      ["-p", `${port}`, "--ca", file("ca.pem"), "--cert", file("rack7.pem")],
      ["--key", file("rack7.key")],
    ],
    [
      [`--allow-net=unix:${socket}`, `--allow-read=src,deps.ts,${socket}`],
      [`--allow-write=${socket}`],
      ["-a", `unix:${socket}`],
    ],
  ];
  for (const words of ways) {
    const all = words.flat();
    const grants = all.filter((word) => word.startsWith("--allow-"));
    const rest = all.filter((word) => !word.startsWith("--allow-"));
    await using agent = startDeno([
      ...["run", "--no-prompt", ...grants, "client.ts", ...rest],
      ...["agent", "shelf1=0", "--board", "sim:"],
    ]);
    await agent.line("shelf1: held, applied 42.5 %");
  }
});

Deno.test("fanctl says what is wrong between a client and a server of TLS", async () => {
  await using folder = await tempDir();
  await using pki = await TestPki.make();
  await using stranger = await TestPki.make();
  for (const one of [pki, stranger]) await one.issue("rack7", "client");
  const { server, port } = await start(folder, pki);
  await using _server = server;
  match(
    (await fanctl(stranger, port, "rack7", "ping")).stderr,
    /its certificate is signed by a CA that is not trusted here; give the certificate of that CA/,
  );
  match(
    (await fanctl(pki, server.port, "rack7", "ping")).stderr,
    /what answers there does not speak TLS; take the port that does/,
  );
  const plain = await runDeno([
    ...["run", "--no-prompt", `--allow-net=127.0.0.1:${port}`, "client.ts", "-p", `${port}`],
    "ping",
  ]);
  match(plain.stderr, /TLS is spoken here, and what came is none; use TLS, or another port/);
});

Deno.test("the unix socket of a living server is its own; that of a killed one is taken over", async () => {
  await using folder = await tempDir();
  await using pki = await TestPki.make();
  const first = await start(folder, pki);
  await using _first = first.server;
  const { socket } = first;
  equal(((await Deno.lstat(socket)).mode ?? 0) & 0o777, 0o660);
  const ask = (...args: string[]) =>
    runDeno([
      ...["run", "--no-prompt", `--allow-net=unix:${socket}`],
      ...[`--allow-read=${socket}`, `--allow-write=${socket}`],
      ...["client.ts", "-a", `unix:${socket}`, ...args],
    ]);
  equal((await ask("ping")).stdout, "ok\n");
  const { stderr } = await runDeno(
    ["run", "--no-prompt", "client.ts", "-a", `unix:${socket}`, "ping"],
  );
  ok(stderr.includes(`--allow-net=unix:${socket} --allow-read=${socket} --allow-write=${socket}`));

  const taken = await start(folder, pki).catch((error) => String(error));
  match(String(taken), /another server listens there; stop it or choose another path/);

  first.server.child.kill("SIGKILL");
  await first.server.child.ended;
  ok((await Deno.lstat(socket)).isSocket);
  const second = await start(folder, pki);
  await using _second = second.server;
  equal((await ask("ping")).stdout, "ok\n");
  second.server.child.kill("SIGTERM");
  await second.server.child.ended;
  equal(await Deno.lstat(socket).catch(() => "gone"), "gone");
});

Deno.test("beyond this machine a server wants to know who is who", async () => {
  await using folder = await tempDir();
  await using pki = await TestPki.make();
  const text = await Deno.readTextFile(await fileSensorConfig(folder));
  const tls = `[tls]
address = "192.0.2.1"
cert = "${pki.dir.join("localhost.pem")}"
key = "${pki.dir.join("localhost.key")}"
`;
  const config = await folder.write("open.toml", text + tls);
  const { code, stderr } = await runDeno([
    ...["run", "--no-prompt", `--allow-read=${folder.path},${pki.dir.path}`],
    ...["server.ts", "-c", config],
  ]);
  equal(code, 2);
  match(stderr, /Cannot listen for TLS on 192.0.2.1: nobody could prove there who they are/);
});
