/** What is observed of streams, over any family. */

import { MSG_DONTWAIT, MSG_PEEK, SHUT_RD, SHUT_WR, Socket, SOL_SOCKET } from "../../../mod.ts";
import { type Observation, outcome, outcomes } from "../../support/socket_observations.ts";

const encoder = new TextEncoder();
const b = (text: string): Uint8Array => encoder.encode(text);

/** Rows about errors: the state, the call, its result. */
const ERRORS: Observation[] = [
  { name: "fresh: recv", expected: "ENOTCONN", here: ({ s }) => s.recv(1), cpython: "s.recv(1)" },
  { name: "fresh: recv(0)", expected: "", here: ({ s }) => s.recv(0), cpython: "s.recv(0)" },
  { name: "fresh: accept", expected: "EINVAL", here: ({ s }) => s.accept(), cpython: "s.accept()" },
  {
    name: "fresh: getpeername",
    expected: "ENOTCONN",
    here: ({ s }) => s.getpeername(),
    cpython: "s.getpeername()",
  },
  {
    name: "listening: binding again",
    expected: "EINVAL",
    here: ({ l }) => l.bind(l.getsockname()),
    cpython: "l.bind(l.getsockname())",
  },
  {
    name: "binding what is used",
    expected: "EADDRINUSE",
    here: ({ s, l }) => s.bind(l.getsockname()),
    cpython: "s.bind(l.getsockname())",
  },
  { name: "listening twice", expected: null, here: ({ l }) => l.listen(), cpython: "l.listen()" },
  {
    name: "listening: recv, getpeername, connect",
    expected: ["ENOTCONN", "ENOTCONN", "EISCONN"],
    here: ({ l }) =>
      outcomes(() => l.recv(1), () => l.getpeername(), () => l.connect(l.getsockname())),
    cpython: "outcomes(lambda: l.recv(1), l.getpeername, lambda: l.connect(l.getsockname()))",
  },
  {
    name: "connected: connect, bind, listen, accept",
    expected: ["EISCONN", "EINVAL", "EINVAL", "EINVAL"],
    here: ({ c, l, nobody }) =>
      outcomes(
        () => c.connect(l.getsockname()),
        () => c.bind(nobody),
        () => c.listen(),
        () => c.accept(),
      ),
    cpython: "outcomes(lambda: c.connect(l.getsockname()), lambda: c.bind((host, 0))," +
      "c.listen, c.accept)",
  },
  {
    name: "everything after close",
    expected: [...new Array(9).fill("EBADF"), -1, null],
    here: async ({ c, nobody }) => {
      await c.close();
      return await outcomes(
        () => c.recv(1),
        () => c.send(b("x")),
        () => c.bind(nobody),
        () => c.listen(),
        () => c.accept(),
        () => c.connect(nobody),
        () => c.getsockname(),
        () => c.settimeout(1),
        () => c.setsockopt(1, 2, 1),
        () => c.fileno(),
        () => c.close(),
      );
    },
    cpython: "[c.close(), outcomes(lambda: c.recv(1), lambda: c.send(b'x')," +
      "lambda: c.bind(nobody), c.listen, c.accept, lambda: c.connect(nobody), c.getsockname," +
      "lambda: c.settimeout(1), lambda: c.setsockopt(1, 2, 1), c.fileno, c.close)][1]",
  },
  {
    name: "options: unknown, of an unknown level, too short",
    expected: ["ENOPROTOOPT", "EINVAL"],
    here: ({ c }) =>
      outcomes(
        () => c.setsockopt(SOL_SOCKET, 9999, 1),
        () => c.setsockopt(SOL_SOCKET, 2, Uint8Array.of(1)),
      ),
    cpython: "outcomes(lambda: c.setsockopt(SOL_SOCKET, 9999, 1)," +
      "lambda: c.setsockopt(SOL_SOCKET, 2, b'1'))",
  },
  {
    name: "shutting down in no direction",
    expected: "EINVAL",
    here: ({ c }) => c.shutdown(7),
    cpython: "c.shutdown(7)",
  },
];

/** Rows about bytes. */
const BYTES: Observation[] = [
  { name: "send of nothing", expected: 0, here: ({ c }) => c.send(b("")), cpython: "c.send(b'')" },
  {
    name: "a short recv leaves the rest",
    expected: [5, "he", "llo"],
    here: ({ a, c }) => outcomes(() => a.send(b("hello")), () => c.recv(2), () => c.recv(9)),
    cpython: "[a.send(b'hello'), c.recv(2), c.recv(9)]",
  },
  {
    name: "MSG_PEEK takes nothing",
    expected: [5, "he", "hello"],
    here: ({ a, c }) =>
      outcomes(() => a.send(b("hello")), () => c.recv(2, MSG_PEEK), () => c.recv(9)),
    cpython: "[a.send(b'hello'), c.recv(2, MSG_PEEK), c.recv(9)]",
  },
  {
    name: "the end is nothing, again and again",
    expected: [null, "", ""],
    here: ({ a, c }) => outcomes(() => a.close(), () => c.recv(1), () => c.recv(1)),
    cpython: "[a.close(), c.recv(1), c.recv(1)]",
  },
  {
    name: "lines keep their ends, the last may have none",
    expected: [7, null, "a\r\n", "\n", "bcd", ""],
    here: ({ a, c }) => {
      const line = () => c.readline();
      return outcomes(() => a.send(b("a\r\n\nbcd")), () => a.close(), line, line, line, line);
    },
    cpython: "[f := c.makefile('rb'), a.send(b'a\\r\\n\\nbcd'), a.close(), f.readline()," +
      "f.readline(), f.readline(), f.readline()][1:]",
  },
  {
    name: "read fills what was asked for, or gives the rest at the end",
    expected: [3, 3, "abcd", null, "ef"],
    here: ({ a, c }) =>
      outcomes(
        () => a.send(b("abc")),
        () => a.send(b("def")),
        () => c.read(4),
        () => a.close(),
        () => c.read(4),
      ),
    cpython: "[f := c.makefile('rb'), a.send(b'abc'), a.send(b'def'), f.read(4), a.close()," +
      "f.read(4)][1:]",
  },
  {
    name: "readinto fills the buffer",
    expected: [4, 3, "abc"],
    here: async ({ a, c }) => {
      const buffer = new Uint8Array(3);
      return [await a.send(b("abcd")), await c.readinto(buffer), buffer];
    },
    cpython: "[buf := bytearray(3), a.send(b'abcd'), c.makefile('rb').readinto(buf)," +
      "bytes(buf)][1:]",
  },
  {
    name: "half closing: the other way stays open",
    expected: [null, "", 1, "x", "EPIPE", null],
    here: ({ a, c }) =>
      outcomes(
        () => c.shutdown(SHUT_WR),
        () => a.recv(1),
        () => a.send(b("x")),
        () => c.recv(1),
        () => c.send(b("y")),
        () => c.shutdown(SHUT_WR),
      ),
    cpython: "outcomes(lambda: c.shutdown(SHUT_WR), lambda: a.recv(1), lambda: a.send(b'x')," +
      "lambda: c.recv(1), lambda: c.send(b'y'), lambda: c.shutdown(SHUT_WR))",
  },
  {
    name: "shut for receiving: the end",
    expected: [null, ""],
    here: ({ c }) => outcomes(() => c.shutdown(SHUT_RD), () => c.recv(1)),
    cpython: "[c.shutdown(SHUT_RD), c.recv(1)]",
  },
];

/** Rows about not waiting, or not for long. */
const LIMITS: Observation[] = [
  {
    name: "not blocking: recv, accept",
    expected: [null, null, "EAGAIN", "EAGAIN"],
    here: ({ c, l }) =>
      outcomes(
        () => c.setblocking(false),
        () => l.settimeout(0),
        () => c.recv(1),
        () => l.accept(),
      ),
    cpython: "outcomes(lambda: c.setblocking(False), lambda: l.settimeout(0)," +
      "lambda: c.recv(1), l.accept)",
  },
  {
    name: "MSG_DONTWAIT: nothing, then what has come",
    expected: ["EAGAIN", 1, "x"],
    here: ({ a, c }) => {
      const recv = () => c.recv(1, MSG_DONTWAIT);
      return outcomes(recv, () => a.send(b("x")), recv);
    },
    cpython: "outcomes(lambda: c.recv(1, MSG_DONTWAIT), lambda: a.send(b'x')," +
      "lambda: c.recv(1, MSG_DONTWAIT))",
  },
  {
    name: "a timeout of recv loses nothing",
    expected: [null, "timeout", "timeout", 2, null, "xy"],
    here: ({ a, c }) =>
      outcomes(
        () => c.settimeout(0.01),
        () => c.recv(2),
        () => c.recv(2),
        () => a.send(b("xy")),
        () => c.settimeout(null),
        () => c.recv(2),
      ),
    cpython: "outcomes(lambda: c.settimeout(0.01), lambda: c.recv(2), lambda: c.recv(2)," +
      "lambda: a.send(b'xy'), lambda: c.settimeout(None), lambda: c.recv(2))",
  },
  {
    name: "a timeout of read keeps the part that has come",
    expected: [2, null, "timeout", null, 3, "abcde"],
    here: ({ a, c }) =>
      outcomes(
        () => a.send(b("ab")),
        () => c.settimeout(0.01),
        () => c.read(5),
        () => c.settimeout(null),
        () => a.send(b("cde")),
        () => c.read(5),
      ),
  },
  {
    name: "a timeout of accept loses nobody",
    expected: [null, "timeout", null, null, true],
    here: async ({ s, l }) => [
      ...await outcomes(
        () => l.settimeout(0.01),
        () => l.accept(),
        () => l.settimeout(null),
        () => s.connect(l.getsockname()),
      ),
      await l.accept().then(async ([accepted]) => (await accepted.close(), true)),
    ],
    cpython: "[*outcomes(lambda: l.settimeout(0.01), l.accept, lambda: l.settimeout(None)," +
      "lambda: s.connect(l.getsockname())), l.accept()[0].close() is None]",
  },
  {
    name: "not blocking: sending to a peer that does not read",
    expected: "EAGAIN",
    here: async ({ c }) => {
      c.setblocking(false);
      for (;;) await c.send(new Uint8Array(65536));
    },
    cpython: "[c.setblocking(False), *(c.send(bytes(65536)) for _ in iter(int, 1))]",
  },
];

/** Every row. */
export const STREAM_ROWS: readonly Observation[] = [...ERRORS, ...BYTES, ...LIMITS];

/** Rows that only TCP has. */
export const TCP_ROWS: readonly Observation[] = [
  {
    name: "fresh: send, sendall, shutdown",
    expected: ["EPIPE", "EPIPE", "ENOTCONN"],
    here: ({ s }) =>
      outcomes(() => s.send(b("x")), () => s.sendall(b("x")), () => s.shutdown(SHUT_WR)),
    cpython: "outcomes(lambda: s.send(b'x'), lambda: s.sendall(b'x')," +
      "lambda: s.shutdown(SHUT_WR))",
  },
  {
    name: "connecting to a listener that is gone",
    expected: "ECONNREFUSED",
    here: async ({ s, l }) => {
      const address = l.getsockname();
      await l.close();
      // A process that another test starts at this moment has a copy of the listener for a while.
      for (let turn = 0; turn < 500; turn++) {
        await using hasty = new Socket(s.family);
        if (await outcome(() => hasty.connect(address)) !== null) break;
      }
      await s.connect(address);
    },
    cpython: "[p := l.getsockname(), l.close(), s.connect(p)]",
  },
  {
    name: "connecting to port 0",
    expected: "ECONNREFUSED",
    here: ({ s, l }) => s.connect([String(l.getsockname()[0]), 0]),
    cpython: "s.connect((host, 0))",
  },
  {
    name: "connecting where nobody listens, then where somebody does",
    expected: ["ECONNREFUSED", null],
    here: ({ s, l, nobody }) => outcomes(() => s.connect(nobody), () => s.connect(l.getsockname())),
    cpython: "outcomes(lambda: s.connect(nobody), lambda: s.connect(l.getsockname()))",
  },
  {
    name: "not blocking: connect, then how it ended",
    expected: [null, "EINPROGRESS", true, null, "EISCONN"],
    here: async ({ s, l }) => {
      const connect = () => s.connect(l.getsockname());
      const found = await outcomes(() => s.setblocking(false), connect);
      const isAccepted = await l.accept().then(async (
        [accepted],
      ) => (await accepted.close(), true));
      // The peer may hear of it before this side does.
      let told = await outcome(connect);
      while (told === "EALREADY") told = await outcome(connect);
      return [...found, isAccepted, told, await outcome(connect)];
    },
    cpython: "[*outcomes(lambda: s.setblocking(False), lambda: s.connect(l.getsockname()))," +
      "l.accept()[0].close() is None, *outcomes(lambda: s.connect(l.getsockname())," +
      "lambda: s.connect(l.getsockname()))]",
  },
  {
    name: "sending to a peer that is gone: the first is taken",
    expected: [null, 1, "EPIPE", "EPIPE"],
    here: ({ a, c }) => {
      const send = () => c.send(b("x"));
      return outcomes(() => a.close(), send, send, send);
    },
    cpython: "outcomes(a.close, lambda: c.send(b'x'), lambda: c.send(b'x'), lambda: c.send(b'x'))",
  },
];

/** Rows that differ from CPython on purpose: docs/sockets.md says why. */
export const OWN_ROWS: readonly Observation[] = [
  {
    name: "names are refused",
    expected: ["EINVAL", "EINVAL"],
    here: ({ s }) => outcomes(() => s.connect(["localhost", 80]), () => s.bind(["localhost", 80])),
  },
  {
    name: "addresses of another family are refused",
    expected: "EAFNOSUPPORT",
    here: ({ s }) => s.connect(s.family === 2 ? ["::1", 80] : ["127.0.0.1", 80]),
  },
  {
    name: "closing the file closes the socket",
    expected: [null, -1, "EBADF"],
    here: ({ c }) => outcomes(() => c.makefile().close(), () => c.fileno(), () => c.recv(1)),
  },
  {
    name: "files are read or written, as their mode says",
    expected: ["EBADF", "EBADF", 2, "x\n", "EINVAL"],
    here: ({ a, c }) =>
      outcomes(
        () => c.makefile("rb").write(b("x")),
        () => c.makefile("wb").readline(),
        () => a.makefile("wb").write(b("x\n")),
        () => c.makefile("rb").readline(),
        () => c.makefile("r"),
      ),
  },
  {
    name: "a read that does not block gives what is there, a line is whole",
    expected: [3, "EAGAIN", "abc", "EAGAIN"],
    here: async ({ a, c }) => {
      const sent = await a.send(b("abc"));
      c.setblocking(false);
      return [sent, ...await outcomes(() => c.readline(), () => c.read(9), () => c.read(9))];
    },
  },
];
