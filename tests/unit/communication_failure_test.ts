import assert from "node:assert/strict";
import {
  connectFailure,
  listenFailure,
  receiveFailure,
  sendFailure,
} from "../../src/communication/failure.ts";

const { errors } = Deno;

Deno.test.each<[string, unknown, string, RegExp]>([
  ["an orderly end", null, "FandConnectionResetError", /the peer closed the connection/],
  ["a reset", new errors.ConnectionReset(), "FandConnectionResetError", /the peer reset/],
  ["an abort", new errors.ConnectionAborted(), "FandConnectionResetError", /the peer reset/],
  ["our own close", new errors.Interrupted(), "FandConnectionResetError", /closed on this side/],
  ["a closed socket", new errors.BadResource(), "FandConnectionResetError", /closed on this side/],
  ["anything else", new errors.TimedOut("no route"), "SendReceiveError", /: no route; connect/],
  ["what is no error", "odd", "SendReceiveError", /: odd; connect/],
])("receiveFailure of %s", (_name, cause, name, message) => {
  const failure = receiveFailure(cause);
  assert.equal(failure.name, name);
  assert.match(failure.message, message);
  assert.equal(failure.cause ?? null, cause);
});

Deno.test.each<[string, unknown, RegExp]>([
  ["a broken pipe", new errors.BrokenPipe(), /the peer closed the connection/],
  ["our own close", new errors.BadResource(), /the connection is closed/],
  ["anything else", new Error("no buffers"), /: no buffers; connect again$/],
])("sendFailure of %s", (_name, cause, message) => {
  const failure = sendFailure(cause);
  assert.equal(failure.name, "SendReceiveError");
  assert.match(failure.message, message);
  assert.equal(failure.cause, cause);
});

Deno.test("connectFailure and listenFailure name the permission that is missing", () => {
  const cause = new errors.NotCapable("Requires net access");
  const endpoint = "[::1]:9999";
  assert.equal(
    connectFailure(endpoint, cause).message,
    "Cannot connect to [::1]:9999: this process lacks the permission; " +
      "run deno with --allow-net=[::1]:9999",
  );
  assert.match(listenFailure(endpoint, cause).message, /run deno with --allow-net=\[::1\]:9999$/);
});

Deno.test.each<[string, unknown, RegExp]>([
  ["a taken port", new errors.AddrInUse(), /another process listens there/],
  ["a foreign address", new errors.AddrNotAvailable(), /does not have that address/],
  ["a low port", new errors.PermissionDenied(), /choose a port above 1023$/],
  ["anything else", new Error("odd"), /: odd; check address and port$/],
])("listenFailure of %s", (_name, cause, message) => {
  const failure = listenFailure("host:80", cause);
  assert.equal(failure.name, "ListeningError");
  assert.match(failure.message, message);
  assert.equal(failure.cause, cause);
});
