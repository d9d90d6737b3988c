/** What holds for a client whichever way it has come. */

import { deepEqual, equal, match, ok, rejects } from "node:assert/strict";
import { encodeMessage } from "../../../src/wire/message.ts";
import { Client, serve, type ServeOptions, type TestServer } from "../../support/serve.ts";
import { VirtualClock } from "../../support/virtual_clock.ts";
import type { DoorKind, OpenDoor } from "./doors.ts";

/** A server with one more door, and its clients. */
class Served implements AsyncDisposable {
  readonly #open: OpenDoor;
  readonly #clients: Client[] = [];
  readonly server: TestServer;

  constructor(open: OpenDoor, options: ServeOptions) {
    this.#open = open;
    const config = {
      clients: [{ name: "rack7", role: "admin" as const, shelves: [], token: null }],
    };
    this.server = serve({ ...options, config, doors: [open.door] });
  }

  async connect(): Promise<Client> {
    const client = new Client(await this.#open.connect());
    this.#clients.push(client);
    return client;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const client of this.#clients) client.close();
    await this.server[Symbol.asyncDispose]();
    await this.#open[Symbol.asyncDispose]();
  }
}

async function served(kind: DoorKind, options: ServeOptions = {}): Promise<Served> {
  return new Served(await kind.open(), options);
}

const LONG_NAMES = Array.from({ length: 100 }, (_, at) => `${"n".repeat(120)}${at}`);

/** What must hold, by name. */
const RULES: Readonly<Record<string, (kind: DoorKind) => Promise<void>>> = {
  "a client asks and is answered": async (kind) => {
    await using here = await served(kind, { tempsC: { nas: 42 } });
    const client = await here.connect();
    deepEqual(await client.ask("ping"), ["ack", []]);
    deepEqual(await client.ask("list"), ["list", [["nas"], null]]);
  },

  "what is known of a client is known when it arrives": async (kind) => {
    await using open = await kind.open();
    const [{ line, origin }, socket] = await Promise.all([open.door.accept(), open.connect()]);
    const { peer, ...rest } = origin;
    deepEqual(rest, kind.origin);
    match(peer, kind.peer);
    line.close();
    socket.close();
    open.door.close();
  },

  "a client that has said everything still gets its answers": async (kind) => {
    await using here = await served(kind);
    const client = await here.connect();
    await client.send("ping", [], 1);
    await client.send("ping", [], 2);
    await client.socket.closeWrite();
    deepEqual([(await client.receive())?.id, (await client.receive())?.id], [1, 2]);
    equal(await client.receive(), null);
  },

  "a thousand requests in one piece are answered in order": async (kind) => {
    await using here = await served(kind);
    const client = await here.connect();
    const ids = Array.from({ length: 1000 }, (_, id) => id);
    const frames = ids.map((id) => encodeMessage("ping", [], id));
    const written = client.write(
      new Uint8Array(await new Blob(frames as BlobPart[]).arrayBuffer()),
    );
    const answered: (number | undefined)[] = [];
    while (answered.length < ids.length) answered.push((await client.receive())?.id);
    await written;
    deepEqual(answered, ids);
  },

  "the largest frame arrives whole, and a larger one is refused": async (kind) => {
    await using here = await served(kind);
    const client = await here.connect();
    const [name, args] = await client.ask("no_such_request", "x".repeat(65_000));
    deepEqual([name, args[0]], ["error", "unknown_request"]);
    await client.writeHex("00010001");
    const [last, [reason]] = await client.next();
    deepEqual([last, reason], [
      "disconnect",
      "Cannot read a frame: its length is 65537; send 1 to 65536 bytes",
    ]);
    equal(await client.receive(), null);
  },

  "bytes come through as they are, both ways at once": async (kind) => {
    await using open = await kind.open();
    const [{ line }, socket] = await Promise.all([open.door.accept(), open.connect()]);
    const sent = crypto.getRandomValues(new Uint8Array(65_536)).toHex().repeat(8);
    const bytes = new TextEncoder().encode(sent);
    const echo = (async () => {
      const buffer = new Uint8Array(1000);
      for (let count = await line.read(buffer); count !== null; count = await line.read(buffer)) {
        for (let at = 0; at < count;) at += await line.write(buffer.subarray(at, count));
      }
      await line.closeWrite();
    })();
    const write = (async () => {
      for (let at = 0; at < bytes.length;) at += await socket.write(bytes.subarray(at));
      await socket.closeWrite();
    })();
    const received: Uint8Array<ArrayBuffer>[] = [];
    const buffer = new Uint8Array(65_536);
    for (let count = await socket.read(buffer); count !== null; count = await socket.read(buffer)) {
      received.push(buffer.slice(0, count));
    }
    await Promise.all([echo, write]);
    ok(await new Blob(received).text() === sent);
    line.close();
    socket.close();
    open.door.close();
  },

  "a client that does not read holds up itself, and loses nothing": async (kind) => {
    await using here = await served(kind, { limits: { outputBytes: 4096 } });
    const slow = await here.connect();
    const asked = 20_000;
    const frames = Array.from({ length: asked }, (_, id) => encodeMessage("list", [], id));
    // It writes far more than it could while nobody takes anything, and reads nothing.
    const written = slow.write(new Uint8Array(await new Blob(frames as BlobPart[]).arrayBuffer()));
    const other = await here.connect();
    for (let i = 0; i < 20; i++) deepEqual(await other.ask("ping"), ["ack", []]);
    for (let id = 0; id < asked; id++) equal((await slow.receive())?.id, id);
    await written;
  },

  "a client that never reads is cut off": async (kind) => {
    const clock = new VirtualClock();
    await using here = await served(kind, { clock, shelves: LONG_NAMES });
    const client = await here.connect();
    const other = await here.connect();
    const frame = encodeMessage("list", []);
    const flood = (async () => {
      for (;;) await client.write(frame);
    })();
    flood.catch(() => {});
    const { counters } = here.server.server;
    while (counters.writeLate === 0) {
      await clock.advance(500);
      await other.ask("ping");
    }
    await rejects(flood);
  },

  "every client reads why the server ends": async (kind) => {
    await using here = await served(kind);
    const client = await here.connect();
    await client.ask("ping");
    const stopped = here.server.server.stop("the power fails");
    deepEqual(await client.next(), ["disconnect", ["the power fails"]]);
    equal(await client.receive(), null);
    client.close();
    await stopped;
  },

  "a client too many reads why it is refused; the others stay": async (kind) => {
    await using here = await served(kind, { limits: { clients: 1 } });
    const first = await here.connect();
    await first.ask("ping");
    const second = await here.connect();
    const [name, [reason]] = await second.next();
    equal(name, "disconnect");
    match(String(reason), /1 clients are connected/);
    deepEqual(await first.ask("ping"), ["ack", []]);
  },

  "a client that goes without a word is forgotten": async (kind) => {
    await using here = await served(kind);
    const client = await here.connect();
    await client.ask("ping");
    equal(here.server.server.clients, 1);
    client.close();
    const other = await here.connect();
    while (here.server.server.clients > 1) await other.ask("ping");
  },

  "a closed door lets nobody in": async (kind) => {
    await using open = await kind.open();
    const waiting = open.door.accept();
    open.door.close();
    await rejects(waiting);
    await rejects(open.door.accept());
    await rejects(open.connect());
  },
};

/** Tests doors against every rule. */
export function testDoors(kinds: readonly DoorKind[]): void {
  for (const kind of kinds) {
    for (const [name, rule] of Object.entries(RULES)) {
      Deno.test(`${kind.name}: ${name}`, () => rule(kind));
    }
  }
}
