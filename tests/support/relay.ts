/**
 * A network between two real ends that does what bad networks do: a relay of TCP connections that
 * delays, stalls, partitions, damages and forgets. A stream has no single packets to lose or to
 * swap: a lost one is a pause until it is sent again, and one that comes too early waits.
 *
 * @module
 */

import { systemClock } from "../../src/clock.ts";
import { seededRandom } from "../../src/seeded_random.ts";

/** What befalls the bytes of one direction. */
export interface Way {
  /** Each piece is this late, */
  readonly delayMs?: number;
  /** and by as much more or less. */
  readonly jitterMs?: number;
  /** How many of 1 are lost and sent again, which costs `resendMs`. */
  readonly loss?: number;
  readonly resendMs?: number;
  /** How many bytes of 1 arrive as others. */
  readonly corrupt?: number;
  /** Nothing arrives until this is over, and then everything. */
  readonly stalled?: boolean;
}

/** `up` is from the one who connects to the one who listens. */
export type Direction = "up" | "down";

/** A relay on a port of its own; hold it with `await using`. */
export class Relay implements AsyncDisposable {
  readonly port: number;
  #target: number;
  readonly #random: () => number;
  #listener: Deno.TcpListener | null = null;
  #accepting: Promise<void> = Promise.resolve();
  readonly #pairs = new Set<Pair>();
  readonly #ways: Record<Direction, Way> = { up: {}, down: {} };

  /** @param seed of delays and damage. */
  constructor(target: number, seed = 1) {
    this.#target = target;
    this.#random = seededRandom(seed);
    this.port = this.#listen(0);
  }

  /** How many connections there are. */
  get connections(): number {
    return this.#pairs.size;
  }

  /** Where new connections go from now on. */
  retarget(port: number): void {
    this.#target = port;
  }

  /** Sends everybody elsewhere, those who are connected too. */
  divert(port: number): void {
    this.retarget(port);
    this.cut();
  }

  /** What befalls all bytes from now on, in one direction or in both. */
  set(way: Way, directions: readonly Direction[] = ["up", "down"]): void {
    for (const direction of directions) this.#ways[direction] = way;
    for (const pair of this.#pairs) pair.wake();
  }

  /** Leaves a direction of the connections of now dead for ever; later ones are well. */
  halfOpen(direction: Direction): void {
    for (const pair of this.#pairs) pair.kill(direction);
  }

  /** Ends every connection. */
  cut(): void {
    for (const pair of [...this.#pairs]) pair.end();
  }

  /** Ends every connection and listens no more. */
  async close(): Promise<void> {
    this.#listener?.close();
    this.#listener = null;
    this.cut();
    await this.#accepting;
  }

  /** Listens again on the same port. */
  reopen(): void {
    this.#listen(this.port);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #listen(port: number): number {
    const listener = Deno.listen({ hostname: "127.0.0.1", port });
    this.#listener = listener;
    this.#accepting = this.#accept(listener);
    return listener.addr.port;
  }

  async #accept(listener: Deno.TcpListener): Promise<void> {
    const serving: Promise<void>[] = [];
    for await (const near of listener) serving.push(this.#serve(near));
    await Promise.all(serving);
  }

  async #serve(near: Deno.TcpConn): Promise<void> {
    const far = await Deno.connect({ hostname: "127.0.0.1", port: this.#target }).catch(() => null);
    if (far === null) return near.close();
    for (const socket of [near, far]) socket.setNoDelay(true);
    const pair = new Pair(near, far, (direction) => this.#ways[direction], this.#random);
    this.#pairs.add(pair);
    if (this.#listener === null) pair.end();
    await pair.run();
    this.#pairs.delete(pair);
  }
}

/** A piece that is under way. */
interface Piece {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly dueMs: number;
}

/** The most that is under way in a direction before its reading waits. */
const MOST_PIECES = 256;
const READ_BYTES = 4096;

/** One connection and what it is passed on to. */
class Pair {
  readonly #sockets: Record<"near" | "far", Deno.TcpConn>;
  readonly #wayOf: (direction: Direction) => Way;
  readonly #random: () => number;
  readonly #dead = new Set<Direction>();
  readonly #wakers = new Set<() => void>();
  #ended = false;

  constructor(
    near: Deno.TcpConn,
    far: Deno.TcpConn,
    wayOf: (direction: Direction) => Way,
    random: () => number,
  ) {
    this.#sockets = { near, far };
    this.#wayOf = wayOf;
    this.#random = random;
  }

  /** Passes on until either end is over. */
  async run(): Promise<void> {
    const { near, far } = this.#sockets;
    await Promise.all([this.#pass(near, far, "up"), this.#pass(far, near, "down")]);
  }

  /** Something has changed. */
  wake(): void {
    for (const wake of [...this.#wakers]) wake();
  }

  kill(direction: Direction): void {
    this.#dead.add(direction);
  }

  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    for (const socket of Object.values(this.#sockets)) socket.close();
    this.wake();
  }

  async #pass(from: Deno.TcpConn, to: Deno.TcpConn, direction: Direction): Promise<void> {
    const pieces: (Piece | null)[] = [];
    const writing = this.#write(pieces, to, direction);
    let lastDueMs = 0;
    try {
      while (!this.#ended) {
        const buffer = new Uint8Array(READ_BYTES);
        const length = await from.read(buffer);
        if (length === null) break;
        lastDueMs = Math.max(lastDueMs, systemClock.monotonicMs() + this.#delayMs(direction));
        pieces.push({ bytes: buffer.slice(0, length), dueMs: lastDueMs });
        this.wake();
        while (pieces.length >= MOST_PIECES && !this.#ended) await this.#changed();
      }
    } catch {
      // The end was closed, by its owner or by this relay.
    }
    pieces.push(null);
    this.wake();
    await writing;
    this.end();
  }

  async #write(pieces: (Piece | null)[], to: Deno.TcpConn, direction: Direction): Promise<void> {
    while (!this.#ended) {
      const piece = pieces[0];
      const waitMs = (piece?.dueMs ?? 0) - systemClock.monotonicMs();
      if (piece === undefined || this.#wayOf(direction).stalled) await this.#changed();
      else if (piece === null) return;
      else if (waitMs > 0) await this.#changed(waitMs);
      else {
        pieces.shift();
        if (this.#dead.has(direction)) continue;
        try {
          const bytes = this.#damaged(piece.bytes, direction);
          for (let sent = 0; sent < bytes.length;) sent += await to.write(bytes.subarray(sent));
        } catch {
          return;
        }
      }
    }
  }

  #delayMs(direction: Direction): number {
    const { delayMs = 0, jitterMs = 0, loss = 0, resendMs = 0 } = this.#wayOf(direction);
    const lostMs = loss > 0 && this.#random() < loss ? resendMs : 0;
    return delayMs + (2 * this.#random() - 1) * jitterMs + lostMs;
  }

  #damaged(bytes: Uint8Array<ArrayBuffer>, direction: Direction): Uint8Array<ArrayBuffer> {
    const { corrupt = 0 } = this.#wayOf(direction);
    if (corrupt === 0) return bytes;
    return bytes.map((byte) =>
      this.#random() < corrupt ? byte ^ 1 + Math.floor(this.#random() * 255) : byte
    );
  }

  /** Waits until something has changed, or for a time. */
  #changed(forMs?: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        cancel();
        this.#wakers.delete(wake);
        resolve();
      };
      const cancel = forMs === undefined ? () => {} : systemClock.after(forMs, wake);
      this.#wakers.add(wake);
    });
  }
}
