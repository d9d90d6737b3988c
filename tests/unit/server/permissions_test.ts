import assert from "node:assert/strict";
import { DEFAULT_TLS } from "../../../src/config/tls/tls_config.ts";
import { FandError } from "../../../src/errors.ts";
import {
  boardNeeds,
  configNeeds,
  mergeFlags,
  type Need,
  netNeed,
  outputNeeds,
  requirePermissions,
  storeNeeds,
  tlsNeeds,
  unixNeeds,
} from "../../../src/server/program/permissions.ts";

const flags = (needs: readonly Need[]) => needs.map(({ flag }) => flag);

Deno.test("a named configuration needs to be read, and nothing else", () => {
  assert.deepEqual(flags(configNeeds("my.toml")), ["--allow-read=my.toml"]);
});

Deno.test("the search for a configuration needs its variable and its places", () => {
  assert.deepEqual(mergeFlags(flags(configNeeds(undefined))), [
    "--allow-env=FAND_CONFIG",
    "--allow-read=fand.toml,fand.ini,/etc/fand.toml,/etc/fand.ini",
  ]);
});

Deno.test("listening needs exactly its address, IPv6 in brackets; a port of 0 any port", () => {
  assert.equal(netNeed("127.0.0.1", 9999).flag, "--allow-net=127.0.0.1:9999");
  assert.equal(netNeed("::1", 9999).flag, "--allow-net=[::1]:9999");
  assert.equal(netNeed("localhost", 0).flag, "--allow-net=localhost");
});

Deno.test("a store needs to be read and written; no store needs nothing", () => {
  assert.deepEqual(storeNeeds(null), []);
  assert.deepEqual(flags(storeNeeds("fand.db")), ["--allow-read=fand.db", "--allow-write=fand.db"]);
});

Deno.test("files of the command line need to be written, when there are any", () => {
  assert.deepEqual(flags(outputNeeds("fand.log", undefined)), ["--allow-write=fand.log"]);
});

Deno.test("a board needs what its kind of line does, each thing once", () => {
  const files = flags(boardNeeds(["sim:"]));
  assert.ok(files.every((flag) => flag.startsWith("--allow-read=")));
  assert.deepEqual(flags(boardNeeds(["sim:", "sim:7"])), files);
  const ports = ["/dev/ttyUSB0", "tty:usb-2341:0043:1"];
  assert.equal(boardNeeds(ports).length, 1);
  assert.match(flags(boardNeeds(ports)).join(), /^--allow-ffi=\/.*libc\.so\.6$/);
  assert.deepEqual(flags(boardNeeds(["tcp://nas:3333", "tcp://[::1]:1"])), [
    "--allow-net=nas:3333",
    "--allow-net=[::1]:1",
  ]);
});

Deno.test("mergeFlags gives every permission one flag with each value once", () => {
  assert.deepEqual(
    mergeFlags(["--allow-read=a", "--allow-net=[::1]:1", "--allow-read=b", "--allow-read=a"]),
    ["--allow-read=a,b", "--allow-net=[::1]:1"],
  );
});

Deno.test("unixNeeds and tlsNeeds ask for one socket, one port and the files that are named", () => {
  assert.deepEqual(unixNeeds(null), []);
  assert.deepEqual(unixNeeds("/run/fand.sock").map(({ flag }) => flag), [
    "--allow-net=unix:/run/fand.sock",
    "--allow-read=/run/fand.sock",
    "--allow-write=/run/fand.sock",
  ]);
  assert.deepEqual(tlsNeeds(null), []);
  const files = { cert: "s.pem", key: "s.key", clientCa: "ca.pem", revoked: null };
  const tls = { ...DEFAULT_TLS, address: "::1", files, identity: null };
  assert.deepEqual(mergeFlags(tlsNeeds(tls).map(({ flag }) => flag)), [
    "--allow-net=[::1]:9998",
    "--allow-read=s.pem,s.key,ca.pem",
  ]);
});

Deno.test("requirePermissions is content with what is granted", () => {
  const needs = [netNeed("127.0.0.1", 9999), ...storeNeeds("fand.db")];
  requirePermissions(needs, { script: "server.ts", args: [] });
});

Deno.test("requirePermissions names what is missing and the whole command that has it", () => {
  const missing: Need = {
    descriptor: { name: "net", host: "192.0.2.1:9999" },
    flag: "--allow-net=192.0.2.1:9999",
  };
  const needs = [...storeNeeds("fand.db"), missing];
  const run = () => requirePermissions(needs, { script: "server.ts", args: ["-v"] });
  assert.throws(run, (error) => {
    assert.ok(error instanceof FandError);
    assert.equal(
      error.message,
      "Cannot start: permission --allow-net=192.0.2.1:9999 is missing; run\n" +
        "  deno run --allow-read=fand.db --allow-write=fand.db --allow-net=192.0.2.1:9999 " +
        "server.ts -v",
    );
    return true;
  });
});
