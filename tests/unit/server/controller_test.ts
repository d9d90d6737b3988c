import assert from "node:assert/strict";
import type { ShelfConfig } from "../../../src/config/config.ts";
import { serve, testConfig, testSensor } from "../../support/serve.ts";
import { VirtualClock } from "../../support/virtual_clock.ts";

Deno.test("a drive of a fand.ini follows the table of its kind once it has been found", async () => {
  const clock = new VirtualClock();
  const config = testConfig({ shelves: [] });
  config.sensors = [{ ...testSensor("disk"), kind: "drive" }];
  // A kind without drives asks for its table at rest, as in Python fand.
  const table = (percent: number) => ({
    shape: "step" as const,
    points: [[0, 20], [30, percent]] as const,
  });
  const shelf: ShelfConfig = {
    name: "nas",
    floorPercent: 20,
    causes: [{ name: "drives", sensors: ["disk"], combine: "max", curve: table(100) }],
    drives: {
      sensors: [{ name: "disk", kind: "drive" }],
      hdd: table(35),
      ssd: table(45),
      cpu: table(20),
    },
  };
  config.shelves = [shelf];
  await using served = serve({ clock, config });
  const client = await served.connect();
  const percent = async () => (await client.ask("get_pwm", "nas"))[1][1];
  assert.equal(await percent(), 100);
  served.tempsC.set("disk", 62);
  served.drives.set("disk", "ssd");
  await clock.advance(1000);
  assert.equal(await percent(), 45);
  // For a hard disk 62 °C is critical.
  served.drives.set("disk", "hdd");
  served.tempsC.set("disk", 40);
  await served.server.reload(config);
  assert.equal(await percent(), 35);
  served.tempsC.set("disk", 62);
  await clock.advance(1000);
  assert.equal(await percent(), 100);
});

Deno.test("ticks tell how long the last one is ago, and stop with the server", async () => {
  const clock = new VirtualClock();
  const served = serve({ clock, config: { tickMs: 250 } });
  await clock.advance(600);
  assert.deepEqual(served.elapsedMs, [0, 250, 250]);
  await served[Symbol.asyncDispose]();
  await clock.advance(1000);
  assert.equal(served.elapsedMs.length, 3);
  assert.equal(served.readingsStopped, 1);
  assert.equal(clock.waiting, 0);
});
