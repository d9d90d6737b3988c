/**
 * A server and an agent on hosts of their own, and a bad network between them. What the kernel
 * cannot do here (`tc netem` is a module that may be missing) tests/faults/matrix_test.ts does with
 * a relay.
 */

import assert from "node:assert/strict";
import { ADDRESSES, TwoHosts, whyNoHosts } from "../support/hosts.ts";
import { fileSensorConfig } from "../support/server_process.ts";
import { tempDir } from "../support/temp_dir.ts";
import { stepUnless, testSkipped } from "../support/test_with.ts";

const TTL_MS = 2000;
const FAILSAFE_MS = 100;
/** What a machine with two busy processors may add. */
const ALLOWANCE_MS = 900;
const PORT = 9999;
/** What the agent prints after every exchange with its board. */
const HELD = /"state":"held".*"applied":\[42\.5\]/;
const SAFE = /"state":"failsafe".*"applied":\[100\]/;
/** So many exchanges, at least every half second one. */
const WATCHED = 12;

const reason = whyNoHosts();
const name = "two hosts: what the network between them does to a fan";
if (reason === null) Deno.test(name, twoHosts);
else testSkipped(name, reason);

async function twoHosts(context: Deno.TestContext): Promise<void> {
  await using folder = await tempDir();
  const times = `store = "none"\nduty_ttl_ms = ${TTL_MS}\nheartbeat_ms = 300\ntick_ms = 300`;
  const config = await fileSensorConfig(folder, times);
  await using hosts = await TwoHosts.start();
  await using server = hosts.deno("left", [
    ...["run", "--no-prompt", `--allow-net=${ADDRESSES.left}`, `--allow-read=${folder.path}`],
    ...["server.ts", "-c", config, "-a", ADDRESSES.left, "-p", `${PORT}`, "--insecure"],
  ]);
  await server.line("listening on");
  await using agent = hosts.deno("right", [
    ...["run", "--no-prompt", `--allow-net=${ADDRESSES.left}:${PORT}`, "--allow-read=src,deps.ts"],
    ...["client.ts", "agent", "shelf1=0", "--board", "sim:", "--json"],
    ...["-a", ADDRESSES.left, "-p", `${PORT}`],
  ]);
  await agent.line(HELD);
  const netem = await hosts.run("left", "tc", "qdisc", "add", "dev", "eth", "root", "netem");
  const noNetem = netem.code === 0 ? null : `no netem: ${netem.stderr.trim()}`;

  const bad = ["delay", "200ms", "100ms", "loss", "5%", "reorder", "25%"];
  await stepUnless(context, noNetem, `${bad.join(" ")}: the fan keeps its duty`, async () => {
    for (const host of ["left", "right"] as const) {
      const change = host === "left" ? "change" : "add";
      await hosts.must(host, "tc", "qdisc", change, "dev", "eth", "root", "netem", ...bad);
    }
    agent.forget();
    for (let seen = 0; seen < WATCHED; seen++) assert.match(await agent.line("shelf1"), HELD);
    for (const host of ["left", "right"] as const) {
      await hosts.must(host, "tc", "qdisc", "del", "dev", "eth", "root");
    }
  });

  await context.step("the cable is pulled out: safe in time, and by itself back", async () => {
    agent.forget();
    const startMs = performance.now();
    await hosts.must("left", "ip", "link", "set", "eth", "down");
    await agent.line(SAFE);
    const tookMs = performance.now() - startMs;
    assert.ok(tookMs <= TTL_MS + FAILSAFE_MS + ALLOWANCE_MS, `${tookMs} ms`);
    await hosts.must("left", "ip", "link", "set", "eth", "up");
    await agent.line(HELD, 30_000);
  });
}
