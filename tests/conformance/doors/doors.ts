/** Every way into a server, opened the same way, for tests that must hold for all of them. */

import { systemClock } from "../../../src/clock.ts";
import { silentLog } from "../../../src/log.ts";
import type { Door, Origin } from "../../../src/server/doors/door.ts";
import { TcpDoor } from "../../../src/server/doors/tcp_door.ts";
import { TlsDoor } from "../../../src/server/doors/tls_door.ts";
import { UnixDoor } from "../../../src/server/doors/unix_door.ts";
import { openTls } from "../../../src/sockets/net.ts";
import { TestPki } from "../../support/test_pki.ts";

/** A door that is open, and how a client comes to it. */
export interface OpenDoor extends AsyncDisposable {
  readonly door: Door;
  connect(): Promise<Deno.Conn>;
}

/** A kind of door. */
export interface DoorKind {
  readonly name: string;
  open(): Promise<OpenDoor>;
  /** What is known of a client that has come through it. */
  readonly origin: Omit<Origin, "peer">;
  readonly peer: RegExp;
}

const PARTS = { clock: systemClock, log: silentLog };
const LOOPBACK = { host: "127.0.0.1", isLocal: true };
const PORT = /^127\.0\.0\.1:\d+$/;

/** The kinds of doors that need no path. */
export const DOORS: readonly DoorKind[] = [
  {
    name: "TCP",
    open() {
      const door = new TcpDoor("127.0.0.1", 0);
      return Promise.resolve({
        door,
        connect: () => Deno.connect({ hostname: "127.0.0.1", port: door.address.port }),
        [Symbol.asyncDispose]: () => Promise.resolve(),
      });
    },
    origin: { way: "tcp", ...LOOPBACK, certificate: null },
    peer: PORT,
  },
  {
    name: "TLS",
    open: () => openTlsDoor(false),
    origin: { way: "tls", ...LOOPBACK, certificate: null },
    peer: PORT,
  },
  {
    name: "mutual TLS",
    open: () => openTlsDoor(true),
    origin: { way: "tls", ...LOOPBACK, certificate: "rack7" },
    peer: PORT,
  },
];

/** A unix socket at this path. */
export function unixKind(path: string): DoorKind {
  return {
    name: "a unix socket",
    async open() {
      return {
        door: await UnixDoor.open(path),
        connect: () => Deno.connect({ transport: "unix", path }),
        [Symbol.asyncDispose]: () => Promise.resolve(),
      };
    },
    origin: { way: "unix", host: "unix", isLocal: true, certificate: null },
    peer: /fand\.sock client 1$/,
  };
}

async function openTlsDoor(mutual: boolean): Promise<OpenDoor> {
  const pki = await TestPki.make();
  if (mutual) await pki.issue("rack7", "client");
  const door = new TlsDoor(await pki.config({ mutual }), PARTS);
  const options = pki.client(mutual ? "rack7" : undefined);
  return {
    door,
    connect: () =>
      openTls(
        { hostname: "127.0.0.1", port: door.address.port },
        options,
        new AbortController().signal,
      ),
    [Symbol.asyncDispose]: () => pki[Symbol.asyncDispose](),
  };
}
