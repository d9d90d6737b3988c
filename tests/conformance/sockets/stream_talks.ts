/**
 * Conversations over streams: the cases of CPython's and MicroPython's own tests of sockets that
 * mean something here and are not rows of stream_rows.ts already.
 *
 * @module
 */

import { MSG_PEEK, SHUT_RD, SHUT_RDWR, SHUT_WR } from "../../../mod.ts";
import { type Observation, outcome, outcomes } from "../../support/socket_observations.ts";

const encoder = new TextEncoder();
const b = (text: string): Uint8Array => encoder.encode(text);

/** Over any family. */
export const STREAM_TALKS: readonly Observation[] = [
  {
    name: "recvfrom in pieces",
    expected: [4, "MS", "G!"],
    here: async ({ a, c }) => [
      await a.send(b("MSG!")),
      (await c.recvfrom(2))[0],
      (await c.recvfrom(1024))[0],
    ],
    cpython: "[a.send(b'MSG!'), c.recvfrom(2)[0], c.recvfrom(1024)[0]]",
  },
  {
    name: "several sends are one stream",
    expected: [10, "0123456789"],
    here: async ({ a, c }) => {
      let sent = 0;
      for (const digit of "0123456789") sent += await a.send(b(digit));
      return [sent, await c.read(10)];
    },
    cpython: "[sum([a.send(str(i).encode()) for i in range(10)]), c.makefile('rb').read(10)]",
  },
  {
    name: "both ways, in turn",
    expected: ["ping0", "pong0", "ping1", "pong1", "ping2", "pong2"],
    here: async ({ a, c }) => {
      const heard: unknown[] = [];
      for (const turn of [0, 1, 2]) {
        await c.sendall(b(`ping${turn}`));
        heard.push(await a.recv(9));
        await a.sendall(b(`pong${turn}`));
        heard.push(await c.recv(9));
      }
      return heard;
    },
    cpython:
      "sum([[c.sendall(b'ping%d' % i), a.recv(9), a.sendall(b'pong%d' % i), c.recv(9)][1::2]" +
      " for i in range(3)], [])",
  },
  {
    name: "what was sent before the end is there after it",
    expected: [4, null, "MSG!", "", ""],
    here: ({ a, c }) =>
      outcomes(
        () => a.send(b("MSG!")),
        () => a.shutdown(SHUT_WR),
        () => c.recv(9),
        () => c.recv(9),
        () => c.recv(0),
      ),
    cpython: "[a.send(b'MSG!'), a.shutdown(SHUT_WR), c.recv(9), c.recv(9), c.recv(0)]",
  },
  {
    name: "shut down both ways",
    expected: [null, "", "EPIPE", "", null],
    here: ({ a, c }) =>
      outcomes(
        () => c.shutdown(SHUT_RDWR),
        () => c.recv(1),
        () => c.send(b("x")),
        () => a.recv(1),
        () => c.close(),
      ),
    cpython: "outcomes(lambda: c.shutdown(SHUT_RDWR), lambda: c.recv(1), lambda: c.send(b'x')," +
      "lambda: a.recv(1), c.close)",
  },
  {
    name: "shut for receiving: what has come can still be read",
    expected: [2, null, "xy", ""],
    here: ({ a, c }) =>
      outcomes(() => a.send(b("xy")), () => c.shutdown(SHUT_RD), () => c.recv(9), () => c.recv(9)),
    cpython: "[a.send(b'xy'), c.shutdown(SHUT_RD), c.recv(9), c.recv(9)]",
  },
  {
    name: "the peer's address stays when it has closed",
    expected: [null, "", true],
    here: async ({ a, c, l }) => [
      ...await outcomes(() => a.close(), () => c.recv(1)),
      String(c.getpeername()) === String(l.getsockname()),
    ],
    cpython: "[a.close(), c.recv(1), c.getpeername() == l.getsockname()]",
  },
  {
    name: "listening: recv, send with any backlog, waiting or not",
    expected: ["ENOTCONN", "ENOTCONN", "ENOTCONN", "ENOTCONN"],
    here: async ({ l }) => {
      const found: unknown[] = [];
      for (const backlog of [0, 1]) {
        await l.listen(backlog);
        l.setblocking(true);
        found.push(await outcome(() => l.recv(10)));
        l.setblocking(false);
        found.push(await outcome(() => l.recv(10)));
      }
      return found;
    },
    cpython: "sum([[l.listen(n), l.setblocking(True), outcome(lambda: l.recv(10))," +
      "l.setblocking(False), outcome(lambda: l.recv(10))][2::2] for n in (0, 1)], [])",
  },
  {
    name: "options of a connection",
    expected: [null, null, null, null],
    here: ({ c, l }) =>
      outcomes(
        () => c.setsockopt(1, 9, 1),
        () => c.setsockopt(1, 9, Uint8Array.of(1, 0, 0, 0)),
        () => l.setsockopt(1, 2, true),
        () => l.setsockopt(1, 2, false),
      ),
    cpython:
      "outcomes(lambda: c.setsockopt(1, 9, 1), lambda: c.setsockopt(1, 9, b'\\1\\0\\0\\0')," +
      "lambda: l.setsockopt(1, 2, True), lambda: l.setsockopt(1, 2, False))",
  },
  {
    name: "a file reads in pieces, lines and all that is left",
    expected: [16, null, "a", "bc\n", "de", "f", "\nghi\n", ""],
    here: ({ a, c }) => {
      const file = c.makefile("rb");
      return outcomes(
        () => a.send(b("abc\ndef\nghi\n" + "    ").subarray(0, 16)),
        () => a.shutdown(SHUT_WR),
        () => file.read(1),
        () => file.readline(),
        () => file.read(2),
        () => file.read(1),
        async () => (await file.readall()).subarray(0, 5),
        () => file.read(),
      );
    },
    cpython: "[f := c.makefile('rb'), a.send(b'abc\\ndef\\nghi\\n    '), a.shutdown(SHUT_WR)," +
      "f.read(1), f.readline(), f.read(2), f.read(1), f.read()[:5], f.read()][1:]",
  },
  {
    name: "a file writes and reads on one connection",
    expected: [5, "HELO\n", 3, "OK\n"],
    here: async ({ a, c }) => {
      const [near, far] = [c.makefile("rwb"), a.makefile("rwb")];
      return [
        await near.write(b("HELO\n")),
        await far.readline(),
        await far.write(b("OK\n")),
        await near.readline(),
      ];
    },
    cpython: "[f := c.makefile('rwb', buffering=0), g := a.makefile('rwb', buffering=0)," +
      "f.write(b'HELO\\n'), g.readline(), g.write(b'OK\\n'), f.readline()][2:]",
  },
];

/** Over TCP only. */
export const TCP_TALKS: readonly Observation[] = [
  {
    name: "sendto of a connected stream looks at no address",
    expected: [2, "xy"],
    here: ({ a, c, nobody }) => outcomes(() => a.sendto(b("xy"), nobody), () => c.recv(9)),
    cpython: "[a.sendto(b'xy', nobody), c.recv(9)]",
  },
  {
    name: "fresh: getsockname",
    expected: true,
    here: ({ s }) =>
      s.getsockname()[1] === 0 && ["0.0.0.0", "::"].includes(String(s.getsockname()[0])),
    cpython: "s.getsockname()[1] == 0 and s.getsockname()[0] in ('0.0.0.0', '::')",
  },
  {
    name: "not blocking: a connect that is refused is told by the next one",
    expected: [null, "EINPROGRESS", "ECONNREFUSED"],
    here: async ({ s, nobody }) => {
      const found = await outcomes(() => s.setblocking(false), () => s.connect(nobody));
      for (;;) {
        const told = await outcome(() => s.connect(nobody));
        if (told !== "EALREADY") return [...found, told];
      }
    },
    cpython: "outcomes(lambda: s.setblocking(False), lambda: s.connect(nobody)," +
      "lambda: s.connect(nobody))",
  },
];

/** Ours alone. */
export const OWN_TALKS: readonly Observation[] = [
  {
    name: "a file of a socket that was closed, and one closed twice",
    expected: [null, "EBADF", "EBADF", null, null],
    here: ({ c }) => {
      const file = c.makefile("rwb");
      return outcomes(
        () => c.close(),
        () => file.read(1),
        () => file.write(b("x")),
        () => file.close(),
        () => file.close(),
      );
    },
  },
  {
    name: "what was looked at is read by whatever comes next",
    expected: [7, "one", "one\n", "tw", "two"],
    here: ({ a, c }) =>
      outcomes(
        () => a.send(b("one\ntwo")),
        () => c.recv(3, MSG_PEEK),
        () => c.readline(),
        () => c.recv(2, MSG_PEEK),
        () => c.read(3),
      ),
  },
  {
    name: "a mebibyte there, and its sum back",
    expected: [1 << 20, true],
    here: async ({ a, c }) => {
      const bytes = new Uint8Array(1 << 20).map((_, index) => index * 7);
      const sum = (found: Uint8Array): number => found.reduce((total, byte) => total + byte, 0);
      const sending = c.sendall(bytes).then((count) => c.shutdown(SHUT_WR).then(() => count));
      const received = await a.readall();
      return [await sending, sum(received) === sum(bytes)];
    },
  },
  {
    name: "closed while it connects",
    expected: ["EBADF", "EBADF"],
    here: async ({ s, l }) => {
      const connecting = outcome(() => s.connect(l.getsockname()));
      await s.close();
      return [await connecting, await outcome(() => s.recv(1))];
    },
  },
];

/** Ours alone, over TCP only. */
export const OWN_TCP_TALKS: readonly Observation[] = [
  {
    name: "closing with bytes unread is an end for the peer, where a kernel would reset",
    expected: [1, null, ""],
    here: ({ a, c }) => outcomes(() => a.send(b("x")), () => c.close(), () => a.recv(1)),
  },
];
