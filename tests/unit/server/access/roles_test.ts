/** Who may do what: every request, every role, of one's own and of others, on a real server. */

import assert from "node:assert/strict";
import type { ClientConfig, Role } from "../../../../src/config/client_config.ts";
import { DEFAULT_SERVER } from "../../../../src/config/config.ts";
import { digestOf } from "../../../../src/config/token.ts";
import { RULES } from "../../../../src/server/requests/roles.ts";
import type { WireValue } from "../../../../src/wire/value.ts";
import { REPOSITORY } from "../../../support/paths.ts";
import { type Client, serve, testSensor, testShelf } from "../../../support/serve.ts";

const OWN = "rack1-a";
const FOREIGN = "rack2-a";
const ROLES: readonly Role[] = ["read", "agent", "operate", "admin"];

const clients: readonly ClientConfig[] = ROLES.map((role) => ({
  name: `a ${role}`,
  role,
  shelves: role === "agent" ? ["rack1-?", "rack9-*"] : [],
  token: digestOf(role),
}));

/** Each shelf follows a pushed sensor and a thermistor of a board. */
const config = {
  localRole: "none" as const,
  clients,
  sensors: [OWN, FOREIGN].flatMap((shelf) => [
    { ...testSensor(`pushed of ${shelf}`), source: { type: "pushed" as const, maxTtlMs: 10_000 } },
    {
      ...testSensor(`board of ${shelf}`),
      source: { type: "board" as const, board: `board of ${shelf}`, input: 0 },
    },
  ]),
  shelves: [OWN, FOREIGN].map((shelf) =>
    testShelf(shelf, [`pushed of ${shelf}`, `board of ${shelf}`])
  ),
};

/** What a request is sent with, so that it is about one shelf. */
const ARGUMENTS: Readonly<Record<string, (shelf: string) => WireValue[]>> = {
  hello: () => [{ protocol: [1, 3] }],
  get_pwm: (shelf) => [shelf],
  get_rpm: (shelf) => [shelf],
  set_rpm: (shelf) => [shelf, 1000],
  push_reading: (shelf) => [`pushed of ${shelf}`, 40, 1000],
  set_pwm_override: (shelf) => [shelf, null],
  set_pwm_expire: (shelf) => [shelf, null],
  audit: () => [],
  status: (shelf) => [shelf],
  why: (shelf) => [shelf],
  history: (shelf) => [shelf, new Date(0)],
  whatif: (shelf) => [shelf, {}],
  subscribe: (shelf) => [shelf],
  unsubscribe: (shelf) => [shelf],
  set_profile: () => [null],
  acknowledge_alert: () => ["none"],
  config_try: () => ["none", 0],
  config_confirm: () => ["none"],
  board: (shelf) => [`board of ${shelf}`, { shelves: [shelf] }],
  board_done: () => [1, {}],
  board_do: () => ["none", "config_save"],
  "board_do info": () => ["none", "info"],
  "board_do config_get": () => ["none", "config_get"],
  "board_do set": () => ["none", "set"],
  "board_do lapse": () => ["none", "lapse"],
};

/** The table of the document: what is asked for, and a cell for none and for each role. */
function documented(): Map<string, string[]> {
  const text = Deno.readTextFileSync(`${REPOSITORY}docs/protocol.md`);
  const section = text.split("\n## Who may do what\n")[1]?.split("\n## ")[0] ?? "";
  const rows = section.split("\n").filter((line) => line.startsWith("| `"));
  return new Map(rows.flatMap((row) => {
    const [names = "", ...cells] = row.split("|").slice(1, -1).map((cell) => cell.trim());
    return [...names.matchAll(/`([^`]+)`/g)].map(([, name = ""]) => [name, cells]);
  }));
}

/** Sends a request and reads until its reply; pushes may come before. */
async function codeOf(client: Client, request: string, args: WireValue[]): Promise<WireValue> {
  await client.send(request, args, 77);
  for (;;) {
    const message = await client.receive();
    assert.ok(message !== null, `${request} has ended the connection`);
    if (message.id === 77) return message.request === "error" ? message.args[0] ?? null : "done";
  }
}

Deno.test("the table of docs/protocol.md has every request, and no other", () => {
  const listed = new Set([...documented().keys()].map((name) => name.split(" ")[0]));
  assert.deepEqual([...listed].sort(), Object.keys(RULES).sort());
  const actions = [...documented().keys()].filter((name) => name.startsWith("board_do "));
  const known = Object.keys(RULES.board_do.actions).map((action) => `board_do ${action}`);
  assert.deepEqual(actions.sort(), known.sort());
});

for (const [column, role] of [null, ...ROLES].entries()) {
  Deno.test(`what the document says of ${role ?? "nobody"} is what the server does`, async () => {
    await using served = serve({ config });
    for (const [name, cells] of documented()) {
      for (const shelf of [OWN, FOREIGN]) {
        const client = await served.connect();
        if (role !== null) {
          const hello = await client.ask("hello", { protocol: [1, 3], token: role });
          assert.equal((hello[1][0] as { role: string }).role, role);
        }
        const args = ARGUMENTS[name]?.(shelf) ?? [];
        const code = await codeOf(client, name.split(" ")[0] ?? "", args);
        const cell = cells[column];
        const isAllowed = cell === "yes" || (cell === "own" && shelf === OWN);
        assert.equal(code !== "denied", isAllowed, `${name} of ${shelf}: ${cell}, got ${code}`);
        client.close();
      }
    }
  });
}

Deno.test("an agent is denied what is about all shelves, and told which role that needs", async () => {
  await using served = serve({ config });
  const client = await served.connect();
  await client.ask("hello", { protocol: [1, 3], token: "agent" });
  for (const request of ["status", "why", "list"]) {
    const [reply, [code, text]] = await client.ask(request);
    assert.deepEqual([reply, code], ["error", "denied"], request);
    assert.match(String(text), /it needs the role "read", and "a agent" has "agent"/);
  }
  for (const shelf of [FOREIGN, "no such shelf"]) {
    const [, [code, text]] = await client.ask("get_pwm", shelf);
    assert.equal(code, "denied");
    assert.ok(!String(text).includes(shelf));
  }
  assert.equal((await client.ask("get_pwm", "rack9-x"))[1][0], "shelf_not_found");
});

Deno.test("an agent feeds no sensor that others follow, whatever it calls its board", async () => {
  const shared = {
    ...config,
    shelves: [
      testShelf(OWN, [`board of ${OWN}`, `pushed of ${OWN}`]),
      testShelf(FOREIGN, [`board of ${OWN}`, `pushed of ${OWN}`]),
    ],
  };
  await using served = serve({ config: shared });
  const client = await served.connect();
  await client.ask("hello", { protocol: [1, 3], token: "agent" });
  assert.equal((await client.ask("board", `board of ${OWN}`, {}))[1][0], "denied");
  assert.equal((await client.ask("push_reading", `pushed of ${OWN}`, 40, 1000))[1][0], "denied");
  assert.equal((await client.ask("board", "another", { shelves: [FOREIGN] }))[1][0], "denied");
  assert.deepEqual(await client.ask("board", "another", { shelves: [OWN] }), ["ack", []]);
});

Deno.test("local_role is what somebody on this machine has, and operate by default", async () => {
  assert.equal(DEFAULT_SERVER.localRole, "operate");
  for (const localRole of ["read", "operate", "admin"] as const) {
    await using served = serve({ config: { localRole, unix: "/run/x" } });
    const client = await served.connect();
    const [, [hello]] = await client.ask("hello", { protocol: [1, 3] });
    assert.equal((hello as { role: string }).role, localRole);
    const [, [code, text]] = await client.ask("config_take_back");
    assert.equal(code === "denied", localRole !== "admin");
    if (code !== "denied") continue;
    assert.match(
      String(text),
      /needs the role "admin", and this connection has ".*"; use .* unix:\/run\/x, or a token$/,
    );
  }
});
