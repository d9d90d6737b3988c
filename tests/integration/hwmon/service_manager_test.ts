/** What a service tells its manager, heard by a real socket. */

import assert from "node:assert/strict";
import { FandError } from "../../../src/errors.ts";
import { ServiceManager } from "../../../src/libc/service_manager.ts";
import { openService } from "../../../src/server/program/service.ts";
import { NotifySocket, testOnNotifySocket } from "../../support/notify_socket.ts";
import { RecordedLog } from "../../support/recorded_log.ts";
import { serve } from "../../support/serve.ts";
import { tempDir } from "../../support/temp_dir.ts";
import { VirtualClock } from "../../support/virtual_clock.ts";

testOnNotifySocket("a service manager hears by path and by abstract name", async () => {
  await using dir = await tempDir();
  for (const address of [dir.join("notify"), `@${dir.path}`]) {
    await using socket = await NotifySocket.listen(address);
    using manager = new ServiceManager(address);
    manager.ready();
    manager.alive();
    manager.stopping();
    await socket.next("STOPPING=1");
    assert.deepEqual(socket.said, ["READY=1", "WATCHDOG=1", "STOPPING=1"]);
    assert.equal(manager.problem, null);
  }
});

Deno.test("a service manager that is gone is a problem that is told, and no end", async () => {
  await using dir = await tempDir();
  using manager = new ServiceManager(dir.join("nobody"));
  manager.alive();
  assert.equal(manager.problem, "No such file or directory");
});

Deno.test.each(["", "notify", "vsock:2:1234", "/", `/${"x".repeat(120)}`])(
  "the address %j of a service manager is refused",
  (address: string) => {
    assert.throws(() => new ServiceManager(address), (error) => {
      assert.ok(error instanceof FandError);
      assert.match(error.message, /NOTIFY_SOCKET is ".*"; it must be the path of a socket/);
      return true;
    });
  },
);

testOnNotifySocket(
  "a server whose ticks have stopped does not say that it is alive",
  async () => {
    await using dir = await tempDir();
    await using socket = await NotifySocket.listen(dir.join("notify"));
    const clock = new VirtualClock();
    using service = serviceOf(socket.address, new RecordedLog());
    await using served = serve({ clock, tempsC: { nas: 40 }, taps: service.taps });
    await clock.advance(3000);
    await served.server.stop();
    await clock.advance(10_000);
    service.stopping();
    await socket.next("STOPPING=1");
    // The first tick is that of the start.
    assert.deepEqual(socket.said, [...Array(4).fill("WATCHDOG=1"), "STOPPING=1"]);
  },
);

Deno.test("a server that cannot tell its manager anything says so once, and goes on", async () => {
  await using dir = await tempDir();
  const clock = new VirtualClock();
  const log = new RecordedLog();
  using service = serviceOf(dir.join("nobody"), log);
  await using served = serve({ clock, tempsC: { nas: 40 }, taps: service.taps });
  await clock.advance(3000);
  assert.equal(served.server.clients, 0);
  assert.deepEqual(log.lines, [
    "warn: Cannot tell the service manager that this server is alive: No such file or directory",
  ]);
});

/** The service of a process that a manager at this address has started. */
function serviceOf(address: string, log: RecordedLog): ReturnType<typeof openService> {
  Deno.env.set("NOTIFY_SOCKET", address);
  try {
    return openService(1000, log);
  } finally {
    Deno.env.delete("NOTIFY_SOCKET");
  }
}
