/** Several rigs at once, with real ones at the other end. */

import assert from "node:assert/strict";
import {
  type Communicator,
  EchoCommunicator,
  ExpMessage,
  Services,
  type SignalOptions,
} from "../../../mod.ts";
import { rejects } from "../../support/rejects.ts";
import { VirtualClock } from "../../support/virtual_clock.ts";

const NAMES = ["camera", "stimulus", "fans"] as const;

/** Rigs that answer every message with their name, and what they were told in which order. */
async function rigs() {
  await using stack = new AsyncDisposableStack();
  const told: string[] = [];
  const servers: EchoCommunicator[] = [];
  const clients: EchoCommunicator[] = [];
  for (const name of NAMES) {
    const server = stack.use(await EchoCommunicator.server("udp://127.0.0.1:0"));
    server.assignCallback(ExpMessage.any(), (_data, address, event) => {
      told.push(`${name} ${ExpMessage.nameOf(event)}`);
      server.confirmedSend([event, name], address).catch(() => {});
    });
    servers.push(server);
    clients.push(stack.use(await EchoCommunicator.client(server.serverUri, { name })));
  }
  const ends = stack.move();
  return { told, servers, clients, [Symbol.asyncDispose]: () => ends.disposeAsync() };
}

const ANSWERS = { camera: ["camera"], stimulus: ["stimulus"], fans: ["fans"] };

for (const options of [{ concurrent: true }, { concurrent: false }] as SignalOptions[]) {
  Deno.test(`services are told in order, and back, ${JSON.stringify(options)}`, async () => {
    await using ends = await rigs();
    const services = new Services(ends.clients);
    assert.deepEqual(await services.init(1, options), ANSWERS);
    assert.deepEqual(await services.start("2030-01-31_1_x", null, options), ANSWERS);
    assert.deepEqual(await services.status("RUNNING", options), ANSWERS);
    assert.deepEqual(await services.info(20, null, options), ANSWERS);
    assert.deepEqual(await services.stop(null, false, options), ANSWERS);
    assert.deepEqual(await services.stop(null, true, options), ANSWERS);
    assert.deepEqual(await services.cleanup(null, options), ANSWERS);
    const forth = ["EXPINIT", "EXPSTART", "EXPSTATUS", "EXPINFO"];
    const back = ["EXPEND", "EXPINTERRUPT", "EXPCLEANUP"];
    assert.deepEqual(ends.told, [
      ...forth.flatMap((event) => NAMES.map((name) => `${name} ${event}`)),
      ...back.flatMap((event) => NAMES.toReversed().map((name) => `${name} ${event}`)),
    ]);
    for (const client of ends.clients) assert.equal(client.clearCallbacks(255), 0);
  });
}

Deno.test("services are looked up by name, and do not change", async () => {
  await using ends = await rigs();
  const services = new Services([...ends.clients, ...ends.clients]);
  assert.deepEqual([...services.keys()], [...NAMES]);
  assert.equal(services.size, 3);
  assert.equal(services.get("fans"), ends.clients[2]);
  assert.deepEqual([services.has("fans"), services.has("x")], [true, false]);
  assert.deepEqual([...services].map(([name]) => name), [...NAMES]);
  assert.equal(services.isConnected, true);
  assert.equal(new Services([]).isConnected, false);
  assert.throws(() => new Services([{} as Communicator]), /TypeError: Cannot take a object/);
  await ends.clients[0]?.close();
  assert.equal(services.isConnected, false);
  await services.close();
  assert.ok(ends.clients.every((client) => !client.isConnected));
});

Deno.test("callbacks are assigned to every rig, told which one, and cleared", async () => {
  await using ends = await rigs();
  const services = new Services(ends.clients);
  const calls: unknown[] = [];
  const callback = (data: unknown[], _from: unknown, event?: number, rig?: Communicator): void => {
    calls.push([data[0], event, rig?.name]);
  };
  services.assignCallback(ExpMessage.EXPEND | ExpMessage.EXPINIT, callback, true);
  services.assignCallback("EXPINIT", callback);
  await services.init();
  const [first] = NAMES;
  assert.deepEqual(calls.slice(0, 2).map((call) => (call as unknown[])[0]), [first, first]);
  assert.equal(calls.length, 6);
  assert.ok(calls.some((call) => JSON.stringify(call) === '["fans",1,"fans"]'));
  assert.deepEqual(services.clearCallbacks("EXPINIT", callback), {
    camera: 2,
    stimulus: 2,
    fans: 2,
  });
  assert.deepEqual(services.clearCallbacks(255), { camera: 1, stimulus: 1, fans: 1 });
});

Deno.test("services that do not answer are named, and nothing stays behind", async () => {
  await using ends = await rigs();
  const clock = new VirtualClock();
  const services = new Services(ends.clients, { clock, timeoutMs: 500 });
  ends.servers[1]?.clearCallbacks(255);
  const answers = Promise.all(ends.clients.map((client) => {
    return client.name === "stimulus" ? null : client.onEvent(ExpMessage.EXPINIT);
  }));
  const started = rejects(
    services.init(),
    "FandTimeoutError",
    /failed to respond within 500 ms: "stimulus"; check them/,
  );
  await answers;
  while (clock.waiting === 0) await new Promise<void>((next) => setImmediate(next));
  await clock.advance(500);
  await started;
  for (const client of ends.clients) assert.equal(client.clearCallbacks(255), 0);
});

Deno.test("a lost rig stops a beginning, and no end", async () => {
  await using ends = await rigs();
  const services = new Services(ends.clients);
  await ends.clients[1]?.close();
  await rejects(services.start("x"), "FandConnectionResetError", /closed/);
  assert.deepEqual(ends.told, ["camera EXPSTART"]);
  for (const concurrent of [true, false]) {
    ends.told.length = 0;
    await rejects(services.stop(null, false, { concurrent }), "FandConnectionResetError", /closed/);
    assert.deepEqual(ends.told, ["fans EXPEND", "camera EXPEND"]);
  }
  assert.equal(ends.clients[0]?.clearCallbacks(255), 0);
});
