/** Streams over IPv4, IPv6 and paths: every row of what is observed, ours and CPython's. */

import assert from "node:assert/strict";
import { AF_INET, AF_INET6, SOCK_STREAM, Socket } from "../../../mod.ts";
import { runDeno } from "../../support/process.ts";
import { type Kit, observe, observeCpython } from "../../support/socket_observations.ts";
import { tempDir } from "../../support/temp_dir.ts";
import { testNeeding } from "../../support/test_with.ts";
import { OWN_TALKS, OWN_TCP_TALKS, STREAM_TALKS, TCP_TALKS } from "./stream_talks.ts";
import { BOUND_ROWS } from "./bound_rows.ts";
import { OWN_ROWS, STREAM_ROWS, TCP_ROWS } from "./stream_rows.ts";

const SHARED = [...STREAM_ROWS, ...STREAM_TALKS, ...TCP_ROWS, ...TCP_TALKS, ...BOUND_ROWS];
const OWN = [...OWN_ROWS, ...OWN_TALKS, ...OWN_TCP_TALKS];

for (const [family, host] of [[AF_INET, "127.0.0.1"], [AF_INET6, "::1"]] as const) {
  for (const row of [...SHARED, ...OWN]) {
    Deno.test(`a stream to ${host}, ${row.name}`, async () => {
      await using l = new Socket(family);
      await l.bind([host, 0]);
      await l.listen();
      await using s = new Socket(family);
      await using c = new Socket(family);
      await c.connect(l.getsockname());
      const [accepted] = await l.accept();
      await using a = accepted;
      const kit: Kit = { s, l, c, a, nobody: [host, 1] };
      await observe(row, kit);
    });
  }

  testNeeding(["python3"], `CPython observes the same of a stream to ${host}`, async () => {
    await observeCpython(family, host, SOCK_STREAM, SHARED);
  });
}

Deno.test("a stream over a path behaves like one over TCP", async () => {
  await using dir = await tempDir();
  const path = dir.join("s.sock");
  const script = new URL("./unix_observations.ts", import.meta.url).pathname;
  const grants = [`--allow-net=unix:${path}`, `--allow-read=${path}`, `--allow-write=${path}`];
  const { code, stdout, stderr } = await runDeno(["run", "--no-prompt", ...grants, script, path]);
  assert.equal(code, 0, stderr);
  assert.equal(
    stdout.trim(),
    `${STREAM_ROWS.length + STREAM_TALKS.length + OWN_TALKS.length} observed`,
  );
});

/** What no kernel gives either. */
const REFUSED = [
  [99, 1, 0, "EAFNOSUPPORT"],
  [-5, 1, 0, "EAFNOSUPPORT"],
  [2, 0, 0, "ESOCKTNOSUPPORT"],
  [2, 9, 0, "ESOCKTNOSUPPORT"],
  [1, 9, 0, "ESOCKTNOSUPPORT"],
  [2, 11, 0, "EINVAL"],
  [2, 3, 0, "EPROTONOSUPPORT"],
  [10, 3, 0, "EPROTONOSUPPORT"],
  [2, 1, 17, "EPROTONOSUPPORT"],
  [2, 2, 6, "EPROTONOSUPPORT"],
  [10, 1, 17, "EPROTONOSUPPORT"],
  [1, 1, 6, "EPROTONOSUPPORT"],
  [1, 2, 6, "EPROTONOSUPPORT"],
] as const;

testNeeding(["python3"], "CPython is refused the same sockets", async () => {
  await observeCpython(
    AF_INET,
    "127.0.0.1",
    SOCK_STREAM,
    REFUSED.map(([family, type, proto, expected]) => ({
      name: `${family}, ${type}, ${proto}`,
      expected,
      here: () => {},
      cpython: `socket.socket(${family}, ${type}, ${proto})`,
    })),
  );
});

Deno.test.each([...REFUSED, [2, 3, 1, "EPERM"], [1, 3, 0, "ESOCKTNOSUPPORT"]] as const)(
  "a socket of family %i, type %i and protocol %i is refused: %s",
  (family, type, proto, code) => {
    assert.throws(() => new Socket(Number(family), Number(type), Number(proto)), { code });
  },
);

Deno.test.each([NaN, -1, Infinity, 1e9])("a timeout of %d s is refused", async (seconds) => {
  await using socket = new Socket();
  assert.throws(() => socket.settimeout(seconds as number), RangeError);
});

Deno.test.each([-80, 65536, 80.5, NaN, " 80 "])('the port "%s" is refused', async (port) => {
  await using socket = new Socket();
  await assert.rejects(socket.connect(["127.0.0.1", port as number]), RangeError);
  await assert.rejects(socket.bind(["127.0.0.1", port as number]), RangeError);
});
