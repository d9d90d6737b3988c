import { deepEqual, equal, match } from "node:assert/strict";
import { runProcess, startProcess } from "../support/process.ts";
import { Client } from "../support/serve.ts";
import { fileSensorConfig, serverArgs } from "../support/server_process.ts";
import { tempDir } from "../support/temp_dir.ts";
import { testNeeding } from "../support/test_with.ts";

testNeeding(
  ["prlimit"],
  "on a full disk an order is refused, a duty can still be lifted, and control goes on",
  async () => {
    await using folder = await tempDir();
    const top = `store = "${folder.join("fand.db")}"`;
    const args = serverArgs(folder, ["-c", await fileSensorConfig(folder, top), "-p", "0"]);
    // A file that may not grow is what a process sees of a full disk; a signal would end it.
    const command = ["-c", `trap '' XFSZ; exec "$@"`, "sh", Deno.execPath(), ...args];
    await using child = startProcess("sh", command);
    const port = Number(/:(\d+);/.exec(await child.line("listening on"))?.[1]);
    using client = new Client(await Deno.connect({ hostname: "127.0.0.1", port }));
    const order = (percent: number | null) => client.ask("set_pwm_override", "shelf1", percent);
    const percent = async () => (await client.ask("get_pwm", "shelf1"))[1][1];
    using watcher = new Client(await Deno.connect({ hostname: "127.0.0.1", port }));
    await watcher.send("subscribe", ["shelf1"]);
    while ((await watcher.next())[0] !== "duty");
    deepEqual(await order(25), ["ack", []]);
    equal(await percent(), 25);

    await runProcess("prlimit", ["--pid", `${child.pid}`, "--fsize=1:unlimited"]);
    const [request, [code, text]] = await order(22);
    deepEqual([request, code], ["error", "store"]);
    match(String(text), /Cannot keep the override of shelf "shelf1"/);
    equal(await percent(), 25);
    equal((await order(80))[0], "error");
    equal(await percent(), 80);

    await runProcess("prlimit", ["--pid", `${child.pid}`, "--fsize=unlimited:unlimited"]);
    deepEqual(await order(30), ["ack", []]);
    equal(await percent(), 30);
  },
);
