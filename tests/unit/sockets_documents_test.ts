/** Every name that the documents of sockets have is here, and docs/sockets.md tells of it. */

import assert from "node:assert/strict";
import * as fand from "../../mod.ts";
import { REPOSITORY } from "../support/paths.ts";

/** The functions, exceptions and constants of usocket and of MicroPython's sockets. */
const NAMES = {
  getaddrinfo: "getaddrinfo",
  inet_ntop: "inet_ntop",
  inet_pton: "inet_pton",
  socket: "Socket",
  "socket.error": "SocketError",
  "socket.timeout": "SocketTimeout",
};

const CONSTANTS = ("AF_INET AF_LORA SOCK_STREAM SOCK_DGRAM SOCK_RAW IPPROTO_UDP IPPROTO_TCP " +
  "SOL_SOCKET SOL_LORA SOL_SIGFOX SO_REUSEADDR SO_CONFIRMED SO_DR SO_RX SO_TX_REPEAT SO_OOB SO_BIT")
  .split(" ");

const METHODS = ("close bind listen accept connect send sendall recv sendto recvfrom setsockopt " +
  "settimeout setblocking makefile read readall readinto readline write").split(" ");

const page = await Deno.readTextFile(`${REPOSITORY}docs/sockets.md`);
const rows = page.split("\n").filter((line) => line.startsWith("| "));

Deno.test("every name of the documents is exported, and every method is the socket's", () => {
  const names = new Set([...Object.values(NAMES), ...CONSTANTS]);
  assert.deepEqual([...names].filter((name) => !(name in fand)), []);
  const methods = fand.Socket.prototype as unknown as Record<string, unknown>;
  assert.deepEqual(METHODS.filter((name) => typeof methods[name] !== "function"), []);
  assert.equal(fand.inet_ntop, fand.inetNtop);
  assert.equal(fand.inet_pton, fand.inetPton);
});

Deno.test("the constants of one kind differ, and are those of Linux and of Pycom", () => {
  const { AF_INET, AF_INET6, AF_LORA, AF_SIGFOX, AF_UNIX } = fand;
  assert.deepEqual([AF_UNIX, AF_INET, AF_INET6, AF_LORA, AF_SIGFOX], [1, 2, 10, 160, 161]);
  const { SOCK_DGRAM, SOCK_RAW, SOCK_STREAM, SOL_SOCKET, SO_REUSEADDR } = fand;
  assert.deepEqual([SOCK_STREAM, SOCK_DGRAM, SOCK_RAW, SOL_SOCKET, SO_REUSEADDR], [1, 2, 3, 1, 2]);
  const radio = CONSTANTS.filter((name) => /^SO_(C|D|RX|T|O|B)/.test(name));
  assert.equal(new Set(radio.map((name) => fand[name as keyof typeof fand])).size, 6);
});

Deno.test("docs/sockets.md has a row for every name, and its tests are there", async () => {
  const wanted = [...Object.keys(NAMES), ...CONSTANTS, ...METHODS];
  const missing = wanted.filter((name) =>
    !rows.some((row) =>
      row.split(/[^\w.]+/).some((word) => word === name || word.endsWith(`.${name}`))
    )
  );
  assert.deepEqual(missing, []);
  const tests = new Set(rows.flatMap((row) => row.match(/tests\/[\w/]+\.ts/g) ?? []));
  assert.ok(tests.size > 5);
  for (const path of tests) assert.ok((await Deno.stat(REPOSITORY + path)).isFile, path);
});
