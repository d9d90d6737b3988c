/** Who drives the fans when several servers would: two real servers, one agent, one board. */

import assert from "node:assert/strict";
import type { ClaimKeeper } from "../../src/agent/duty/claim.ts";
import { Board } from "../../src/board/board.ts";
import { Request } from "../../src/wire/request.ts";
import { MachineBoard } from "../support/machine_line.ts";
import { serve, type TestServer } from "../support/serve.ts";
import { TestAgent } from "../support/test_agent.ts";
import { until } from "../support/until.ts";
import { VirtualClock } from "../support/virtual_clock.ts";
import { WireServer } from "../support/wire_server.ts";

const STEP_MS = 20;
const SHELF = [{ shelf: "nas", channels: [0] }];

/** A state file without a disk. */
class Kept implements ClaimKeeper {
  granted = 0;
  keep(epoch: number): void {
    assert.ok(epoch > this.granted, "an epoch that is older was kept");
    this.granted = epoch;
  }
}

/** A board on a virtual clock, and the agents that drive it one after the other. */
class Rig {
  readonly clock = new VirtualClock();
  readonly board = new MachineBoard(this.clock);
  readonly kept = new Kept();

  agent(servers: readonly { readonly port: number }[]): TestAgent {
    const open = () => Board.open(this.board.openLine(), { clock: this.clock });
    const ports = servers.map(({ port }) => port);
    return new TestAgent(ports, SHELF, open, this.clock, { claims: this.kept });
  }

  /** Moves time on until the fan is driven like this; tells everything that it was until then. */
  async driven(drive: number | "released", limitMs = 30_000): Promise<Set<unknown>> {
    const seen = new Set<unknown>();
    const endMs = this.clock.monotonicMs() + limitMs;
    await until(async () => {
      assert.ok(this.clock.monotonicMs() <= endMs, `not at ${drive} in time`);
      await this.clock.advance(STEP_MS);
      seen.add(this.board.channel(0).drive);
      return this.board.channel(0).drive === drive;
    }, `${drive}`);
    return seen;
  }

  /** The fan stays as it is for so long, whoever else would drive it. */
  async stays(drive: number | "released", forMs: number): Promise<void> {
    const endMs = this.clock.monotonicMs() + forMs;
    await until(async () => {
      await this.clock.advance(STEP_MS);
      assert.equal(this.board.channel(0).drive, drive, `at ${this.clock.monotonicMs()} ms`);
      return this.clock.monotonicMs() >= endMs;
    }, `${drive} for ${forMs} ms`);
  }

  /** A server whose epoch is above those before it. */
  async serve(tempC: number, port = 0): Promise<TestServer> {
    await this.clock.advance(1);
    return serve({ clock: this.clock, tempsC: { nas: tempC }, config: { port } });
  }
}

Deno.test("two servers that both own a shelf never take turns, and the older one needs a claim", async () => {
  const rig = new Rig();
  await using first = await rig.serve(30);
  const second = await rig.serve(60);
  await using agent = rig.agent([first, second]);
  await rig.driven(300);
  await rig.stays(300, 10_000);
  const { port } = first;
  await first[Symbol.asyncDispose]();
  assert.deepEqual([...await rig.driven(600)], [300, 600], "the second is there in time");
  const epochOfSecond = rig.kept.granted;
  // Another that believes the shelf to be its own, of an epoch before that of the second.
  await using zombie = serve({
    clock: new VirtualClock(Date.UTC(2029, 0, 1)),
    tempsC: { nas: 20 },
    config: { port },
  });
  await rig.stays(600, 10_000);
  // Cut off from the one that it follows, it does not go over to the zombie while it holds a duty.
  await second[Symbol.asyncDispose]();
  const zombieClock = zombie.clock as VirtualClock;
  await until(async () => {
    await zombieClock.advance(STEP_MS);
    await rig.clock.advance(STEP_MS);
    return rig.board.channel(0).drive !== 600;
  }, "the end of the duty");
  assert.equal(rig.board.channel(0).drive, "released");
  await agent.log.line(/its epoch is \d+ and \d+ was granted/);
  // When nobody else is left it gets the fans, under an epoch above all before it.
  await until(async () => {
    await zombieClock.advance(STEP_MS);
    await rig.clock.advance(STEP_MS);
    return rig.board.channel(0).drive === 200;
  }, "the duty of the only server that is left");
  assert.ok(rig.kept.granted > epochOfSecond);
});

Deno.test("what an agent has granted holds after its own restart, too", async () => {
  const rig = new Rig();
  await using old = await rig.serve(30);
  await using young = await rig.serve(60);
  {
    await using _agent = rig.agent([young]);
    await rig.driven(600);
  }
  const { granted } = rig.kept;
  await using agent = rig.agent([old, young]);
  const seen = await rig.driven(600);
  assert.ok(!seen.has(300), "the older server has driven the fan");
  assert.equal(rig.kept.granted, granted);
  assert.ok(agent.log.lines.some((line) => line.includes("was granted")));
});

Deno.test("a server whose clock and store were lost is followed again without a hand", async () => {
  const rig = new Rig();
  const before = await rig.serve(30);
  await using agent = rig.agent([before]);
  await rig.driven(300);
  const { port } = before;
  await before[Symbol.asyncDispose]();
  rig.clock.stepWall(-365 * 86_400_000);
  await using after = serve({ clock: rig.clock, tempsC: { nas: 45 }, config: { port } });
  const seen = await rig.driven(450);
  assert.ok(seen.has("released"), "it was safe in between");
  const client = await after.connect();
  const [, [hello]] = await client.ask("hello", { protocol: [1, 3] });
  assert.equal((hello as { epoch: number }).epoch, rig.kept.granted);
  await agent.log.line(/^warn: No server of epoch \d+ is left/);
});

Deno.test("a server that does not know claims is left at the safe level, not obeyed", async () => {
  const rig = new Rig();
  rig.kept.granted = 9;
  await using server = new WireServer(async ({ request }, connection) => {
    if (request === Request.HELLO) await connection.send("hello", { protocol: [1, 2], epoch: 5 });
    if (request === Request.SUBSCRIBE) await connection.send("duty", "nas", 40, 5, 1, 0, 5000);
  });
  await using _agent = rig.agent([server]);
  await rig.stays("released", 10_000);
  const [hello] = server.asked.filter(({ request }) => request === Request.HELLO);
  assert.equal((hello?.args[0] as { claim: number }).claim, 9);
});

Deno.test("a claim that is no epoch is refused, and raises nothing", async () => {
  await using served = serve();
  const client = await served.connect();
  const epochOf = async (claim?: unknown) => {
    const [request, [reply]] = await client.ask("hello", {
      protocol: [1, 3],
      ...claim !== undefined && { claim: claim as number },
    });
    return request === "hello" ? (reply as { epoch: number }).epoch : reply;
  };
  const before = await epochOf() as number;
  for (const claim of [-1, 1.5, "7", 2 ** 48]) assert.equal(await epochOf(claim), "bad_arguments");
  assert.equal(await epochOf(before - 1), before);
  assert.equal(await epochOf(before), before + 1);
  assert.equal(await epochOf(before), before + 1);
});
