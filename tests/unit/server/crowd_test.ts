/** Who has to go when the handshakes of the door for TLS are all taken. */

import assert from "node:assert/strict";
import { longestOfMost } from "../../../src/server/doors/crowd.ts";

const at = (...hosts: string[]) =>
  hosts.map((hostname, place) => ({ place, address: { hostname } }));

Deno.test("who holds more than others makes room, the one first that has waited longest", () => {
  assert.equal(longestOfMost(at("good", "bad", "bad", "bad"), "good")?.place, 1);
  assert.equal(longestOfMost(at("bad", "bad", "worse", "worse", "worse"), "new")?.place, 2);
});

Deno.test("nobody makes room for an address that would have as many", () => {
  assert.equal(longestOfMost(at("bad", "bad", "bad"), "bad"), null);
  assert.equal(longestOfMost(at("a", "b", "c"), "d"), null);
  assert.equal(longestOfMost(at("a", "a", "b"), "b"), null);
  assert.equal(longestOfMost([], "a"), null);
});
