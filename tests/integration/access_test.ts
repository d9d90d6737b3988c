/** Who may do what over TLS, by a certificate or by a token. */

import { deepEqual, equal, match } from "node:assert/strict";
import { systemClock } from "../../src/clock.ts";
import type { ClientConfig } from "../../src/config/client_config.ts";
import { digestOf } from "../../src/config/token.ts";
import { silentLog } from "../../src/log.ts";
import { TlsDoor } from "../../src/server/doors/tls_door.ts";
import { openTls } from "../../src/sockets/net.ts";
import { Client, serve, testConfig } from "../support/serve.ts";
import { TestPki } from "../support/test_pki.ts";

const CLIENTS: readonly ClientConfig[] = [
  { name: "anna", role: "operate", shelves: [], token: null },
  { name: "rack1", role: "agent", shelves: ["rack1"], token: digestOf("secret") },
];
const SHELVES = ["rack1", "rack2"];
const HELLO = { protocol: [1, 3] };

/** A server with a door for TLS as well, to which some come without a certificate. */
async function open() {
  const pki = await TestPki.make();
  for (const name of ["anna", "otto"]) await pki.issue(name, "client");
  const tls = await pki.config({ clientCertificate: "optional" });
  const parts = { clock: systemClock, log: silentLog };
  const door = new TlsDoor(tls, parts);
  const options = {
    doors: [door],
    shelves: SHELVES,
    config: { localRole: "none" as const, clients: CLIENTS },
    tempsC: { rack1: 40, rack2: 40 },
  };
  const served = serve(options);
  const clients: Client[] = [];
  const keep = (socket: Deno.Conn): Client => {
    const client = new Client(socket);
    clients.push(client);
    return client;
  };
  const target = { hostname: "localhost", port: door.address.port };
  const { signal } = new AbortController();
  return {
    overTls: async (name?: string) => keep(await openTls(target, pki.client(name), signal)),
    locally: () => served.connect(),
    reload: (changes: Partial<ReturnType<typeof testConfig>>) =>
      served.server.reload({ ...testConfig(options), ...changes }),
    async [Symbol.asyncDispose]() {
      for (const client of clients) client.close();
      await served[Symbol.asyncDispose]();
      await pki[Symbol.asyncDispose]();
    },
  };
}

const code = async (client: Client, request: string, ...args: Parameters<Client["ask"]>[1][]) => {
  const [reply, [first]] = await client.ask(request, ...args);
  return reply === "error" ? first : reply;
};

Deno.test("a certificate gives its name's role, and one of no client gives none", async () => {
  await using here = await open();
  const anna = await here.overTls("anna");
  equal(await code(anna, "set_pwm_override", "rack2", 60), "ack");
  equal(await code(anna, "config_take_back"), "denied");
  const [, [entries]] = await anna.ask("overrides");
  match(String((entries as { owner: string }[])[0]?.owner), /^anna at 127\.0\.0\.1:\d+$/);
  const otto = await here.overTls("otto");
  const [, [denied, text]] = await otto.ask("get_pwm", "rack1");
  equal(denied, "denied");
  match(String(text), /"otto" has none; have the server's \[\[client\]\] name it$/);
  equal(await code(otto, "ping"), "ack");
});

Deno.test("over TLS a token gives its role to whoever has no certificate", async () => {
  await using here = await open();
  const client = await here.overTls();
  equal(await code(client, "get_pwm", "rack1"), "denied");
  const [, [hello]] = await client.ask("hello", { ...HELLO, token: "secret" });
  equal((hello as { role: string }).role, "agent");
  equal(await code(client, "set_rpm", "rack1", 900), "ack");
  equal(await code(client, "set_rpm", "rack2", 900), "denied");
  equal(await code(client, "list"), "denied");
});

Deno.test("a certificate whose client is taken away loses its connection at the reload", async () => {
  await using here = await open();
  const anna = await here.overTls("anna");
  const local = await here.locally();
  await Promise.all([anna.ask("ping"), local.ask("ping")]);
  await here.reload({ clients: [] });
  const [request, [reason]] = await anna.next();
  equal(request, "disconnect");
  match(String(reason), /\[\[client\]\] has changed/);
  deepEqual(await local.ask("ping"), ["ack", []]);
});
