/** The example of an auxiliary service, run as its own page says. */

import assert from "node:assert/strict";
import { EchoCommunicator, Services } from "../../../mod.ts";
import { startDeno } from "../../support/process.ts";

Deno.test("the recording light follows an experiment, and answers", async () => {
  const args = ["run", "--allow-net=127.0.0.1", "examples/recording_light.ts"];
  await using example = startDeno([...args, "udp://127.0.0.1:0"]);
  const line = await example.line(/^listening at /);
  const uri = line.slice("listening at ".length);
  const client = await EchoCommunicator.client(uri, { name: "light" });
  await using services = new Services([client]);
  const light = ["recording light"];
  assert.deepEqual(await services.init(), { light });
  await example.line("light: soon");
  const reference = "2030-01-31_1_subject";
  assert.deepEqual(await services.start(reference), { light: [reference, ...light] });
  await example.line(`light: ON, for ${reference}`);
  assert.deepEqual(await services.info("RUNNING"), { light: [20, { isOn: true }] });
  assert.deepEqual(await services.stop(null, true), { light });
  await example.line("light: off: interrupted");
  assert.deepEqual(await services.status("STOPPED"), { light: [30] });
  assert.deepEqual(await services.cleanup(), { light });
  example.kill("SIGINT");
  assert.equal((await example.result()).code, 0);
});
