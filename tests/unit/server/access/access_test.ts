import assert from "node:assert/strict";
import type { ClientConfig } from "../../../../src/config/client_config.ts";
import { digestOf, newToken } from "../../../../src/config/token.ts";
import { DeniedError } from "../../../../src/errors.ts";
import { Access, type AccessRules } from "../../../../src/server/access/access.ts";
import { fits } from "../../../../src/server/access/glob.ts";
import type { Origin } from "../../../../src/server/doors/door.ts";

const RACK: ClientConfig = {
  name: "rack",
  role: "agent",
  shelves: ["rack-*"],
  token: digestOf("secret"),
};
const ANNA: ClientConfig = { name: "anna", role: "admin", shelves: [], token: null };

const access = (rules: Partial<AccessRules> = {}): Access =>
  new Access({
    localRole: "operate",
    clients: [RACK, ANNA],
    insecure: false,
    unix: null,
    boardsToken: digestOf("boards"),
    ...rules,
  });

const from = (origin: Partial<Origin>): Origin => ({
  way: "tcp",
  peer: "192.0.2.1:5",
  host: "192.0.2.1",
  isLocal: false,
  certificate: null,
  ...origin,
});

Deno.test("who comes over a unix socket is admin, and over loopback what local_role says", () => {
  assert.equal(access().arrived(from({ way: "unix", isLocal: true })).role, "admin");
  assert.equal(access().arrived(from({ isLocal: true })).role, "operate");
  assert.equal(access({ localRole: "none" }).arrived(from({ isLocal: true })).role, null);
});

Deno.test("who comes from elsewhere has no role, and with --insecure the local one at most", () => {
  assert.equal(access().arrived(from({})).role, null);
  assert.equal(access().arrived(from({ way: "tls" })).role, null);
  for (const localRole of ["admin", "operate"] as const) {
    const strangers = access({ insecure: true, localRole });
    for (const way of ["tcp", "tls"] as const) {
      assert.equal(strangers.arrived(from({ way })).role, "operate");
    }
    assert.equal(strangers.arrived(from({ way: "tls", certificate: "otto" })).role, null);
  }
  assert.equal(access({ insecure: true, localRole: "read" }).arrived(from({})).role, "read");
});

Deno.test("a certificate is the name in it, also on this machine", () => {
  const grant = access().arrived(from({ way: "tls", isLocal: true, certificate: "anna" }));
  assert.deepEqual([grant.name, grant.role, grant.proof], ["anna", "admin", "certificate"]);
  const stranger = access().arrived(from({ way: "tls", isLocal: true, certificate: "otto" }));
  assert.deepEqual([stranger.name, stranger.role], ["otto", null]);
});

Deno.test("a token proves a name wherever nobody can have read it", () => {
  for (const origin of [{ way: "tls" }, { way: "unix" }, { isLocal: true }] as const) {
    const grant = access().prove(from(origin), "secret");
    assert.deepEqual([grant?.name, grant?.role, grant?.shelves], ["rack", "agent", ["rack-*"]]);
    for (const wrong of ["Secret", "", "secret ", digestOf("secret"), "x".repeat(100_000)]) {
      assert.equal(access().prove(from(origin), wrong), null);
    }
  }
  assert.throws(() => access().prove(from({}), "secret"), DeniedError);
  assert.throws(() => access({ insecure: true }).prove(from({}), "wrong"), DeniedError);
});

Deno.test("the server's own boards serve any shelf, and nobody else has their name", () => {
  const named = { ...ANNA, name: "boards of this server" };
  const grant = access({ clients: [named] }).prove(from({ isLocal: true }), "boards");
  assert.deepEqual([grant?.role, grant?.shelves], ["agent", ["*"]]);
  assert.equal(access({ clients: [named] }).prove(from({ isLocal: true }), ""), null);
});

Deno.test("another configuration holds for those who are there", () => {
  const tls = from({ way: "tls" });
  const before = access().prove(tls, "secret");
  assert.ok(before);
  assert.equal(access({ clients: [] }).again(tls, before), null);
  assert.equal(access({ clients: [{ ...RACK, token: digestOf("new") }] }).again(tls, before), null);
  const reader = access({ clients: [{ ...RACK, role: "read", shelves: [] }] });
  assert.equal(reader.again(tls, before)?.role, "read");
  const anna = from({ way: "tls", certificate: "anna" });
  assert.equal(access({ clients: [RACK] }).again(anna, access().arrived(anna)), null);
  const local = from({ isLocal: true });
  assert.equal(access({ localRole: "read" }).again(local, access().arrived(local))?.role, "read");
  assert.equal(access({ localRole: "none" }).again(local, access().arrived(local)), null);
});

Deno.test("a fresh token is made of all the randomness that it is given", () => {
  const token = newToken((bytes) => bytes.set(bytes.map((_, index) => 255 - index)));
  assert.equal(token, "__79_Pv6-fj39vX08_Lx8O_u7ezr6uno5-bl5OPi4eA");
  assert.equal(digestOf("secret").length, 64);
});

Deno.test("patterns fit whole names, and none takes long", () => {
  const fitting = ["rack1", "rack?", "*", "r*k1", "rack1*", "**1", "?????", "*a*k*"];
  for (const pattern of fitting) assert.ok(fits("rack1", pattern), pattern);
  const others = ["", "rack", "rack12", "?", "Rack1", "ack1", "*2", "rack1?", "r.*", "rack[1]"];
  for (const pattern of others) assert.ok(!fits("rack1", pattern), pattern);
  assert.ok(fits("", "*") && fits("", "") && !fits("", "?"));
  assert.ok(!fits("a".repeat(1000), "*a".repeat(500) + "b"));
});
