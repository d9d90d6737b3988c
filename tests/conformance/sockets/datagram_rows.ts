/** What is observed of datagrams. `c` and `a` are connected to each other, `s` is fresh. */

import {
  MSG_DONTWAIT,
  MSG_PEEK,
  SO_BROADCAST,
  SO_RCVBUF,
  SO_SNDBUF,
  SOCK_DGRAM,
  Socket,
  SOL_SOCKET,
} from "../../../mod.ts";
import { type Observation, outcomes } from "../../support/socket_observations.ts";

const encoder = new TextEncoder();
const b = (text: string): Uint8Array => encoder.encode(text);

/** Rows that CPython shares. */
export const DATAGRAM_ROWS: readonly Observation[] = [
  {
    name: "fresh: send, listen, getpeername",
    expected: ["EDESTADDRREQ", "EOPNOTSUPP", "ENOTCONN"],
    here: ({ s }) => outcomes(() => s.send(b("x")), () => s.listen(), () => s.getpeername()),
    cpython: "outcomes(lambda: s.send(b'x'), s.listen, s.getpeername)",
  },
  {
    name: "fresh, not blocking: recv",
    expected: [null, "EAGAIN"],
    here: ({ s }) => outcomes(() => s.setblocking(false), () => s.recv(1)),
    cpython: "outcomes(lambda: s.setblocking(False), lambda: s.recv(1))",
  },
  {
    name: "a timeout",
    expected: [null, "timeout", 2, null, "xy"],
    here: ({ a, c }) =>
      outcomes(
        () => c.settimeout(0.01),
        () => c.recv(9),
        () => a.send(b("xy")),
        () => c.settimeout(null),
        () => c.recv(9),
      ),
    cpython: "outcomes(lambda: c.settimeout(0.01), lambda: c.recv(9), lambda: a.send(b'xy')," +
      "lambda: c.settimeout(None), lambda: c.recv(9))",
  },
  {
    name: "a short recv loses the rest of its datagram only",
    expected: [8, 2, "abcd", "xy"],
    here: ({ a, c }) =>
      outcomes(
        () => a.send(b("abcdefgh")),
        () => a.send(b("xy")),
        () => c.recv(4),
        () => c.recv(4),
      ),
    cpython: "[a.send(b'abcdefgh'), a.send(b'xy'), c.recv(4), c.recv(4)]",
  },
  {
    name: "an empty datagram is one",
    expected: [0, 1, "", "x"],
    here: ({ a, c }) =>
      outcomes(() => a.send(b("")), () => a.send(b("x")), () => c.recv(4), () => c.recv(4)),
    cpython: "[a.send(b''), a.send(b'x'), c.recv(4), c.recv(4)]",
  },
  {
    name: "MSG_PEEK takes nothing, MSG_DONTWAIT does not wait",
    expected: [2, "x", "xy", "EAGAIN"],
    here: ({ a, c }) =>
      outcomes(
        () => a.send(b("xy")),
        () => c.recv(1, MSG_PEEK),
        () => c.recv(9),
        () => c.recv(9, MSG_DONTWAIT),
      ),
    cpython: "outcomes(lambda: a.send(b'xy'), lambda: c.recv(1, MSG_PEEK), lambda: c.recv(9)," +
      "lambda: c.recv(9, MSG_DONTWAIT))",
  },
  {
    name: "the largest datagram, and one more",
    expected: [65507, 65507, "EMSGSIZE"],
    here: ({ a, c }) =>
      outcomes(
        () => a.send(new Uint8Array(65507)),
        async () => (await c.recv(70000)).length,
        () => a.send(new Uint8Array(65528)),
      ),
    cpython: "outcomes(lambda: a.send(bytes(65507)), lambda: len(c.recv(70000))," +
      "lambda: a.send(bytes(65528)))",
  },
  {
    name: "connected: what others send is dropped, sending to others works",
    expected: [1, 1, "y", 1, true],
    here: async ({ s, a, c }) => [
      await s.sendto(b("x"), c.getsockname()),
      await a.send(b("y")),
      await c.recv(9),
      await c.sendto(b("z"), s.getsockname()),
      (await s.recvfrom(9))[1][1] === c.getsockname()[1],
    ],
    cpython: "[s.sendto(b'x', c.getsockname()), a.send(b'y'), c.recv(9)," +
      "c.sendto(b'z', (host, s.getsockname()[1]))," +
      "s.recvfrom(9)[1][1] == c.getsockname()[1]]",
  },
  {
    name: "used port, bound twice",
    expected: ["EADDRINUSE", "EINVAL"],
    here: ({ s, c }) => outcomes(() => s.bind(c.getsockname()), () => c.bind(s.getsockname())),
    cpython: "outcomes(lambda: s.bind(c.getsockname()), lambda: c.bind((host, 0)))",
  },
  {
    name: "datagrams of several senders wait in order, each with its sender",
    expected: [1, 2, 1, 2, [["a", true], ["ab", false], ["b", true], ["cd", false]]],
    here: async ({ s, l, a }) => {
      const [host] = a.getsockname();
      for (const socket of [s, l]) await socket.bind([String(host), 0]);
      const sent: unknown[] = [];
      await using far = new Socket(s.family, SOCK_DGRAM);
      await far.bind([String(host), 0]);
      for (const [from, text] of [[s, "a"], [l, "ab"], [s, "b"], [l, "cd"]] as const) {
        sent.push(await from.sendto(b(text), far.getsockname()));
      }
      const heard: unknown[] = [];
      for (let turn = 0; turn < 4; turn++) {
        const [bytes, from] = await far.recvfrom(9);
        heard.push([bytes, from[1] === s.getsockname()[1]]);
      }
      return [...sent, heard];
    },
    cpython: "[s.bind((host, 0)), f := socket.socket(family, kind), f.bind((host, 0))," +
      "to := (host, f.getsockname()[1]), s.sendto(b'a', to), l.sendto(b'ab', to)," +
      "s.sendto(b'b', to), l.sendto(b'cd', to)," +
      "[[t[0], t[1][1] == s.getsockname()[1]] for t in [f.recvfrom(9) for _ in range(4)]]," +
      "f.close()][4:9]",
  },
  {
    name: "connecting again: another peer",
    expected: [null, 1, 1, "s", null],
    here: async ({ s, a, c }) => {
      await s.bind([String(a.getsockname()[0]), 0]);
      return await outcomes(
        () => c.connect(s.getsockname()),
        () => a.send(b("a")),
        () => s.sendto(b("s"), c.getsockname()),
        () => c.recv(9),
        () => c.getpeername()[1] === s.getsockname()[1] ? null : "another",
      );
    },
    cpython: "[s.bind((host, 0)), *outcomes(lambda: c.connect(s.getsockname())," +
      "lambda: a.send(b'a'), lambda: s.sendto(b's', c.getsockname()), lambda: c.recv(9)," +
      "lambda: None if c.getpeername()[1] == s.getsockname()[1] else 'another')][1:]",
  },
  {
    name: "a timeout without anything, then not blocking, then what comes",
    expected: [null, "timeout", null, "EAGAIN", null, 1, "x"],
    here: ({ a, c }) =>
      outcomes(
        () => c.settimeout(0.01),
        () => c.recvfrom(9),
        () => c.settimeout(0),
        () => c.recvfrom(9),
        () => c.setblocking(true),
        () => a.send(b("x")),
        () => c.recv(9),
      ),
    cpython:
      "outcomes(lambda: c.settimeout(0.01), lambda: c.recvfrom(9), lambda: c.settimeout(0)," +
      "lambda: c.recvfrom(9), lambda: c.setblocking(True), lambda: a.send(b'x'), lambda: c.recv(9))",
  },
  {
    name: "sending to port 0",
    expected: "EINVAL",
    here: ({ s, c }) => s.sendto(b("x"), [String(c.getsockname()[0]), 0]),
    cpython: "s.sendto(b'x', (host, 0))",
  },
  {
    name: "options",
    expected: [null, null, null, "ENOPROTOOPT"],
    here: ({ c }) =>
      outcomes(
        () => c.setsockopt(SOL_SOCKET, SO_BROADCAST, 1),
        () => c.setsockopt(SOL_SOCKET, SO_RCVBUF, 100_000),
        () => c.setsockopt(SOL_SOCKET, SO_SNDBUF, 100_000),
        () => c.setsockopt(SOL_SOCKET, 9999, 1),
      ),
    cpython: "outcomes(*[lambda o=o: c.setsockopt(SOL_SOCKET, *o) for o in" +
      "((6, 1), (8, 100000), (7, 100000), (9999, 1))])",
  },
  {
    name: "everything after close",
    expected: [null, ...new Array(7).fill("EBADF"), -1, null],
    here: ({ c, nobody }) =>
      outcomes(
        () => c.close(),
        () => c.recv(1),
        () => c.send(b("x")),
        () => c.sendto(b("x"), nobody),
        () => c.bind(nobody),
        () => c.connect(nobody),
        () => c.getsockname(),
        () => c.listen(),
        () => c.fileno(),
        () => c.close(),
      ),
    cpython: "outcomes(c.close, lambda: c.recv(1), lambda: c.send(b'x')," +
      "lambda: c.sendto(b'x', nobody), lambda: c.bind(nobody), lambda: c.connect(nobody)," +
      "c.getsockname, c.listen, c.fileno, c.close)",
  },
];
