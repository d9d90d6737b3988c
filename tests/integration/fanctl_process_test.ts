import assert from "node:assert/strict";
import { QUIET_SHELF } from "../support/shelf_statuses.ts";
import { runDeno, startDeno } from "../support/process.ts";
import { type Answer, WireServer } from "../support/wire_server.ts";

/** `deno run` of fanctl with the permission for one server and no other. */
function command(server: WireServer, ...words: string[]): string[] {
  const port = String(server.port);
  return ["run", "--no-prompt", `--allow-net=127.0.0.1:${port}`, "client.ts", "-p", port, ...words];
}

const ack: Answer = (_asked, connection) => connection.send("ack");

const follow: Answer = async ({ request }, connection) => {
  if (request === "status") return await connection.send("status", [QUIET_SHELF], null);
  if (request !== "subscribe") return;
  await connection.send("ack");
  await connection.send("duty", "nas", 62.5, 1, 1, 0, 5000);
};

Deno.test("fanctl needs the permission for its server and nothing else", async () => {
  await using server = new WireServer(ack);
  const { code, stdout, stderr } = await runDeno(command(server, "ping"));
  assert.deepEqual({ code, stdout, stderr }, { code: 0, stdout: "ok\n", stderr: "" });
});

Deno.test("fanctl names the missing permission and does not ask for it", async () => {
  const { code, stdout, stderr } = await runDeno(["run", "client.ts", "-p", "7", "ping"]);
  assert.equal(code, 1);
  assert.equal(stdout, "");
  assert.equal(
    stderr,
    "fanctl: Cannot connect to 127.0.0.1:7: this process may not use the network; " +
      "run or install it with --allow-net=127.0.0.1:7\n",
  );
});

Deno.test("fanctl exits with 0, 1 or 2 and never prints a stack", async () => {
  await using server = new WireServer((_asked, connection) =>
    connection.send("error", "shelf_not_found", "Cannot find it: there is none; ask for another")
  );
  const expected: [words: string[], code: number][] = [
    [["--help"], 0],
    [["get-pwm", "nas"], 1],
    [["raw", "x", "1e999"], 1],
    [["get-pwm"], 2],
    [["set-pwm-expire-in", "nas", "99999999999d"], 2],
  ];
  for (const [words, code] of expected) {
    const result = await runDeno(command(server, ...words));
    assert.equal(result.code, code, words.join(" "));
    assert.doesNotMatch(result.stderr, /^ +at /m);
    assert.equal(result.stderr === "", code === 0);
  }
});

Deno.test.each<Deno.Signal>(["SIGINT", "SIGTERM"])(
  "fanctl watch ends with 0 on %s",
  async (signal) => {
    await using server = new WireServer(follow);
    await using watch = startDeno(command(server, "watch", "nas"));
    await watch.line("nas");
    watch.kill(signal);
    assert.equal((await watch.result()).code, 0);
  },
);

Deno.test("fanctl ends with 0 when its reader has had enough", async () => {
  await using server = new WireServer(async ({ request }, connection) => {
    await follow({ request, args: [] }, connection);
    // The answer to its own question is what makes fanctl print again.
    if (request === "status") await connection.send("duty", "nas", 62.5, 1, 1, 0, 5000);
  });
  const child = new Deno.Command(Deno.execPath(), {
    args: command(server, "watch", "nas"),
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const reader = child.stdout.getReader();
  await reader.read();
  await reader.cancel();
  const errors = await new Response(child.stderr).text();
  assert.equal((await child.status).code, 0);
  assert.equal(errors, "");
});
