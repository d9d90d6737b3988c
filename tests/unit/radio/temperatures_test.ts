/** Temperatures of the machine that a radio agent reports. */

import assert from "node:assert/strict";
import { Temperatures } from "../../../src/cli/radio/temperatures.ts";
import { RecordedLog } from "../../support/recorded_log.ts";
import { tempDir } from "../../support/temp_dir.ts";
import { until } from "../../support/until.ts";
import { VirtualClock } from "../../support/virtual_clock.ts";

Deno.test("what is read is told in its order, and not any more when it cannot be read", async () => {
  await using folder = await tempDir();
  await folder.write("one", "31.5");
  await folder.write("two", "40");
  const clock = new VirtualClock();
  const log = new RecordedLog();
  const choices = ["two", "none", "one"].map((name) => ({
    shelf: "attic",
    source: { path: folder.join(name) },
  }));
  await using temperatures = new Temperatures(choices, { clock, log, sysfsRoot: folder.path });
  assert.deepEqual([...temperatures.latest()], [["attic", [null, null, null]]]);
  const latest = () => temperatures.latest().get("attic");
  await until(() => latest()?.[0] === 40 && latest()?.[2] === 31.5, "both");
  assert.equal(latest()?.[1], null);
  await log.line(/^warn: .*none/);
  await folder.write("two", "41");
  await clock.advance(5000);
  await until(() => latest()?.[0] === 41, "the next reading");
  await Deno.remove(folder.join("two"));
  await clock.advance(15_000);
  assert.equal(latest()?.[0], 41);
  await log.line(/^warn: .*two/);
  await clock.advance(15_000);
  assert.deepEqual(latest()?.slice(0, 2), [null, null]);
  assert.equal(log.lines.length, 2);
});
