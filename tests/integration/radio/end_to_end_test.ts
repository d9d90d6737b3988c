/** From a fan board behind a modem to a server and back: the real commands, on real clocks. */

import assert from "node:assert/strict";
import { runFanctl } from "../../../src/cli/main.ts";
import { ModemServer } from "../../support/modem/modem_server.ts";
import { ServerProcess } from "../../support/server_process.ts";
import { tempDir } from "../../support/temp_dir.ts";
import { TestIo } from "../../support/test_io.ts";
import { until } from "../../support/until.ts";

const CONFIG = `
store = "none"
rpm_ttl_ms = 600000

[[sensor]]
name = "attic-1"
type = "pushed"
interval_ms = 10000
max_ttl_ms = 3600000

[[shelf]]
name = "attic"

[[shelf.cause]]
name = "warmth"
sensors = ["attic-1"]
shape = "linear"
curve = [[20, 20], [80, 80]]
`;

/** A network that hands on what is written to it. */
class Pipe {
  readonly readable: ReadableStream<Uint8Array>;
  #controller!: ReadableStreamDefaultController<Uint8Array>;

  constructor() {
    this.readable = new ReadableStream({
      start: (controller) => void (this.#controller = controller),
    });
  }

  write(line: string): void {
    this.#controller.enqueue(new TextEncoder().encode(`${line}\n`));
  }

  end(): void {
    this.#controller.close();
  }
}

Deno.test("a shelf that only a radio reaches: its temperature, its speed, and an override", async () => {
  await using folder = await tempDir();
  await folder.write("temp", "41.5");
  await using server = await ServerProcess.start(folder, await folder.write("fand.toml", CONFIG));
  await using network = new ModemServer();
  const uplinks = new Pipe();
  const bridgeIo = new TestIo({ stdin: uplinks.readable });
  network.onUplink = (message) => {
    uplinks.write(message);
    // A file that nobody writes any more is not believed for longer than a minute.
    Deno.writeTextFileSync(folder.join("temp"), "41.5");
  };
  const bridgeOut = bridgeIo.stdout;
  bridgeIo.stdout = (text) => {
    bridgeOut(text);
    for (const line of text.trim().split("\n")) network.take(line);
  };
  const port = ["-p", String(server.port)];
  const bridge = runFanctl([...port, "-v", "radio", "bridge", "AC1F09FFFE000001=attic"], bridgeIo);
  const agentIo = new TestIo();
  const agent = runFanctl([
    ..."radio agent attic=0 --board sim: --every 1s -v --modem".split(" "),
    network.line,
    "--temperature",
    `attic=${folder.join("temp")}`,
  ], agentIo);
  const client = await server.connect();
  const status = async () => (await client.ask("status", "attic"))[1] as [[Record<string, never>]];
  await until(
    async () => JSON.stringify(await status()).includes("41.5"),
    "the temperature",
    30_000,
  );
  await until(
    async () => {
      const [, [, rpm]] = await client.ask("get_rpm", "attic");
      return typeof rpm === "number" && rpm > 0;
    },
    "the speed",
    30_000,
  );

  const expires = new Date(Date.now() + 1_800_000);
  await client.ask("set_pwm_override", "attic", 50, expires);
  await agentIo.until(({ out }) => out.includes("attic: as ordered, applied 50 %"));
  assert.match(agentIo.out, /orders: attic 50 % until /);
  await until(async () => JSON.stringify(await status()).includes("ordered"), "the report", 30_000);

  await client.ask("set_pwm_override", "attic", null);
  await agentIo.until(({ out }) => /orders: none[^]*attic: safe, applied 100 %/.test(out));

  agentIo.interrupt();
  assert.equal(await agent, 0);
  uplinks.end();
  assert.equal(await bridge, 0, bridgeIo.err);
  assert.match(bridgeIo.err, /Uplinks: \d+ taken, 0 foreign, 0 late, 0 corrupt/);
  assert.match(agentIo.err, /Radio: .*taken [2-9]\d*, replayed \d+, late 0, tooLong 0, corrupt 0/);
});
