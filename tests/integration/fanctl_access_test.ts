/** fanctl proves who it is, makes tokens, and tells who has changed what. */

import { deepEqual, equal, match, ok } from "node:assert/strict";
import { systemClock } from "../../src/clock.ts";
import { runFanctl } from "../../src/cli/main.ts";
import { parseToml } from "../../src/config/toml/toml.ts";
import { DEFAULT_JOURNAL } from "../../src/config/journal_config.ts";
import { silentLog } from "../../src/log.ts";
import { Journal } from "../../src/server/journal/journal.ts";
import { fanctl as fanctlAt } from "../support/run_fanctl.ts";
import { fileSensorConfig, ServerProcess } from "../support/server_process.ts";
import { serve, type TestServer } from "../support/serve.ts";
import { tempDir } from "../support/temp_dir.ts";
import { TestIo } from "../support/test_io.ts";
import { until } from "../support/until.ts";

/** The least that a configuration has besides clients. */
const REST = `
[[sensor]]
name = "cpu"
type = "cpu"
[[shelf]]
name = "nas"
[[shelf.cause]]
name = "all"
sensors = ["cpu"]
curve = [[40, 25]]
`;

/** Makes a token; gives it, and the clients that the printed block makes. */
async function makeToken(...words: string[]) {
  const io = new TestIo();
  equal(await runFanctl(["token", ...words], io), 0, io.err);
  const block = io.err.slice(io.err.indexOf("[[client]]"));
  return { token: io.out.trim(), clients: parseToml(block + REST, "block").clients };
}

async function fanctl(
  server: TestServer,
  words: readonly string[],
  variables: Record<string, string> = {},
): Promise<{ status: number; out: string; err: string }> {
  const io = new TestIo({ variables });
  const status = await runFanctl(["-p", String(server.port), ...words], io);
  return { status, out: io.out, err: io.err };
}

Deno.test("a token of fanctl and its block let a client in, by file or by variable", async () => {
  await using folder = await tempDir();
  const { token, clients } = await makeToken("anna", "--role", "operate");
  match(token, /^[\w-]{43}$/);
  deepEqual(clients.map(({ name, role }) => [name, role]), [["anna", "operate"]]);
  await using served = serve({ config: { localRole: "read", clients }, tempsC: { nas: 40 } });
  const order = ["set-pwm-override", "nas", "60"];
  const denied = await fanctl(served, order);
  equal(denied.status, 1);
  match(denied.err, /^fanctl: Cannot do "set_pwm_override": it needs the role "operate"/);
  const file = await folder.write("token", `${token}\n`);
  await Deno.chmod(file, 0o600);
  deepEqual(await fanctl(served, [...order, "--token-file", file]), {
    status: 0,
    out: "ok\n",
    err: "",
  });
  equal((await fanctl(served, order, { FAND_TOKEN: token })).status, 0);
  await Deno.chmod(file, 0o644);
  match((await fanctl(served, ["ping", "--token-file", file])).err, /others may use .*chmod 600/);
});

Deno.test("a wrong token fails, and a file without one is wrong usage", async () => {
  await using folder = await tempDir();
  await using served = serve();
  const { token } = await makeToken("otto");
  const wrong = await fanctl(served, ["ping"], { FAND_TOKEN: token });
  deepEqual([wrong.status, wrong.out], [1, ""]);
  match(wrong.err, /^fanctl: Cannot do "hello": it proves nothing/);
  ok(!wrong.err.includes(token));
  for (const text of ["", " \n", "two words", "x".repeat(300)]) {
    const file = await folder.write("token", text);
    const result = await fanctl(served, ["ping", "--token-file", file]);
    equal(result.status, 2, text);
    match(result.err, /^fanctl: Cannot use the token file /m);
  }
  equal((await fanctl(served, ["ping", "--token-file", folder.join("none")])).status, 2);
});

Deno.test("a token is not shown by any verbosity", async () => {
  const { token, clients } = await makeToken("anna");
  await using served = serve({ config: { clients } });
  const { status, err } = await fanctl(served, ["-vv", "ping"], { FAND_TOKEN: token });
  equal(status, 0);
  ok(!err.includes(token), err);
});

Deno.test("fanctl token tells an agent by its shelves, and refuses a role that is none", async () => {
  const { clients } = await makeToken("rack", "--shelf", "rack1-*", "--shelf", "rack2");
  deepEqual([clients[0]?.role, clients[0]?.shelves], ["agent", ["rack1-*", "rack2"]]);
  const io = new TestIo();
  equal(await runFanctl(["token", "rack", "--role", "king"], io), 2);
  const json = new TestIo();
  equal(await runFanctl(["token", "rack", "--json"], json), 0);
  const { token, digest } = JSON.parse(json.out);
  match(digest, /^sha256:[0-9a-f]{64}$/);
  ok(token.length === 43 && json.err === "");
});

Deno.test("where nobody has a role, the server's own boards still serve their shelves", async () => {
  await using folder = await tempDir();
  const { token, clients } = await makeToken("reader");
  const digest = clients[0]?.token;
  const top = 'store = "none"\nlocal_role = "none"\n' +
    `client = [{ name = "reader", role = "read", token = "sha256:${digest}" }]\n` +
    'board = [{ name = "b", line = "sim:", channels = { shelf1 = [0] } }]';
  await using server = await ServerProcess.start(folder, await fileSensorConfig(folder, top), {
    grants: ["--allow-read=src,deps.ts"],
  });
  const stranger = await server.connect();
  equal((await stranger.ask("get_rpm", "shelf1"))[1][0], "denied");
  const reader = await server.connect();
  await reader.ask("hello", { protocol: [1, 3], token });
  const hasRpm = async () => (await reader.ask("get_rpm", "shelf1"))[1][1] !== null;
  await until(hasRpm, "a board reports the shelf", 30_000);
});

Deno.test("fanctl audit tells who has changed what, the newest first", async () => {
  await using journal = Journal.start(DEFAULT_JOURNAL, {
    log: silentLog,
    wallMs: systemClock.wallMs,
    source: () => "test",
  });
  ok(journal);
  const { token, clients } = await makeToken("anna", "--role", "admin");
  await using served = serve({ journal, config: { clients }, tempsC: { nas: 40 } });
  equal((await fanctl(served, ["audit"])).out, "nothing was changed\n");
  for (let percent = 50; percent < 62; percent++) {
    const line = ["set-pwm-override", "nas", `${percent}`];
    equal((await fanctl(served, line, { FAND_TOKEN: token })).status, 0);
  }
  const all = (await fanctl(served, ["audit"])).out.trimEnd().split("\n");
  equal(all.length, 13);
  match(all[0] ?? "", /^WHEN +WHO +FROM +WHAT +CHANGE$/);
  match(
    all[1] ?? "",
    /^20\d\d-.* anna +tcp 127\.0\.0\.1:\d+ +set_pwm_override nas +60 % -> 61 %$/,
  );
  equal((await fanctl(served, ["audit", "--count", "3"])).out.trimEnd().split("\n").length, 4);
  const { entries } = JSON.parse((await fanctl(served, ["audit", "--json", "--count", "1"])).out);
  deepEqual([entries[0].who, entries[0].after], ["anna", "61 %"]);
});

Deno.test("an audit that is no audit is not believed", async () => {
  const { status, err } = await fanctlAt(
    "audit",
    (_asked, connection) => connection.send("audit", [5], null),
  );
  equal(status, 1);
  match(err, /^fanctl: Cannot use the answer to "audit"/);
});
