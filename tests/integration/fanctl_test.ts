import assert from "node:assert/strict";
import { shelvesToOffer } from "../../src/cli/completion.ts";
import { runFanctl } from "../../src/cli/main.ts";
import { always, fanctl } from "../support/run_fanctl.ts";
import { LOST_SHELF, QUIET_SHELF } from "../support/shelf_statuses.ts";
import { TestIo } from "../support/test_io.ts";
import { VirtualClock } from "../support/virtual_clock.ts";
import { type Answer, WireServer } from "../support/wire_server.ts";

const ack = always("ack");
const NOW = Date.UTC(2030, 0, 1);

Deno.test("fanctl says what an error reply says and exits with 1", async () => {
  const answer = always(
    "error",
    "shelf_not_found",
    'Cannot find the shelf "x": there is none; see "list"',
  );
  const plain = await fanctl("get-pwm x", answer);
  assert.equal(plain.status, 1);
  assert.equal(plain.out, "");
  assert.equal(plain.err, 'fanctl: Cannot find the shelf "x": there is none; see "list"\n');
  const json = await fanctl("get-pwm x --json", answer);
  assert.equal(json.status, 1);
  assert.deepEqual(JSON.parse(json.err), {
    error: {
      code: "shelf_not_found",
      message: 'Cannot find the shelf "x": there is none; see "list"',
    },
  });
});

Deno.test("fanctl puts a short error of another server into its own words", async () => {
  const { status, err } = await fanctl("get-pwm x", always("error", "odd", "no \u001b[1mluck"));
  assert.equal(status, 1);
  assert.equal(err, 'fanctl: Cannot do "get_pwm": no \\u001b[1mluck\n');
});

Deno.test("fanctl refuses a reply that does not fit", async () => {
  const wrong: [line: string, answer: Answer][] = [
    ["ping", always("set_pwm", "nas", 1)],
    ["get-pwm nas", always("set_pwm", "rack", 1)],
    ["get-pwm nas", always("set_pwm", "nas", null)],
    ["get-rpm nas", always("set_rpm", "nas", "fast")],
    ["get-rpm nas", always("set_rpm", "nas")],
    ["get-rpm nas", always("error", 1)],
    ["list", always("list", "nas")],
    ["list", always("list", [1])],
    ["list", always("list", [], 1)],
    ["status", always("status", [{ percent: 1 }])],
    ["watch nas", always("status", [{ percent: 1 }])],
    ["watch nas", always("pong")],
  ];
  for (const [line, answer] of wrong) {
    const { status, err } = await fanctl(line, answer);
    assert.equal(status, 1, line);
    assert.match(
      err,
      /^fanctl: Cannot use the answer to "\w+": .* found; check that this is a fand/,
    );
  }
});

Deno.test("fanctl exits with 1 when the connection ends, or carries what is no message", async () => {
  const closed = await fanctl("ping", (_asked, connection) => connection.close());
  assert.equal(closed.status, 1);
  assert.match(closed.err, /^fanctl: Cannot receive: .*\n$/);
  const told = await fanctl("ping", always("disconnect", "too many clients"));
  assert.equal(told.status, 1);
  assert.match(told.err, /^fanctl: Cannot .*too many clients/);
  const garbage = new TextEncoder().encode("HTTP/1.1 400 Bad Request\r\n\r\n");
  const corrupt = await fanctl("ping", (_asked, connection) => connection.write(garbage));
  assert.equal(corrupt.status, 1);
  assert.match(corrupt.err, /^fanctl: Cannot read a frame: .*\n$/);
});

Deno.test("fanctl gives a silent server its time and exits with 1", async () => {
  const { status, out, err } = await fanctl("--timeout 0.02 ping", () => {});
  assert.equal(status, 1);
  assert.equal(out, "");
  assert.match(err, /^fanctl: Cannot receive: 20 ms have passed; .*\n$/);
});

Deno.test("fanctl exits with 1 when nobody listens", async () => {
  const io = new TestIo();
  const port = unusedPort();
  assert.equal(await runFanctl(["-p", String(port), "ping"], io), 1);
  assert.match(io.err, new RegExp(`^fanctl: Cannot connect to 127.0.0.1:${port}: nobody listens`));
});

Deno.test("fanctl names the flag for a server that it may not reach", {
  permissions: { net: false },
}, async () => {
  const io = new TestIo();
  assert.equal(await runFanctl(["-a", "::1", "-p", "7", "ping"], io), 1);
  assert.equal(
    io.err,
    "fanctl: Cannot connect to [::1]:7: this process may not use the network; " +
      "run or install it with --allow-net=[::1]:7\n",
  );
});

Deno.test("fanctl exits with 2 for wrong usage and never asks a server then", async () => {
  for (const line of ["", "pnig", "get-pwm", "set-pwm-override nas none --force", "raw x @nas"]) {
    const io = new TestIo();
    const words = line.split(" ").filter((word) => word !== "");
    assert.equal(await runFanctl(["-p", String(unusedPort()), ...words], io), 2, line);
    assert.equal(io.out, "");
    assert.match(io.err, /^fanctl: Cannot [^\n]*\n$/);
  }
});

Deno.test("fanctl prints help and exits with 0", async () => {
  const io = new TestIo({ terminal: { columns: 60, rows: 24 } });
  assert.equal(await runFanctl(["--help"], io), 0);
  assert.match(io.out, /^ {2}set-pwm-override /m);
  assert.ok(io.out.split("\n").every((line) => line.length <= 60));
});

Deno.test("fanctl tells with -v what it does and with -vv every message", async () => {
  const once = await fanctl("ping -v", ack);
  assert.match(once.err, /^fanctl: Connected to 127\.0\.0\.1 port \d+\n$/);
  const twice = await fanctl("ping -vv", ack);
  assert.match(twice.err, /^fanctl: Connected .*\nfanctl: > ping \[\]\nfanctl: < ack \[\]\n$/);
  assert.equal((await fanctl("ping -vvq", ack)).err, "");
});

Deno.test("fanctl raw exits with 1 for an error reply and still prints it", async () => {
  const { status, out } = await fanctl("raw get_pwm x", always("error", "shelf_not_found", "no"));
  assert.deepEqual({ status, out }, { status: 1, out: 'error ["shelf_not_found","no"]\n' });
});

Deno.test("fanctl raw disconnect is done when the server closes", async () => {
  await using server = new WireServer((_asked, connection) => connection.close());
  const io = new TestIo();
  assert.equal(await runFanctl(["-p", String(server.port), "raw", "disconnect", "bye"], io), 0);
  assert.deepEqual(server.asked, [{ request: "disconnect", args: ["bye"] }]);
  assert.deepEqual([io.out, io.err], ["", ""]);
});

Deno.test("fanctl raw refuses what no message can hold", async () => {
  const { status, err, asked } = await fanctl("raw x 1e999", ack);
  assert.equal(status, 1);
  assert.match(err, /^fanctl: Cannot /);
  assert.deepEqual(asked, []);
});

/** Answers `list` and `status` in pages of `size`. */
function paged(names: readonly string[], size: number): Answer {
  return async ({ request, args }, connection) => {
    const [filter, cursor = null] = request === "list" ? [null, ...args] : args;
    const chosen = filter === null ? names : names.filter((name) => name === filter);
    const first = cursor === null ? 0 : chosen.indexOf(String(cursor)) + 1;
    const page = chosen.slice(first, first + size);
    const next = first + size < chosen.length ? page.at(-1) ?? null : null;
    const entries = request === "list" ? page : page.map((shelf) => ({ ...QUIET_SHELF, shelf }));
    await connection.send(request, entries, next);
  };
}

Deno.test("fanctl list and status read any number of pages", async () => {
  const names = Array.from({ length: 1_000 }, (_, index) => `s${String(index).padStart(5, "0")}`);
  const list = await fanctl("list", paged(names, 30));
  assert.equal(list.out, `${names.join("\n")}\n`);
  assert.equal(list.asked.length, 34);
  const status = await fanctl("status", paged(names, 30));
  assert.deepEqual(status.out.split("\n").slice(1, -1).map((line) => line.slice(0, 6)), names);
  const json = await fanctl("list --json", paged(names, 30));
  assert.deepEqual(JSON.parse(json.out), { shelves: names });
});

Deno.test("fanctl list prints nothing when there are no shelves", async () => {
  const { status, out } = await fanctl("list", always("list", [], null));
  assert.deepEqual({ status, out }, { status: 0, out: "" });
});

Deno.test("fanctl list gives up on pages that do not end", async () => {
  const { status, err } = await fanctl("list", always("list", ["a"], "a"));
  assert.equal(status, 1);
  assert.match(err, /Cannot read all of "list": its pages do not end; check/);
});

Deno.test("fanctl status shows all shelves in a table and one in a block", async () => {
  const clock = new VirtualClock(NOW);
  const all = await fanctl("status", always("status", [QUIET_SHELF, LOST_SHELF], null), { clock });
  assert.deepEqual(all.asked, [{ request: "status", args: [null] }]);
  assert.equal(all.out.split("\n").length, 4);
  assert.match(all.out, /^nas +62\.5 % +1480 +disk 41\.0 °C +30 %, 1h30m left +0\.3s ago +curve /m);
  const one = await fanctl("status nas", always("status", [QUIET_SHELF], null), { clock });
  assert.deepEqual(one.asked, [{ request: "status", args: ["nas"] }]);
  assert.match(one.out, /^nas: 62\.5 %, 1480 rpm\n {2}because {3}curve disks: disk 41 °C/);
});

Deno.test("fanctl status --json passes on all that the server says", async () => {
  const { out } = await fanctl(
    "status --json",
    always("status", [{ ...LOST_SHELF, new_field: 1 }]),
  );
  assert.deepEqual(JSON.parse(out), { shelves: [{ ...LOST_SHELF, new_field: 1 }] });
});

Deno.test("fanctl status never passes on control characters", async () => {
  const evil = { ...LOST_SHELF, shelf: "\u001b]0;x\u0007", causes: [{ text: "\u001b[2J" }] };
  for (const line of ["status", "status x", "status --json", "watch --once"]) {
    const { out } = await fanctl(
      line,
      ({ request }, connection) =>
        request === "subscribe"
          ? connection.send("duty", evil.shelf, 1, 1, 1, 1, 1)
          : connection.send(request, [request === "list" ? evil.shelf : evil], null),
    );
    assert.ok(out.length > 0 && [...out].every((each) => each === "\n" || each >= " "), line);
  }
});

Deno.test("shelvesToOffer() gives a shell the names of the default server's shelves", async () => {
  await using server = new WireServer(paged(["nas", "rack"], 1));
  const here = { host: "127.0.0.1", port: server.port };
  assert.deepEqual(await shelvesToOffer(["get-pwm", "r"], new TestIo(), here), ["nas", "rack"]);
  assert.deepEqual(await shelvesToOffer(["-a", "other", "get-pwm"], new TestIo(), here), []);
  assert.deepEqual(await shelvesToOffer(["get-pwm", "--port=7"], new TestIo(), here), []);
  const nowhere = { host: "127.0.0.1", port: unusedPort() };
  assert.deepEqual(await shelvesToOffer(["get-pwm"], new TestIo(), nowhere), []);
});

Deno.test("fanctl completes a line for a shell without saying anything else", async () => {
  const io = new TestIo();
  assert.equal(await runFanctl(["completion", "bash", "-a", "other", "sta"], io), 0);
  assert.equal(io.out.trim(), "status");
  assert.equal(io.err, "");
});

Deno.test("fanctl exits with 130 when Ctrl-C ends a short command", async () => {
  const io = new TestIo();
  await using server = new WireServer(() => io.interrupt());
  assert.equal(await runFanctl(["-p", String(server.port), "ping"], io), 130);
  assert.deepEqual([io.out, io.err], ["", ""]);
});

Deno.test("fanctl tells a failure of its own from those that it knows", async () => {
  const io = new TestIo();
  io.stdout = () => {
    throw new TypeError("no paper");
  };
  await using server = new WireServer(ack);
  assert.equal(await runFanctl(["-p", String(server.port), "ping"], io), 1);
  assert.equal(
    io.err,
    "fanctl: Cannot go on: TypeError: no paper; report this if it happens again\n",
  );
});

function unusedPort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}
