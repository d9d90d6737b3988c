import assert from "node:assert/strict";
import { externalIp } from "../../../mod.ts";
import { freePort } from "../../support/free_port.ts";
import { rejects } from "../../support/rejects.ts";
import { importsOf, readTree } from "../../support/tree.ts";

/** A service that answers so. */
function service(answer: () => Response | Promise<Response>) {
  return Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, answer);
}

async function ask(answer: () => Response | Promise<Response>, timeoutMs = 5000): Promise<string> {
  const server = service(answer);
  try {
    return await externalIp({ service: `http://127.0.0.1:${server.addr.port}`, timeoutMs });
  } finally {
    await server.shutdown();
  }
}

Deno.test("externalIp gives the address that the service tells", async () => {
  assert.equal(await ask(() => new Response("192.0.2.1\n")), "192.0.2.1");
  assert.equal(await ask(() => new Response("::1")), "::1");
});

Deno.test("externalIp refuses what is no address, however long", async () => {
  for (const text of ["", "<html>", "192.0.2.1, 192.0.2.2", "x".repeat(1_000_000)]) {
    await rejects(
      ask(() => new Response(text)),
      "ConnectionFailedError",
      /answered ".*which is no/,
    );
  }
  const failing = ask(() => new Response("no", { status: 503 }));
  await rejects(failing, "ConnectionFailedError", /it answers 503/);
});

Deno.test("externalIp says so when there is no network, or no answer in time", async () => {
  const asked = externalIp({ service: `http://127.0.0.1:${freePort()}` });
  await rejects(asked, "ConnectionFailedError", /cannot be asked .*; check the network/);
  // It is connected, and nobody ever reads.
  using silent = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const service = `http://127.0.0.1:${silent.addr.port}`;
  await rejects(
    externalIp({ service, timeoutMs: 20 }),
    "FandTimeoutError",
    /has not answered within 20 ms; check the network/,
  );
});

Deno.test("nothing in fand asks for the external address by itself", async () => {
  const users = (await readTree())
    .filter(({ path }) => path.endsWith(".ts"))
    .filter((file) => importsOf(file).includes("src/rig/external_ip.ts"))
    .map(({ path }) => path);
  assert.deepEqual(users, ["mod.ts"]);
});
