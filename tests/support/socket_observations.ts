/**
 * What can be observed of sockets: each row is done by ours, and by CPython's where it does the
 * same, so that the expectation is not our own opinion.
 *
 * @module
 */

import assert from "node:assert/strict";
import { type Socket, type SocketAddress, SocketError, SocketTimeout } from "../../mod.ts";
import { runProcess } from "./process.ts";

/** The sockets of a row: one fresh, a listener, and both ends of a connection to it. */
export interface Kit {
  s: Socket;
  l: Socket;
  c: Socket;
  a: Socket;
  /** An address where nobody listens. */
  nobody: SocketAddress;
}

/** One observation. */
export interface Observation {
  name: string;
  /** What comes of it: an error's code, "timeout", a value, or a list of them. */
  expected: unknown;
  here(kit: Kit): unknown;
  /** The same for CPython, an expression; without it CPython does something else. */
  cpython?: string;
}

/** Does a row with our sockets. */
export async function observe(row: Observation, kit: Kit): Promise<void> {
  assert.deepEqual(await outcome(() => row.here(kit)), row.expected, row.name);
}

/** What came of it, in a form that can be compared. */
export async function outcome(act: () => unknown): Promise<unknown> {
  try {
    return plain(await act());
  } catch (error) {
    if (error instanceof SocketTimeout) return "timeout";
    if (error instanceof SocketError) return error.code;
    throw error;
  }
}

/** What came of several steps, done one after the other. */
export async function outcomes(...acts: (() => unknown)[]): Promise<unknown[]> {
  const found: unknown[] = [];
  for (const act of acts) found.push(await outcome(act));
  return found;
}

function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return new TextDecoder().decode(value);
  return Array.isArray(value) ? value.map(plain) : value ?? null;
}

const SCRIPT = `
import errno, json, socket, sys
from socket import AF_INET, AF_INET6, SHUT_RD, SHUT_WR, SHUT_RDWR, SOCK_STREAM, SOCK_DGRAM, SOL_SOCKET, SO_LINGER, MSG_PEEK, MSG_DONTWAIT
def plain(v):
    return v.decode() if isinstance(v, bytes) else [plain(x) for x in v] if isinstance(v, (list, tuple)) else v
def outcome(f):
    try: return plain(f())
    except TimeoutError as e: return "timeout"
    except OSError as e: return {95: "EOPNOTSUPP"}.get(e.errno) or errno.errorcode[e.errno]
def outcomes(*fs): return [outcome(f) for f in fs]
family, host, kind, rows = json.load(sys.stdin)
results = []
for row in rows:
    s, l, c, a = [socket.socket(family, kind) for _ in range(4)]
    l.bind((host, 0))
    if kind == SOCK_STREAM:
        l.listen(); c.connect(l.getsockname()); a, _ = l.accept()
    else:
        a.bind((host, 0)); c.bind((host, 0)); c.connect(a.getsockname()); a.connect(c.getsockname())
    nobody = (host, 1)
    results.append(outcome(lambda: eval(row, globals())))
    for each in (s, l, c, a): each.close()
print(json.dumps(results))
`;

/** What CPython makes of the rows that it shares. */
export async function observeCpython(
  family: number,
  host: string,
  kind: number,
  rows: readonly Observation[],
): Promise<void> {
  const shared = rows.filter((row) => row.cpython !== undefined);
  const expressions = shared.map((row) => row.cpython);
  const stdin = JSON.stringify([family, host, kind, expressions]);
  const { stdout, stderr } = await runProcess("python3", ["-c", SCRIPT], { stdin });
  assert.equal(stderr, "");
  const found: unknown[] = JSON.parse(stdout);
  const byName = (values: readonly unknown[]): Record<string, unknown> =>
    Object.fromEntries(shared.map((row, index) => [row.name, values[index]]));
  assert.deepEqual(byName(found), byName(shared.map((row) => row.expected)));
}
