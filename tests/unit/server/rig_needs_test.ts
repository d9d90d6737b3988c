import assert from "node:assert/strict";
import type { RigConfig } from "../../../src/config/rig_config.ts";
import { rigNeeds } from "../../../src/server/program/rig_needs.ts";

function flags(listen: string, ...peers: string[]): string[] {
  const config: RigConfig = { listen, peers, profile: "quiet", maxMs: 1000 };
  return rigNeeds(config).map(({ flag }) => flag);
}

Deno.test("a rig over UDP needs the peers that can reach it", () => {
  const peers = ["127.0.0.1", "::1"];
  assert.deepEqual(rigNeeds(null), []);
  assert.deepEqual(flags("tcp://[::]:11001", ...peers), ["--allow-net=[::]:11001"]);
  assert.deepEqual(flags("udp://127.0.0.1:11001", ...peers), [
    "--allow-net=127.0.0.1:11001",
    "--allow-net=127.0.0.1",
  ]);
  assert.deepEqual(flags("udp://[::1]:11001", ...peers), [
    "--allow-net=[::1]:11001",
    "--allow-net=[::1]",
  ]);
  for (const host of ["[::]", "[0:0::0]"]) {
    assert.deepEqual(flags(`udp://${host}:11001`, ...peers).slice(1), [
      "--allow-net=127.0.0.1",
      "--allow-net=[::1]",
    ]);
  }
});
