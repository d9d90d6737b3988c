import assert from "node:assert/strict";
import {
  AF_INET,
  AF_INET6,
  AF_UNSPEC,
  AI_NUMERICHOST,
  AI_PASSIVE,
  IPPROTO_TCP,
  IPPROTO_UDP,
  SOCK_DGRAM,
  SOCK_STREAM,
} from "../../src/sockets/constants.ts";
import { getaddrinfo } from "../../src/sockets/getaddrinfo.ts";
import { inetNtop, inetPton } from "../../src/sockets/inet.ts";
import { socketFailure, SocketTimeout } from "../../src/sockets/socket_error.ts";

Deno.test("getaddrinfo gives tuples whose parts have names", async () => {
  const [stream, datagram] = await getaddrinfo("127.0.0.1", 80);
  assert.deepEqual([...stream], [AF_INET, SOCK_STREAM, IPPROTO_TCP, "", ["127.0.0.1", 80]]);
  assert.deepEqual(datagram && [...datagram].slice(0, 3), [AF_INET, SOCK_DGRAM, IPPROTO_UDP]);
  const [family, type, proto, canonname, sockaddr] = stream;
  assert.deepEqual({ family, type, proto, canonname, sockaddr }, {
    family: stream.family,
    type: stream.type,
    proto: stream.proto,
    canonname: stream.canonname,
    sockaddr: stream.sockaddr,
  });
  assert.equal(stream.at(-1), sockaddr);
});

Deno.test("getaddrinfo looks names up, /etc/hosts included", async () => {
  const infos = await getaddrinfo("localhost", 80, AF_INET, SOCK_STREAM);
  assert.deepEqual(infos.map((info) => info.at(-1)), [["127.0.0.1", 80]]);
});

Deno.test("getaddrinfo without a host gives this machine", async () => {
  const hosts = async (flags: number): Promise<string[]> =>
    (await getaddrinfo(null, 80, AF_UNSPEC, SOCK_STREAM, 0, flags)).map((info) => info.at(-1)[0]);
  assert.deepEqual(await hosts(0), ["::1", "127.0.0.1"]);
  assert.deepEqual(await hosts(AI_PASSIVE), ["0.0.0.0", "::"]);
});

Deno.test("getaddrinfo filters by family, type and protocol", async () => {
  const kinds = async (...args: [number, number?, number?]): Promise<number[][]> =>
    (await getaddrinfo(null, 80, ...args)).map(([family, type]) => [family, type]);
  assert.deepEqual(await kinds(AF_INET6), [[AF_INET6, SOCK_STREAM], [AF_INET6, SOCK_DGRAM]]);
  assert.deepEqual(await kinds(AF_INET, SOCK_DGRAM), [[AF_INET, SOCK_DGRAM]]);
  assert.deepEqual(await kinds(AF_INET, 0, IPPROTO_UDP), [[AF_INET, SOCK_DGRAM]]);
});

Deno.test.each([["80", 80], ["http", 80], [null, 0], [65535, 65535], [0, 0]])(
  "getaddrinfo reads the port %p",
  async (port, number) => {
    const [info] = await getaddrinfo("::1", port as string);
    assert.deepEqual(info.at(-1), ["::1", number, 0, 0]);
  },
);

Deno.test.each([
  ["EAI_NONAME", -2, ["", 80]],
  ["EAI_NONAME", -2, ["localhost", 80, 0, 0, 0, AI_NUMERICHOST]],
  ["EAI_NONAME", -2, ["127.1", 80, 0, 0, 0, AI_NUMERICHOST]],
  ["EAI_ADDRFAMILY", -9, ["::1", 80, AF_INET]],
  ["EAI_FAMILY", -6, ["127.0.0.1", 80, 99]],
  ["EAI_SOCKTYPE", -7, ["127.0.0.1", 80, 0, 9]],
  ["EAI_SOCKTYPE", -7, ["127.0.0.1", 80, 0, SOCK_STREAM, IPPROTO_UDP]],
  ["EAI_BADFLAGS", -1, ["127.0.0.1", 80, 0, 0, 0, 8]],
  ["EAI_SERVICE", -8, ["127.0.0.1", 65536]],
  ["EAI_SERVICE", -8, ["127.0.0.1", -80]],
  ["EAI_SERVICE", -8, ["127.0.0.1", " 80 "]],
  ["EAI_SERVICE", -8, ["127.0.0.1", "80.0"]],
  ["EAI_SERVICE", -8, ["127.0.0.1", "constructor"]],
])("getaddrinfo refuses with %s (%i): %j", async (code, errno, args) => {
  const call = getaddrinfo(...args as Readonly<Parameters<typeof getaddrinfo>>);
  await assert.rejects(call, { name: "SocketError", code, errno });
});

Deno.test("getaddrinfo of a name that is not permitted says so", async () => {
  await assert.rejects(getaddrinfo("nas.example", 80), { code: "EPERM" });
});

Deno.test("inetNtop and inetPton refuse other families and lengths", () => {
  assert.throws(() => inetNtop(1, new Uint8Array(4)), { code: "EAFNOSUPPORT" });
  assert.throws(() => inetPton(1, "127.0.0.1"), { code: "EAFNOSUPPORT" });
  assert.throws(() => inetNtop(AF_INET, new Uint8Array(16)), { code: "EINVAL" });
  assert.throws(() => inetNtop(AF_INET6, new Uint8Array(4)), { code: "EINVAL" });
});

Deno.test("what the system reports gets its number, and a refused permission stays one", () => {
  const { errors } = Deno;
  const codes = [
    Object.assign(new Error("x"), { code: "ECONNREFUSED" }),
    Object.assign(new Error("x"), { code: "constructor" }),
    new errors.BadResource("x"),
    new errors.Interrupted("x"),
    new errors.PermissionDenied("x"),
    new errors.NotFound("x"),
  ].map((cause) => (socketFailure("go on", cause) as SocketTimeout).code);
  assert.deepEqual(codes, ["ECONNREFUSED", "EIO", "EBADF", "EBADF", "EACCES", "ENOENT"]);
  const refused = new errors.NotCapable("x");
  assert.equal(socketFailure("go on", refused), refused);
  const late = new SocketTimeout("send", 3);
  assert.equal(socketFailure("go on", late), late);
  assert.deepEqual([late.name, late.errno, late.sentBytes], ["SocketTimeout", 110, 3]);
});
