import assert from "node:assert/strict";
import { findRivals } from "../../../src/board/hwmon/rivals.ts";
import { Libc } from "../../../src/libc/libc.ts";
import { tempDir } from "../../support/temp_dir.ts";

Deno.test("other programs that drive fans are found by their names", async () => {
  await using dir = await tempDir();
  using libc = new Libc();
  assert.deepEqual(await findRivals(libc, dir.join("nowhere")), []);
  await dir.write("1/comm", "systemd\n");
  await dir.write("812/comm", "fancontrol\n");
  await dir.write("813/comm", "not fancontrol\n");
  await dir.write("self/comm", "thinkfan\n");
  await Deno.mkdir(dir.join("900"));
  assert.deepEqual(await findRivals(libc, dir.path), ["fancontrol (process 812)"]);
});
