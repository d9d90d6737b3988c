import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { newReports } from "../../../src/sensors/reported/reported_readings.ts";
import { parseToml } from "../../../src/config/toml/toml.ts";
import { Server } from "../../../src/server/server.ts";
import { openReadings } from "../../../src/server/shelves/readings.ts";
import { openStore } from "../../../src/server/store/store.ts";
import type { WireMap, WireValue } from "../../../src/wire/value.ts";
import { silentLog } from "../../../src/log.ts";
import { Client } from "../../support/serve.ts";
import { VirtualClock } from "../../support/virtual_clock.ts";

const CONFIG = `
port = 0
store = "none"
[[sensor]]
name = "inlet"
type = "pushed"
[[sensor]]
name = "air"
type = "board"
board = "left"
input = 1
[[sensor]]
name = "cpu"
type = "simulated"
plant = "p"
source = "cpu"
[[shelf]]
name = "s"
[[shelf.cause]]
name = "c"
sensors = ["inlet", "air", "cpu"]
curve = [[20, 25], [60, 100]]
[plant.p]
[[plant.p.source]]
name = "cpu"
load = 0.1
idle_w = 5
full_w = 50
`;

/** A server that reads real sensors, on a clock of its own. */
class Setting implements AsyncDisposable {
  readonly clock = new VirtualClock();
  readonly #reports = newReports();
  readonly #store = openStore(null, { clock: this.clock });
  readonly #clients: Client[] = [];
  readonly server: Server;

  constructor() {
    const { clock } = this;
    this.server = new Server(parseToml(CONFIG, "fand.toml"), {
      clock,
      log: silentLog,
      store: this.#store,
      journal: null,
      reports: this.#reports,
      openReadings: (config, sink) => openReadings(config, { clock, reports: this.#reports, sink }),
    });
  }

  async connect(): Promise<Client> {
    const { hostname, port } = this.server.address;
    const client = new Client(await Deno.connect({ hostname, port }));
    this.#clients.push(client);
    return client;
  }

  /** The state of a sensor after the next readings. */
  async sensor(name: string): Promise<WireMap> {
    await this.clock.advance(1000);
    const client = await this.connect();
    const [, [page]] = await client.ask("status", "s");
    const [status] = page as [{ sensors: WireMap[] }];
    return status.sensors.find((each) => each["name"] === name) ?? {};
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const client of this.#clients) client.close();
    const stopped = this.server.stop();
    await this.clock.advance(1000);
    await stopped;
    this.#store.close();
  }
}

Deno.test("a pushed reading is a reading for as long as it is good", async () => {
  await using setting = new Setting();
  const client = await setting.connect();
  deepStrictEqual(await client.ask("push_reading", "inlet", 31.5, 10_000), ["ack", []]);
  const { state, temp_c } = await setting.sensor("inlet");
  deepStrictEqual({ state, temp_c }, { state: "ok", temp_c: 31.5 });
  await setting.clock.advance(15_000);
  const lost = await setting.sensor("inlet");
  strictEqual(lost["state"], "failed");
  match(String(lost["reason"]), /its last report is \d+ s old and was good for 10 s/);
  await client.ask("push_reading", "inlet", 32, 60_000);
  await setting.clock.advance(60_000);
  await client.ask("push_reading", "inlet", 33, 60_000);
  strictEqual((await setting.sensor("inlet"))["temp_c"], 33);
});

Deno.test("a client that has no reading says so, and the sensor misses", async () => {
  await using setting = new Setting();
  const client = await setting.connect();
  await client.ask("push_reading", "inlet", 31.5, 60_000);
  await setting.sensor("inlet");
  await client.ask("push_reading", "inlet", null, 60_000);
  await setting.clock.advance(10_000);
  const { state, reason } = await setting.sensor("inlet");
  strictEqual(state, "failed");
  match(String(reason), /its sender has no reading/);
});

Deno.test("a reading is refused that is not pushed, not good for long, or somebody else's", async () => {
  await using setting = new Setting();
  const [one, two] = [await setting.connect(), await setting.connect()];
  const code = async (client: Client, ...args: WireValue[]): Promise<WireValue | undefined> => {
    const [name, [found]] = await client.ask("push_reading", ...args);
    return name === "error" ? found : name;
  };
  strictEqual(await code(one, "cpu", 20, 1000), "sensor_not_found");
  strictEqual(await code(one, "air", 20, 1000), "sensor_not_found");
  strictEqual(await code(one, "nobody", 20, 1000), "sensor_not_found");
  for (const ttlMs of [0, 99, 3_600_001, 1000.5, -1]) {
    strictEqual(await code(one, "inlet", 20, ttlMs), "bad_arguments", `${ttlMs}`);
  }
  strictEqual(await code(one, "inlet", "warm", 1000), "bad_arguments");
  strictEqual(await code(one, "inlet", 20), "bad_arguments");
  strictEqual(await code(one, "inlet", 20, 60_000), "ack");
  strictEqual(await code(two, "inlet", 21, 60_000), "not_owner");
  strictEqual((await setting.sensor("inlet"))["temp_c"], 20);
});

Deno.test("a board's thermistor is a sensor, wherever its agent is", async () => {
  await using setting = new Setting();
  const agent = await setting.connect();
  await agent.ask("board", "left", {});
  const report = (inputs: WireMap[]) => agent.ask("set_rpm", "s", 900, { inputs });
  await report([{ temp_c: 50, state: "ok" }, { temp_c: 28.5, state: "ok" }]);
  const { state, temp_c } = await setting.sensor("air");
  deepStrictEqual({ state, temp_c }, { state: "ok", temp_c: 28.5 });
  await report([{ temp_c: 50, state: "ok" }, { temp_c: null, state: "open" }]);
  await setting.clock.advance(8000);
  match(String((await setting.sensor("air"))["reason"]), /its thermistor is open; look at its/);
});

Deno.test("what an agent says of another's board is no reading", async () => {
  await using setting = new Setting();
  const [agent, stranger] = [await setting.connect(), await setting.connect()];
  await agent.ask("board", "left", {});
  await stranger.ask("board", "right", {});
  const inputs = [{ temp_c: 50 }, { temp_c: 99 }];
  await stranger.ask("set_rpm", "s", 900, { board: "left", inputs });
  await setting.clock.advance(8000);
  match(String((await setting.sensor("air"))["reason"]), /nobody has reported it yet/);
});

Deno.test("a reload keeps what was pushed", async () => {
  await using setting = new Setting();
  const client = await setting.connect();
  await client.ask("push_reading", "inlet", 31.5, 60_000);
  await setting.sensor("inlet");
  const reloaded = setting.server.reload(parseToml(CONFIG, "fand.toml"));
  await setting.clock.advance(1000);
  await reloaded;
  strictEqual((await setting.sensor("inlet"))["temp_c"], 31.5);
});
