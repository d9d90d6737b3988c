/** The relay that the fault tests put into a line, against real connections. */

import assert from "node:assert/strict";
import { Relay } from "../support/relay.ts";
import { until } from "../support/until.ts";

/** Answers every byte with the same byte. */
class Echo implements AsyncDisposable {
  readonly #listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  readonly #ended = this.#run();

  get port(): number {
    return this.#listener.addr.port;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    await this.#ended;
  }

  async #run(): Promise<void> {
    const serving: Promise<void>[] = [];
    for await (const socket of this.#listener) {
      serving.push(socket.readable.pipeTo(socket.writable).catch(() => {}));
    }
    await Promise.all(serving);
  }
}

/** A connection and everything that has come back on it. */
class Line implements Disposable {
  readonly #socket: Deno.TcpConn;
  received: number[] = [];
  isOver = false;

  private constructor(socket: Deno.TcpConn) {
    this.#socket = socket;
    this.#read();
  }

  static async open({ port }: Relay): Promise<Line> {
    return new Line(await Deno.connect({ hostname: "127.0.0.1", port }));
  }

  async say(...bytes: number[]): Promise<void> {
    await this.#socket.write(new Uint8Array(bytes));
  }

  async heard(...bytes: number[]): Promise<void> {
    await until(() => this.received.length >= bytes.length, `${bytes}`);
    assert.deepEqual(this.received, bytes);
  }

  [Symbol.dispose](): void {
    if (!this.isOver) this.#socket.close();
  }

  async #read(): Promise<void> {
    const buffer = new Uint8Array(64);
    try {
      for (let n = await this.#socket.read(buffer); n; n = await this.#socket.read(buffer)) {
        this.received.push(...buffer.subarray(0, n));
      }
      this.isOver = true;
      this.#socket.close();
    } catch {
      this.isOver = true;
    }
  }
}

Deno.test("Relay passes bytes on, in order, however late they are", async () => {
  await using echo = new Echo();
  await using relay = new Relay(echo.port);
  using line = await Line.open(relay);
  await line.say(1, 2);
  await line.heard(1, 2);
  relay.set({ delayMs: 20, jitterMs: 20, loss: 0.5, resendMs: 30 });
  const startMs = performance.now();
  for (let byte = 3; byte <= 10; byte++) await line.say(byte);
  await line.heard(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
  assert.ok(performance.now() - startMs >= 1);
});

Deno.test("Relay holds back what is stalled, in each direction, and loses none of it", async () => {
  await using echo = new Echo();
  await using relay = new Relay(echo.port);
  using stalled = await Line.open(relay);
  for (const direction of ["up", "down"] as const) {
    relay.set({ stalled: true }, [direction]);
    await stalled.say(7);
    await using other = new Relay(echo.port);
    using free = await Line.open(other);
    await free.say(1);
    await free.heard(1);
    assert.deepEqual(stalled.received, []);
    relay.set({}, [direction]);
    await stalled.heard(7);
    stalled.received = [];
  }
});

Deno.test("Relay damages bytes as often as it is told, and always to others", async () => {
  await using echo = new Echo();
  await using relay = new Relay(echo.port);
  relay.set({ corrupt: 1 }, ["down"]);
  using line = await Line.open(relay);
  await line.say(1, 2, 3, 4);
  await until(() => line.received.length === 4, "four bytes");
  for (const [index, byte] of line.received.entries()) assert.notEqual(byte, index + 1);
});

Deno.test("Relay leaves a direction of one connection dead, and the next one well", async () => {
  await using echo = new Echo();
  await using relay = new Relay(echo.port);
  using dead = await Line.open(relay);
  await dead.say(1);
  await dead.heard(1);
  relay.halfOpen("down");
  await dead.say(2);
  using well = await Line.open(relay);
  await well.say(3);
  await well.heard(3);
  assert.deepEqual(dead.received, [1]);
  assert.ok(!dead.isOver);
});

Deno.test("Relay cuts, refuses, comes back on its port, and sends everybody elsewhere", async () => {
  await using echo = new Echo();
  await using other = new Echo();
  await using relay = new Relay(echo.port);
  using first = await Line.open(relay);
  await first.say(1);
  await first.heard(1);
  relay.cut();
  await until(() => first.isOver, "the end of the first");
  const { port } = relay;
  await relay.close();
  await assert.rejects(Line.open(relay), Deno.errors.ConnectionRefused);
  relay.reopen();
  assert.equal(relay.port, port);
  using second = await Line.open(relay);
  await second.say(2);
  await second.heard(2);
  relay.divert(other.port);
  await until(() => second.isOver, "the end of the second");
  using third = await Line.open(relay);
  await third.say(3);
  await third.heard(3);
  assert.equal(relay.connections, 1);
});
