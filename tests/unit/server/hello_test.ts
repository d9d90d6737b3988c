import assert from "node:assert/strict";
import type { WireValue } from "../../../src/wire/value.ts";
import { VERSION } from "../../../src/version.ts";
import { serve } from "../../support/serve.ts";

Deno.test("hello tells protocol, version, epoch, limits and requests", async () => {
  await using served = serve({ limits: { clients: 7, page: 3, frameBytes: 2048 } });
  const client = await served.connect();
  const [request, [hello, ...rest]] = await client.ask("hello", {
    protocol: [1, 0],
    client: "test",
    something: [new Date(0)],
  });
  assert.equal(request, "hello");
  assert.deepEqual(rest, []);
  const { epoch, requests, ...told } = hello as { epoch: number; requests: string[] };
  assert.deepEqual(told, {
    protocol: [1, 3],
    server: `fand/${VERSION}`,
    role: "admin",
    limits: { clients: 7, page: 3, frame_bytes: 2048, depth: 32, items: 4096 },
  });
  assert.ok(Number.isSafeInteger(epoch) && epoch > 0);
  for (const known of requests) {
    assert.notEqual((await client.ask(known))[1][0], "unknown_request", known);
  }
});

Deno.test("hello welcomes another minor and refuses another major, or none", async () => {
  await using served = serve();
  const client = await served.connect();
  assert.equal((await client.ask("hello", { protocol: [1, 99] }))[0], "hello");
  assert.equal((await client.ask("hello", { protocol: [1] }))[0], "hello");
  const refused: WireValue[] = [
    { protocol: [2, 0] },
    { protocol: [0, 9] },
    { protocol: ["1", 0] },
    { protocol: 1 },
    {},
    null,
    "1.0",
    [1, 0],
  ];
  for (const arg of refused) {
    const [request, [code, message]] = await client.ask("hello", arg);
    assert.deepEqual([request, code], ["error", "bad_arguments"], JSON.stringify(arg));
    assert.match(String(message), /^Cannot do "hello": .*[^.]$/);
  }
  assert.equal((await client.ask("hello"))[1][0], "bad_arguments");
  assert.equal((await client.ask("hello", { protocol: [1, 0] }, 1))[1][0], "bad_arguments");
});
