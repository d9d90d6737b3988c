import assert from "node:assert/strict";
import { connect, SocketManager } from "../../src/communication/mod.ts";
import { ConnectionFailedError, ListeningError } from "../../src/errors.ts";
import { rejects } from "../support/rejects.ts";
import { VirtualClock } from "../support/virtual_clock.ts";

Deno.test.each(["127.0.0.1", "localhost", "::1", "[::1]"])("connect reaches %s", async (host) => {
  const sockets = new SocketManager();
  const listener = sockets.listen(host === "localhost" ? "127.0.0.1" : host, 0);
  const [far, near] = await Promise.all([
    listener.accept(),
    sockets.connect(host, listener.addr.port),
  ]);
  sockets.addSocket(far);
  await sockets.send(near, "ping");
  assert.deepEqual(await sockets.recv(far), ["ping", []]);
  await sockets.terminate();
});

Deno.test("connect says that nobody listens", async () => {
  const gone = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = gone.addr;
  gone.close();
  await assert.rejects(connect("127.0.0.1", port), (error) => {
    assert.ok(error instanceof ConnectionFailedError);
    assert.ok(error.cause instanceof Deno.errors.ConnectionRefused);
    assert.equal(
      error.message,
      `Cannot connect to 127.0.0.1:${port}: nobody listens there; ` +
        "start the server or check address and port",
    );
    return true;
  });
});

Deno.test.each<[string, string, number]>([
  ["a port above 65535", "127.0.0.1", 65536],
  ["port 0", "::1", 0],
  ["no name", "", 9999],
  ["a name with a space", "a b", 9999],
])("connect refuses %s", async (_name, host, port) => {
  await assert.rejects(connect(host, port), ConnectionFailedError);
});

Deno.test("connect gives up when its time is up, and closes what comes later", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const clock = new VirtualClock();
  const sockets = new SocketManager({ clock });
  const attempt = sockets.connect("127.0.0.1", listener.addr.port, { timeoutMs: 5 });
  const refused = rejects(attempt, "FandTimeoutError", /^Cannot connect to .*: 5 ms have passed; /);
  await clock.advance(5);
  await refused;
  assert.equal(clock.waiting, 0);
});

Deno.test("connect gives up when its signal says so, with the reason of the signal", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const reason = new Error("not today");
  const signal = AbortSignal.abort(reason);
  const attempt = connect("127.0.0.1", listener.addr.port, { signal });
  await assert.rejects(attempt, (error) => error === reason);
});

Deno.test("listen says that the port is taken or the address is not ours", () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const sockets = new SocketManager();
  const { port } = listener.addr;
  assert.throws(() => sockets.listen("127.0.0.1", port), {
    name: "ListeningError",
    message: `Cannot listen on 127.0.0.1:${port}: another process listens there; ` +
      "stop it or choose another port",
  });
  assert.throws(() => sockets.listen("127.0.0.1", 70_000), ListeningError);
});
