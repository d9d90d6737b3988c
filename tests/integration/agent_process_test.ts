/**
 * Server process, agent and simulated board on real clocks. What is asserted are events; the times
 * that they took are held to their limits with an allowance for a busy machine.
 */

import assert from "node:assert/strict";
import { Board } from "../../src/board/board.ts";
import { SimLine } from "../../src/board/sim/sim_line.ts";
import { systemClock } from "../../src/clock.ts";
import { fileSensorConfig, ServerProcess } from "../support/server_process.ts";
import { type TempDir, tempDir } from "../support/temp_dir.ts";
import { TestAgent } from "../support/test_agent.ts";
import { until } from "../support/until.ts";

const TTL_MS = 1500;
const FAILSAFE_MS = 100;
/** What a machine with two busy processors may add. */
const ALLOWANCE_MS = 900;
/** 42.5 % of the 320 steps of channel 0. */
const COMPARE = 136;

/** An agent at a simulated board, for a server with the shelf `shelf1`. */
class Rig implements AsyncDisposable {
  readonly agent: TestAgent;
  line: SimLine | null = null;

  constructor(port: number) {
    this.agent = new TestAgent(port, [{ shelf: "shelf1", channels: [0] }], async () => {
      this.line = await SimLine.open({ seed: 7 });
      return await Board.open(this.line, { clock: systemClock });
    });
  }

  /** Waits until the board says that it applies this. */
  compare(steps: number): Promise<void> {
    return this.agent.sample(({ details }) => (details.compare as number[])[0] === steps);
  }

  /** How the fan is driven, seen from outside of the board. */
  async driven(drive: number | "released"): Promise<void> {
    await until(
      async () => (await this.line?.observe())?.channels[0]?.drive === drive,
      `a fan that is driven at ${drive}`,
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.agent[Symbol.asyncDispose]();
  }
}

function start(folder: TempDir, config: string, port = 0): Promise<ServerProcess> {
  return ServerProcess.start(folder, config, { port });
}

function quickConfig(folder: TempDir): Promise<string> {
  return fileSensorConfig(
    folder,
    `store = "none"\nduty_ttl_ms = ${TTL_MS}\nheartbeat_ms = 300\ntick_ms = 300`,
  );
}

Deno.test("a server that is killed: full speed in time, and control again when it is back", async () => {
  await using folder = await tempDir();
  const config = await quickConfig(folder);
  await using first = await start(folder, config);
  await using rig = new Rig(first.port);
  await rig.compare(COMPARE);
  await rig.driven(425);
  const safe = rig.agent.sample(({ state }) => state === "failsafe");
  const killedMs = performance.now();
  first.child.kill("SIGKILL");
  await safe;
  const tookMs = performance.now() - killedMs;
  assert.ok(tookMs < TTL_MS + FAILSAFE_MS + ALLOWANCE_MS, `${tookMs} ms`);
  await rig.driven("released");
  await using second = await start(folder, config, first.port);
  await rig.compare(COMPARE);
  await rig.driven(425);
  const client = await second.connect();
  await until(
    async () => {
      const [, [, rpm]] = await client.ask("get_rpm", "shelf1");
      return typeof rpm === "number" && rpm > 0;
    },
    "the fan's speed at the new server",
    20_000,
  );
});

Deno.test("a server that stands still: full speed in time, and control again when it goes on", async () => {
  await using folder = await tempDir();
  await using server = await start(folder, await quickConfig(folder));
  await using rig = new Rig(server.port);
  await rig.compare(COMPARE);
  const safe = rig.agent.sample(({ state }) => state === "failsafe");
  const stoppedMs = performance.now();
  server.child.kill("SIGSTOP");
  await safe;
  const tookMs = performance.now() - stoppedMs;
  assert.ok(tookMs < TTL_MS + FAILSAFE_MS + ALLOWANCE_MS, `${tookMs} ms`);
  await rig.driven("released");
  server.child.kill("SIGCONT");
  await rig.compare(COMPARE);
  await rig.driven(425);
});

Deno.test("an agent that ends leaves the fans at full speed and its server without their speed", async () => {
  await using folder = await tempDir();
  const config = await fileSensorConfig(folder, 'store = "none"\nrpm_ttl_ms = 2000');
  await using server = await start(folder, config);
  const client = await server.connect();
  const isKnown = async () => (await client.ask("get_rpm", "shelf1"))[1][1] !== null;
  {
    await using rig = new Rig(server.port);
    await rig.compare(COMPARE);
    await until(isKnown, "a speed", 20_000);
    await rig.agent.stop();
    assert.deepEqual(rig.agent.samples.at(-1)?.details.applied, [100]);
  }
  await until(async () => !await isKnown(), "a speed that is unknown again");
});
