/** What a service tells its manager, heard by a real socket. */

import assert from "node:assert/strict";
import { FandError } from "../../../src/errors.ts";
import { ServiceManager } from "../../../src/libc/service_manager.ts";
import { NotifySocket } from "../../support/notify_socket.ts";
import { tempDir } from "../../support/temp_dir.ts";
import { testNeeding } from "../../support/test_with.ts";

testNeeding(["socat"], "a service manager hears by path and by abstract name", async () => {
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
