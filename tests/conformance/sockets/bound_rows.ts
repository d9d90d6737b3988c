/** What is observed of where a connection over TCP comes from, and of how it ends. */

import { SHUT_WR, SO_LINGER, SOL_SOCKET } from "../../../mod.ts";
import { type Observation, outcomes } from "../../support/socket_observations.ts";

const encoder = new TextEncoder();
const b = (text: string): Uint8Array => encoder.encode(text);

/** Rows that CPython shares. */
export const BOUND_ROWS: readonly Observation[] = [
  {
    name: "binding before connecting",
    expected: [true, 3, "abc", 2, "de", null, "", "EINVAL"],
    here: async ({ s, l }) => {
      await s.bind([String(l.getsockname()[0]), 0]);
      const port = s.getsockname()[1];
      await s.connect(l.getsockname());
      const [accepted, peer] = await l.accept();
      await using a = accepted;
      return [
        peer[1] === port && s.getsockname()[1] === port,
        ...await outcomes(
          () => s.send(b("abc")),
          () => a.recv(9),
          () => a.send(b("de")),
          () => s.recv(9),
          () => a.shutdown(SHUT_WR),
          () => s.recv(9),
          () => s.bind(["", 0]),
        ),
      ];
    },
    cpython: "[s.bind((host, 0)), p := s.getsockname()[1], s.connect(l.getsockname())," +
      "t := l.accept(), t[1][1] == p and s.getsockname()[1] == p," +
      "*outcomes(lambda: s.send(b'abc'), lambda: t[0].recv(9), lambda: t[0].send(b'de')," +
      "lambda: s.recv(9), lambda: t[0].shutdown(SHUT_WR), lambda: s.recv(9)," +
      "lambda: s.bind(('', 0)))][4:]",
  },
  {
    name: "bound: connecting where nobody listens, then where somebody does",
    expected: ["ECONNREFUSED", true, null],
    here: async ({ s, l, nobody }) => {
      await s.bind([String(l.getsockname()[0]), 0]);
      const port = s.getsockname()[1];
      return await outcomes(
        () => s.connect(nobody),
        () => s.getsockname()[1] === port,
        () => s.connect(l.getsockname()),
      );
    },
    cpython: "[s.bind((host, 0)), p := s.getsockname()[1], *outcomes(lambda: s.connect(nobody)," +
      "lambda: s.getsockname()[1] == p, lambda: s.connect(l.getsockname()))][2:]",
  },
  {
    name: "SO_LINGER of 0 s: closing resets the connection",
    expected: [null, null, null, "ECONNRESET", "", "EBADF"],
    here: async ({ s, l }) => {
      const found = await outcomes(
        () => s.setsockopt(SOL_SOCKET, SO_LINGER, Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0)),
        () => s.connect(l.getsockname()),
      );
      const [accepted] = await l.accept();
      await using a = accepted;
      const recv = () => a.recv(1);
      return [...found, ...await outcomes(() => s.close(), recv, recv, () => s.recv(1))];
    },
    cpython: "[*outcomes(lambda: s.setsockopt(SOL_SOCKET, SO_LINGER, b'\\1' + bytes(7))," +
      "lambda: s.connect(l.getsockname())), *[outcomes(s.close, lambda: t.recv(1)," +
      "lambda: t.recv(1), lambda: s.recv(1)) for t in [l.accept()[0]]][0]]",
  },
  {
    name: "SO_LINGER: off, some seconds, no struct",
    expected: [null, null, "EINVAL", "EINVAL"],
    here: ({ c }) => {
      const linger = (...numbers: number[]) => () =>
        c.setsockopt(SOL_SOCKET, SO_LINGER, new Uint8Array(Int32Array.from(numbers).buffer));
      return outcomes(
        linger(0, 9),
        linger(1, 9),
        linger(1),
        () => c.setsockopt(SOL_SOCKET, SO_LINGER, 1),
      );
    },
    cpython: "outcomes(*[lambda v=v: c.setsockopt(SOL_SOCKET, SO_LINGER, v) for v in" +
      "(b'\\0\\0\\0\\0\\x09\\0\\0\\0', b'\\1\\0\\0\\0\\x09\\0\\0\\0', b'\\1\\0\\0\\0', 1)])",
  },
];
