/** Who comes in over TLS, and who does not. */

import { deepEqual, equal, match, notEqual, rejects } from "node:assert/strict";
import { silentLog } from "../../../src/log.ts";
import { SocketManager } from "../../../src/communication/socket_manager.ts";
import type { TlsConfig } from "../../../src/config/tls/tls_config.ts";
import type { Arrival } from "../../../src/server/doors/door.ts";
import { TlsDoor } from "../../../src/server/doors/tls_door.ts";
import { openTls } from "../../../src/sockets/net.ts";
import { RawPeer } from "../../support/raw_peer.ts";
import { RecordedLog } from "../../support/recorded_log.ts";
import { runProcess } from "../../support/process.ts";
import { serve } from "../../support/serve.ts";
import { TestPki } from "../../support/test_pki.ts";
import { testNeeding } from "../../support/test_with.ts";
import { VirtualClock } from "../../support/virtual_clock.ts";

/** A door that lets in whoever may come, on a clock that stands still. */
class Guarded implements AsyncDisposable {
  readonly clock = new VirtualClock();
  readonly log = new RecordedLog();
  readonly arrivals: Arrival[] = [];
  readonly door: TlsDoor;
  readonly pki: TestPki;
  readonly #accepting: Promise<void>;
  #onArrival = () => {};

  private constructor(pki: TestPki, config: TlsConfig) {
    this.pki = pki;
    this.door = new TlsDoor(config, this);
    this.#accepting = this.#acceptAll();
  }

  static async open(changes: Parameters<TestPki["config"]>[0] = {}): Promise<Guarded> {
    const pki = await TestPki.make();
    return new Guarded(pki, await pki.config(changes));
  }

  get target(): { hostname: string; port: number } {
    return { hostname: "127.0.0.1", port: this.door.address.port };
  }

  /** A client with the certificate of this name, or with none. */
  async connect(name?: string): Promise<RawPeer> {
    const { signal } = new AbortController();
    return new RawPeer(await openTls(this.target, this.pki.client(name), signal));
  }

  /** A client that speaks no TLS. */
  async plain(): Promise<RawPeer> {
    const { hostname, port } = this.target;
    return new RawPeer(await Deno.connect({ hostname, port }));
  }

  /** Why a client with the certificate of this name is refused. */
  async refusal(name?: string): Promise<unknown> {
    using client = await this.connect(name);
    const message = await client.receive();
    equal(message?.request, "disconnect");
    equal(await client.receive(), null);
    return message?.args[0];
  }

  /** Resolves when so many have been let in. */
  async arrived(count: number): Promise<void> {
    while (this.arrivals.length < count) {
      await new Promise<void>((resolve) => this.#onArrival = resolve);
    }
  }

  async #acceptAll(): Promise<void> {
    try {
      for (;;) {
        const arrival = await this.door.accept();
        this.arrivals.push(arrival);
        this.#onArrival();
      }
    } catch {
      // The door is closed.
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.door.close();
    for (const { line } of this.arrivals) line.close();
    await this.#accepting;
    await this.pki[Symbol.asyncDispose]();
  }
}

Deno.test("a client is let in by the name in its certificate, and others read why they are not", async () => {
  await using guarded = await Guarded.open();
  const { pki, door } = guarded;
  await pki.issue("rack7", "client");
  await pki.issue("other", "server", { hosts: ["other.example"] });
  await pki.issueEnded("old");
  await using stranger = await TestPki.make();
  await stranger.issue("rack8", "client");
  for (const file of ["rack8.pem", "rack8.key"]) {
    await pki.dir.write(file, await Deno.readTextFile(stranger.dir.join(file)));
  }
  using client = await guarded.connect("rack7");
  await guarded.arrived(1);
  equal(guarded.arrivals[0]?.origin.certificate, "rack7");
  const none = "its certificate is none that client_ca has signed for clients; have one made " +
    'there, with "fanctl pki client NAME"';
  const begin = "Cannot let this client in: ";
  equal(await guarded.refusal("rack8"), begin + none);
  equal(await guarded.refusal("other"), begin + none);
  equal(
    await guarded.refusal(),
    `${begin}it has shown no certificate; "fanctl pki client NAME" makes one`,
  );
  match(
    String(await guarded.refusal("old")),
    /its certificate has ended on .* GMT; have another one made$/,
  );
  equal(guarded.arrivals.length, 1);
  deepEqual({ ...door.counters }, { crowded: 0, late: 0, failed: 0, refused: 4, revoked: 0 });
  await client.socket.closeWrite();
});

Deno.test("where certificates are optional, none is fine, and a bad one still is not", async () => {
  await using guarded = await Guarded.open({ clientCertificate: "optional" });
  await guarded.pki.issueEnded("old");
  using _client = await guarded.connect();
  await guarded.arrived(1);
  equal(guarded.arrivals[0]?.origin.certificate, null);
  match(String(await guarded.refusal("old")), /has ended/);
});

Deno.test("fifty handshakes at a time are not mistaken for each other", async () => {
  await using guarded = await Guarded.open();
  const names = Array.from({ length: 10 }, (_, at) => `rack${at}`);
  for (const name of names) await guarded.pki.issue(name, "client");
  const connected = await Promise.all(
    Array.from({ length: 50 }, async (_, at) => {
      const name = names[at % names.length] ?? "";
      return { name, client: await guarded.connect(name) };
    }),
  );
  await guarded.arrived(50);
  for (const { name, client } of connected) {
    const { hostname, port } = client.socket.localAddr as Deno.NetAddr;
    const arrival = guarded.arrivals.find(({ origin }) => origin.peer === `${hostname}:${port}`);
    equal(arrival?.origin.certificate, name);
    client.close();
  }
});

testNeeding(["openssl"], "a session that is resumed proves nothing", async () => {
  await using guarded = await Guarded.open();
  const { pki } = guarded;
  await pki.issueEnded("old");
  const file = (name: string) => pki.dir.join(name);
  const connect = async (...args: string[]) => {
    const { hostname, port } = guarded.target;
    const { stdout } = await runProcess("openssl", [
      ...["s_client", "-ign_eof", "-connect", `${hostname}:${port}`, "-CAfile", file("ca.pem")],
      ...args,
    ]);
    return stdout;
  };
  const first = await connect(
    ...["-cert", file("old.pem"), "-key", file("old.key"), "-sess_out", file("session")],
  );
  match(first, /its certificate has ended/);
  const second = await connect("-sess_in", file("session"));
  match(second, /Reused, TLSv1\.3/);
  match(second, /it has resumed a session, which proves nothing/);
  equal(guarded.arrivals.length, 0);
});

testNeeding(["openssl"], "TLS before 1.3 is refused", async () => {
  await using guarded = await Guarded.open({ mutual: false });
  const { hostname, port } = guarded.target;
  const { stdout, stderr } = await runProcess("openssl", [
    ...["s_client", "-tls1_2", "-connect", `${hostname}:${port}`],
  ]);
  match(stdout + stderr, /Cipher is \(NONE\)/);
  await guarded.log.line(/no TLS handshake/);
  equal(guarded.door.counters.failed, 1);
});

Deno.test("a handshake that is never finished is cut off in time", async () => {
  await using guarded = await Guarded.open({ handshakeMs: 2000 });
  const { clock, door, log } = guarded;
  using silent = await guarded.plain();
  using half = await guarded.plain();
  // The beginning of a ClientHello of 512 bytes.
  await half.writeHex("1603010200010001fc0303");
  using good = await openPing(guarded);
  await clock.advance(1999);
  equal(door.counters.late, 0);
  await clock.advance(1);
  equal(door.counters.late, 2);
  await log.line(/cut off: no TLS handshake within 2000 ms/);
  equal(await ended(silent), true);
  equal(await ended(half), true);
  await good.socket.write(new Uint8Array(1));
  equal(clock.waiting, 0);
});

Deno.test("what is no TLS, and a client that goes while it shakes hands, cost only themselves", async () => {
  await using guarded = await Guarded.open({ mutual: false });
  const { door } = guarded;
  using garbage = await guarded.plain();
  await garbage.writeHex("000000078264706963676780");
  const told = await garbage.receive();
  equal(told?.request, "disconnect");
  match(String(told?.args[0]), /TLS is spoken here/);
  equal(await ended(garbage), true);
  using leaver = await guarded.plain();
  await leaver.writeHex("1603010200010001fc0303");
  leaver.close();
  await using stranger = await TestPki.make();
  const { signal } = new AbortController();
  await rejects(openTls(guarded.target, stranger.client(), signal), /UnknownIssuer/);
  using _good = await openPing(guarded);
  while (door.counters.failed < 3) (await openPing(guarded)).close();
  equal(door.counters.late, 0);
});

Deno.test("handshakes beyond the limit are cut off, and leave room for the next", async () => {
  await using guarded = await Guarded.open({ mutual: false, handshakes: 2 });
  using first = await guarded.plain();
  using _second = await guarded.plain();
  using third = await guarded.plain();
  equal(await ended(third), true);
  equal(guarded.door.counters.crowded, 1);
  first.close();
  await guarded.log.line(/no TLS handshake/);
  using _fourth = await openPing(guarded);
});

Deno.test("new certificates are for new clients; who is in stays, unless revoked", async () => {
  await using guarded = await Guarded.open();
  const { pki, door } = guarded;
  await pki.issue("rack7", "client");
  await pki.issue("rack8", "client");
  using kept = await guarded.connect("rack7");
  await guarded.arrived(1);
  using revoked = await guarded.connect("rack8");
  await guarded.arrived(2);
  await pki.issue("localhost", "server", { hosts: ["127.0.0.1"] });
  await pki.authority.revoke("rack8", Date.now());
  const before = await pki.config();
  door.renew(before);
  equal(await ended(revoked), true);
  equal(door.counters.revoked, 1);
  equal(
    await guarded.refusal("rack8"),
    "Cannot let this client in: its certificate is revoked; have another one made",
  );
  const [{ line }] = guarded.arrivals as [Arrival];
  await kept.send("ping");
  notEqual(await line.read(new Uint8Array(100)), null);
  // The new certificate has no name "localhost" any more.
  const { signal } = new AbortController();
  const byName = { hostname: "localhost", port: guarded.target.port };
  await rejects(openTls(byName, pki.client("rack7"), signal), /not valid for name/);
});

Deno.test("a server with TLS meets a client by its certificate's name", async () => {
  await using pki = await TestPki.make();
  await pki.issue("rack7", "client");
  const door = new TlsDoor(await pki.config(), { clock: new VirtualClock(), log: silentLog });
  const clients = [{ name: "rack7", role: "read" as const, shelves: [], token: null }];
  await using _server = serve({ doors: [door], config: { clients } });
  const sockets = new SocketManager();
  const tls = pki.client("rack7");
  const socket = await sockets.connect("127.0.0.1", door.address.port, { tls });
  deepEqual((await sockets.call(socket, "list"))[1], [["nas"], null]);
  const [, [counted]] = await sockets.call(socket, "counters");
  deepEqual({ ...counted as Record<string, number>, tls_failed: -1 }, {
    ...counted as Record<string, number>,
    tls_crowded: 0,
    tls_late: 0,
    tls_failed: -1,
    tls_refused: 0,
    tls_revoked: 0,
  });
  await rejects(sockets.call(socket, "set_pwm_override", ["nas", 50]), /"rack7" has "read"/);
  await sockets.terminate();
});

/** A client that is let in. */
async function openPing(guarded: Guarded): Promise<RawPeer> {
  await guarded.pki.issue("pinger", "client");
  const before = guarded.arrivals.length;
  const client = await guarded.connect("pinger");
  await guarded.arrived(before + 1);
  return client;
}

/** Whether the other end has closed, in whatever way. */
async function ended(peer: RawPeer): Promise<boolean> {
  const buffer = new Uint8Array(1000);
  try {
    while (await peer.socket.read(buffer) !== null);
    return true;
  } catch {
    return true;
  }
}
