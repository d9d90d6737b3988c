/**
 * Server, agent and firmware as one chain on one virtual clock, where every time limit can be held
 * to the millisecond. tests/integration/agent_process_test.ts has it on real clocks.
 */

import assert from "node:assert/strict";
import type { Assignment } from "../../src/agent/agent.ts";
import { Board } from "../../src/board/board.ts";
import { MachineBoard } from "../support/machine_line.ts";
import { serve, testConfig, type TestServer } from "../support/serve.ts";
import { TestAgent } from "../support/test_agent.ts";
import { until } from "../support/until.ts";
import { VirtualClock } from "../support/virtual_clock.ts";
import { WireServer } from "../support/wire_server.ts";

/** How long after a time limit the fans must be at full speed. */
const FAILSAFE_MS = 100;
const STEP_MS = 10;

/** A server, an agent and a board on one virtual clock. */
class Chain implements AsyncDisposable {
  readonly clock = new VirtualClock();
  readonly board: MachineBoard;
  readonly agent: TestAgent;
  served: TestServer;

  constructor(
    shelves: readonly string[],
    tempsC: Readonly<Record<string, number>>,
    assignments: readonly Assignment[],
  ) {
    this.served = serve({ clock: this.clock, shelves, tempsC });
    this.board = new MachineBoard(this.clock);
    const open = () => Board.open(this.board.openLine(), { clock: this.clock });
    this.agent = new TestAgent(this.served.port, assignments, open, this.clock);
  }

  /** Moves time on until a channel's fan is driven like this. */
  async driven(channel: number, drive: number | "released", limitMs = 60_000): Promise<void> {
    const endMs = this.clock.monotonicMs() + limitMs;
    await until(async () => {
      assert.ok(this.clock.monotonicMs() <= endMs, `channel ${channel} not at ${drive} in time`);
      await this.clock.advance(STEP_MS);
      return this.board.channel(channel).drive === drive;
    }, `channel ${channel} at ${drive}`);
  }

  /** The server is gone from now on; nobody listens on its port. */
  async loseServer(): Promise<void> {
    await this.served[Symbol.asyncDispose]();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.agent.stop();
    await this.served[Symbol.asyncDispose]();
  }
}

Deno.test("a temperature becomes a duty in the compare register, and follows", async () => {
  await using chain = new Chain(["nas"], { nas: 50 }, [{ shelf: "nas", channels: [0, 2] }]);
  assert.equal(chain.board.channel(0).drive, "released");
  await chain.driven(0, 500);
  assert.equal(chain.board.channel(0).compare, 160);
  assert.equal(chain.board.channel(2).drive, 500);
  assert.equal(chain.board.channel(1).drive, "released");
  chain.served.tempsC.set("nas", 25);
  await chain.driven(0, 250);
  assert.equal(chain.board.channel(0).compare, 80);
});

Deno.test("the fan's speed comes back to the server, with what the board applies", async () => {
  await using chain = new Chain(["nas"], { nas: 50 }, [{ shelf: "nas", channels: [0, 1] }]);
  await chain.driven(0, 500);
  const client = await chain.served.connect();
  let rpm: unknown = null;
  await until(async () => {
    await chain.clock.advance(100);
    [, [, rpm]] = await client.ask("get_rpm", "nas");
    const slowest = Math.min(chain.board.channel(0).rpm, chain.board.channel(1).rpm);
    return typeof rpm === "number" && slowest > 500 && Math.abs(rpm - slowest) < slowest * 0.02;
  }, "the speed of the slowest fan");
  const [, [[status]]] = await client.ask("status", "nas") as [
    string,
    [[{ details: Record<string, unknown> }]],
  ];
  const { applied, compare, steps, state, rpms } = status.details;
  assert.deepEqual([applied, compare, steps, state], [[50, 50], [160, 160], [320, 320], "held"]);
  assert.equal((rpms as number[]).length, 2);
});

for (const loss of ["falls silent", "is gone"]) {
  Deno.test(`when its server ${loss}, an agent holds a duty for its time and not longer`, async () => {
    const clock = new VirtualClock();
    const board = new MachineBoard(clock);
    const ttlMs = 3000;
    await using listening = new AsyncDisposableStack();
    const server = listening.use(
      new WireServer(async ({ request }, connection) => {
        if (request !== "subscribe") return;
        await connection.send("ack");
        await connection.send("duty", "nas", 50, 1, 1, 0, ttlMs);
      }),
    );
    const open = () => Board.open(board.openLine(), { clock });
    await using agent = new TestAgent(server.port, [{ shelf: "nas", channels: [0] }], open, clock);
    const driven = (drive: number | "released") =>
      until(async () => {
        await clock.advance(STEP_MS);
        return board.channel(0).drive === drive;
      }, `${drive}`);
    await driven(500);
    const heldMs = clock.monotonicMs();
    if (loss === "is gone") await listening.disposeAsync();
    await driven("released");
    const tookMs = clock.monotonicMs() - heldMs;
    assert.ok(tookMs >= ttlMs - FAILSAFE_MS, `held for ${tookMs} ms only`);
    assert.ok(tookMs <= ttlMs + FAILSAFE_MS, `${tookMs} ms`);
    await agent.log.line(/^warn: Shelf "nas": nothing valid/);
    await clock.advance(STEP_MS);
    assert.equal(agent.samples.at(-1)?.state, "failsafe");
  });
}

Deno.test("control resumes when the server comes back", async () => {
  await using chain = new Chain(["nas"], { nas: 50 }, [{ shelf: "nas", channels: [0] }]);
  await chain.driven(0, 500);
  const { port } = chain.served;
  await chain.loseServer();
  await chain.driven(0, "released");
  const { clock } = chain;
  chain.served = serve({ clock, config: { port }, tempsC: { nas: 40 } });
  await chain.driven(0, 400);
  assert.equal(chain.agent.samples.at(-1)?.state, "held");
});

Deno.test("a server that restarts within a duty's time is not noticed by the fans", async () => {
  await using chain = new Chain(["nas"], { nas: 50 }, [{ shelf: "nas", channels: [0] }]);
  await chain.driven(0, 500);
  const { port } = chain.served;
  await chain.loseServer();
  const { clock } = chain;
  chain.served = serve({ clock, config: { port } });
  const client = await chain.served.connect();
  for (let passedMs = 0; passedMs < 2000; passedMs += 100) {
    await clock.advance(100);
    // The new server still waits for its first readings, which prolongs nothing and ends nothing.
    assert.deepEqual(await client.ask("get_pwm", "nas"), ["set_pwm", ["nas", 100]]);
    assert.equal(chain.board.channel(0).drive, 500);
  }
  chain.served.tempsC.set("nas", 45);
  await chain.driven(0, 450);
  assert.ok(!chain.agent.samples.some(({ state }) => state === "failsafe"));
});

Deno.test("of two shelves on one board only the stale one's channel goes to full speed", async () => {
  await using chain = new Chain(["a", "b"], { a: 30, b: 60 }, [
    { shelf: "a", channels: [0] },
    { shelf: "b", channels: [1] },
  ]);
  await chain.driven(0, 300);
  await chain.driven(1, 600);
  await chain.served.server.reload(testConfig({ shelves: ["b"] }));
  await chain.driven(0, "released");
  for (let passedMs = 0; passedMs < 10_000; passedMs += 500) {
    await chain.clock.advance(500);
    const client = await chain.served.connect();
    await client.ask("ping");
    client.close();
    assert.equal(chain.board.channel(1).drive, 600);
    assert.equal(chain.board.channel(0).drive, "released");
  }
});

Deno.test("an agent that ends leaves the board at its safe level", async () => {
  await using chain = new Chain(["nas"], { nas: 50 }, [{ shelf: "nas", channels: [0, 1, 2] }]);
  await chain.driven(0, 500);
  await chain.agent.stop();
  for (const channel of [0, 1, 2]) assert.equal(chain.board.channel(channel).drive, "released");
  assert.deepEqual(chain.agent.samples.at(-1)?.details.applied, [100, 100, 100]);
});

Deno.test("a shelf that the server does not have is told once, and stops nothing else", async () => {
  await using chain = new Chain(["nas"], { nas: 50 }, [
    { shelf: "nass", channels: [1] },
    { shelf: "nas", channels: [0] },
  ]);
  const { agent } = chain;
  await chain.driven(0, 500);
  assert.equal(chain.board.channel(1).drive, "released");
  const complaint = /Cannot find shelf "nass"/;
  await until(async () => {
    await chain.clock.advance(500);
    return agent.log.lines.filter((line) => complaint.test(line)).length >= 5;
  }, "refused reports of a speed");
  const warnings = agent.log.lines.filter((line) => /^warn/.test(line) && complaint.test(line));
  assert.equal(warnings.length, 1, warnings.join("\n"));
  assert.equal(chain.board.channel(0).drive, 500);
});

Deno.test("duties of an older epoch or number are ignored, and a newer epoch is not", async () => {
  const clock = new VirtualClock();
  const board = new MachineBoard(clock);
  const duties: [percent: number, epoch: number, seq: number][] = [
    [50, 7, 10],
    [30, 7, 9],
    [31, 7, 10],
    [32, 6, 99],
  ];
  await using server = new WireServer(async ({ request }, connection) => {
    if (request !== "subscribe") return;
    await connection.send("ack");
    for (const [percent, epoch, seq] of duties) {
      await connection.send("duty", "nas", percent, epoch, seq, 0, 5000);
    }
    await connection.send("duty", "other", 20, 9, 1, 0, 5000);
    await connection.send("pending", "nas");
  });
  const open = () => Board.open(board.openLine(), { clock });
  await using agent = new TestAgent(server.port, [{ shelf: "nas", channels: [0] }], open, clock);
  await until(async () => {
    await clock.advance(STEP_MS);
    return board.channel(0).drive === 500;
  }, "the first duty");
  for (let passedMs = 0; passedMs < 1000; passedMs += 50) {
    await clock.advance(50);
    assert.equal(board.channel(0).drive, 500);
  }
  duties.splice(0, duties.length, [70, 8, 1]);
  server.cut();
  await until(async () => {
    await clock.advance(STEP_MS);
    return board.channel(0).drive === 700;
  }, "the duty of the newer epoch");
  assert.ok(agent.samples.every(({ details }) => details.state !== "failsafe"));
});

Deno.test("an agent goes on to its next server when one is lost, and round again", async () => {
  const clock = new VirtualClock();
  const board = new MachineBoard(clock);
  await using first = serve({ clock, tempsC: { nas: 30 } });
  await using second = serve({ clock, tempsC: { nas: 60 } });
  const open = () => Board.open(board.openLine(), { clock });
  const ports = [first.port, second.port];
  await using agent = new TestAgent(ports, [{ shelf: "nas", channels: [0] }], open, clock);
  const driven = (drive: number) =>
    until(async () => {
      await clock.advance(STEP_MS);
      return board.channel(0).drive === drive;
    }, `${drive}`);
  await driven(300);
  await first[Symbol.asyncDispose]();
  await driven(600);
  await agent.log.line(/^warn: Server 127\.0\.0\.1 port \d+: .*; trying again/);
  await using third = serve({ clock, tempsC: { nas: 45 }, config: { port: ports[0] ?? 0 } });
  await second[Symbol.asyncDispose]();
  await driven(450);
  assert.equal(third.server.clients, 1);
});

Deno.test("a server that talks nonsense is left, and asked again", async () => {
  const clock = new VirtualClock();
  const board = new MachineBoard(clock);
  let sessions = 0;
  await using server = new WireServer(async ({ request }, connection) => {
    if (request !== "subscribe") return;
    await connection.send("ack");
    if (++sessions === 1) await connection.send("duty", "nas", "fast", 1, 1, 0, 5000);
    else if (sessions === 2) await connection.write(new Uint8Array(8));
    else await connection.send("duty", "nas", 50, 1, 1, 0, 5000);
  });
  const open = () => Board.open(board.openLine(), { clock });
  await using agent = new TestAgent(server.port, [{ shelf: "nas", channels: [0] }], open, clock);
  await until(async () => {
    await clock.advance(STEP_MS);
    return board.channel(0).drive === 500;
  }, "a duty");
  assert.equal(sessions, 3);
  assert.match(await agent.log.line(/^warn/), /Cannot take a duty: .*"fast"/);
});

Deno.test("a board that cannot be opened, or is lost, is opened again and set again", async () => {
  const clock = new VirtualClock();
  await using served = serve({ clock, tempsC: { nas: 50 } });
  const board = new MachineBoard(clock);
  let opened = 0;
  let line = board.openLine();
  const open = () => {
    if (++opened <= 2) return Promise.reject(new Error("no such line"));
    line = board.openLine();
    return Board.open(line, { clock });
  };
  await using agent = new TestAgent(served.port, [{ shelf: "nas", channels: [0] }], open, clock);
  const driven = (drive: number | "released") =>
    until(async () => {
      await clock.advance(STEP_MS);
      return board.channel(0).drive === drive;
    }, `${drive}`);
  await driven(500);
  assert.equal(opened, 3);
  line.unplug();
  board.machine.reset();
  await driven("released");
  await driven(500);
  assert.equal(opened, 4);
  const errors = agent.log.lines.filter((line) => line.startsWith("error:"));
  assert.match(errors[0] ?? "", /^error: Board "test": no such line; trying again$/);
  assert.ok(errors.length <= 3, errors.join("\n"));
});

Deno.test("the speed of fans on a board that is lost is unknown, not what it was", async () => {
  const clock = new VirtualClock();
  await using served = serve({ clock, tempsC: { nas: 50 } });
  const board = new MachineBoard(clock);
  const line = board.openLine();
  let opened = 0;
  const open = () =>
    opened++ === 0 ? Board.open(line, { clock }) : Promise.reject(new Error("it is gone"));
  await using agent = new TestAgent(served.port, [{ shelf: "nas", channels: [0] }], open, clock);
  const client = await served.connect();
  const known = (isKnown: boolean) =>
    until(async () => {
      await clock.advance(100);
      const [, [, rpm]] = await client.ask("get_rpm", "nas");
      return (rpm !== null) === isKnown;
    }, `a speed that is ${isKnown ? "known" : "unknown"}`);
  await known(true);
  line.unplug();
  const lostMs = clock.monotonicMs();
  await known(false);
  assert.ok(clock.monotonicMs() - lostMs < 3000, "it is told, before it is too old");
  const [, [[status]]] = await client.ask("status", "nas") as [string, [[{ details: unknown }]]];
  assert.deepEqual(status.details, { state: "no board", board: "test", fans: null });
  await agent.log.line(/^error: Board "test": .*; trying again$/);
});

Deno.test("a channel that the board does not have is told, and costs no other channel", async () => {
  await using chain = new Chain(["nas", "rack"], { nas: 50, rack: 60 }, [
    { shelf: "nas", channels: [0] },
    { shelf: "rack", channels: [1, 7] },
  ]);
  await chain.driven(0, 500);
  await chain.driven(1, 600);
  await chain.agent.log.line(
    /^error: Cannot drive channel 7 of shelf "rack": board "test" has 3 channels; give one from 0 to 2$/,
  );
  assert.equal(chain.agent.samples.find(({ shelf }) => shelf === "rack")?.rpm, null);
});

Deno.test("a shelf that a reload brings is driven without a new connection", async () => {
  await using chain = new Chain(["a"], { a: 30, b: 60 }, [
    { shelf: "a", channels: [0] },
    { shelf: "b", channels: [1] },
  ]);
  await chain.driven(0, 300);
  assert.equal(chain.board.channel(1).drive, "released");
  await chain.served.server.reload(testConfig({ shelves: ["a", "b"], clock: chain.clock }));
  await chain.driven(1, 600);
  assert.equal(chain.served.server.counters.accepted, 1);
});
