/**
 * The four ways of use: from a file, from a URL, installed, imported; each with the flags that
 * docs/permissions.md promises and nothing else. The web server has what a release has.
 */

import assert from "node:assert/strict";
import { freePort } from "../support/free_port.ts";
import { commandFor, type RoleCommand } from "../support/permissions_page.ts";
import { runDeno, runProcess, startDeno, type TestProcess } from "../support/process.ts";
import { type TempDir, tempDir } from "../support/temp_dir.ts";
import { serveTree } from "../support/tree_server.ts";

/** What a program of somebody else's does: the example of the seed. */
const PROGRAM = (module: string, port: number): string => `
import { connect, recv, Request, resetConnection, send } from "${module}";
const socket = await connect("127.0.0.1", ${port});
await send(socket, Request.GET_PWM, "shelf1");
const [request, args] = await recv(socket);
console.log(request, args[0], typeof args[1]);
await resetConnection(socket);
`;

/** A folder to work in that is not the repository, and a module cache of its own. */
async function elsewhere(): Promise<
  { dir: TempDir; options: { cwd: string; env: Record<string, string> } } & AsyncDisposable
> {
  const dir = await tempDir();
  const { stdout } = await runDeno(["info", "--json"]);
  // Packages come from the cache that this run has; modules of other runs do not.
  await Deno.mkdir(dir.join("cache"));
  await Deno.symlink(JSON.parse(stdout).npmCache, dir.join("cache/npm"));
  await Deno.mkdir(dir.join("here"));
  return {
    dir,
    options: { cwd: dir.join("here"), env: { DENO_DIR: dir.join("cache") } },
    [Symbol.asyncDispose]: () => dir[Symbol.asyncDispose](),
  };
}

/** A command of the page, with another script and its port. */
function withScript({ verb, flags, args }: RoleCommand, script: string, port: number): string[] {
  return [...verb, "--quiet", ...flags, script, ...args, "-p", String(port)];
}

/** Starts a server and waits until the whole chain works: temperature, duty, register and rpm. */
function startServer(
  role: string,
  script: string,
  options: { cwd?: string; env?: Record<string, string> } = {},
): { child: TestProcess; port: number } {
  const port = freePort();
  const child = startDeno([...withScript(commandFor(role, port), script, port), "--live"], options);
  return { child, port };
}

const CHAIN_CLOSED = /^shelf1 .* \d+(\.\d+)? °C +\d+(\.\d+)? % +\d+\/\d+ +\d+ /;

Deno.test("deno run server.ts: the chain closes, from temperature to rpm", async () => {
  const { child } = startServer("server", "server.ts");
  await using server = child;
  await server.line(CHAIN_CLOSED, 30_000);
});

Deno.test("deno run URL/server.ts: the chain closes, the board's image comes by URL too", async () => {
  await using place = await elsewhere();
  await using web = serveTree();
  const { child, port } = startServer("server by URL", web.url("server.ts"), place.options);
  await using server = child;
  await server.line(CHAIN_CLOSED, 60_000);
  assert.ok(web.requested.includes("firmware/fand_328p.hex"));
  // Its journal, in a worker that came by URL as well, has it all.
  const args = ["history", "shelf1", "--since", "1m", "--json", "-p", String(port)];
  const { stdout } = await runDeno(["run", `--allow-net=127.0.0.1:${port}`, "client.ts", ...args]);
  assert.ok(JSON.parse(stdout).steps.length > 0, stdout);
});

Deno.test("deno install URL/client.ts: the installed fanctl pings, and is gone when removed", async () => {
  await using place = await elsewhere();
  await using web = serveTree();
  const { child, port } = startServer("server", "server.ts");
  await using server = child;
  await server.line(/listening/);
  const { verb, flags } = commandFor("fanctl by URL", port);
  const root = place.dir.join("root");
  const installed = await runDeno(
    [...verb, "--quiet", "--root", root, ...flags, web.url("client.ts")],
    place.options,
  );
  assert.equal(installed.code, 0, installed.stderr);
  const fanctl = `${root}/bin/fanctl`;
  const env = { ...place.options.env, PATH: pathWithDeno() };
  const ping = await runProcess(fanctl, ["-p", String(port), "ping"], { ...place.options, env });
  assert.deepEqual([ping.code, ping.stdout], [0, "ok\n"], ping.stderr);
  const removed = await runDeno(["uninstall", "-g", "--root", root, "fanctl"], place.options);
  assert.equal(removed.code, 0, removed.stderr);
  await assert.rejects(Deno.stat(fanctl), Deno.errors.NotFound);
});

Deno.test("import from URL/mod.ts: a program elsewhere asks for a duty", async () => {
  await using place = await elsewhere();
  await using web = serveTree();
  const { child, port } = startServer("server", "server.ts");
  await using server = child;
  await server.line(/listening/);
  await place.dir.write("here/program.ts", PROGRAM(web.url("mod.ts"), port));
  const { verb, flags, script } = commandFor("program by URL", port);
  const granted = flags.map((flag) => flag.replace("fand.example:443", web.host));
  const ran = await runDeno([...verb, "--quiet", "--check", ...granted, script], place.options);
  assert.deepEqual([ran.code, ran.stdout], [0, "set_pwm shelf1 number\n"], ran.stderr);
});

Deno.test("import from URL/mod.ts: without the grant for the host, Deno names it", async () => {
  await using place = await elsewhere();
  await using web = serveTree();
  await place.dir.write("here/program.ts", PROGRAM(web.url("mod.ts"), 1));
  const ran = await runDeno(["run", "--quiet", "program.ts"], place.options);
  assert.notEqual(ran.code, 0);
  assert.match(ran.stderr, /--allow-import/);
});

function pathWithDeno(): string {
  const folder = Deno.execPath().replace(/\/[^/]*$/, "");
  return `${folder}:${Deno.env.get("PATH") ?? ""}`;
}
