/**
 * Everybody who uses the server of a soak: agents that report and come back when they are lost, and
 * those who behave badly.
 *
 * @module
 */

import { Request } from "../../src/wire/request.ts";
import { encodeMessage } from "../../src/wire/message.ts";
import { pause } from "../load/figures.ts";
import { Peer } from "../load/peer.ts";
import type { WatchedServer } from "./watched_server.ts";

const REPORT_MS = 5000;
const STEP_MS = 50;

/** Pseudo-random numbers from 0 up to but not including 1: the same seed, the same run. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** An agent that stays. */
class Agent {
  readonly shelf: string;
  peer: Peer | null = null;
  pushes = 0;
  losses = 0;

  constructor(index: number) {
    this.shelf = `s${index}`;
  }

  async run(port: number, isOver: () => boolean, random: () => number): Promise<void> {
    while (!isOver()) {
      try {
        this.peer = await Peer.open(port);
        await this.peer.send(Request.SUBSCRIBE, [this.shelf]);
        await this.peer.read(({ request }) => {
          if (request === Request.DUTY) this.pushes++;
        });
      } catch {
        // Tried again below.
      }
      this.peer?.close();
      this.peer = null;
      this.losses++;
      await pause(200 + random() * 800);
    }
  }
}

/** The agents and the others. */
export class Crowd {
  readonly agents: readonly Agent[];
  readonly done: Record<string, number> = {};
  readonly #server: WatchedServer;
  readonly #random: () => number;
  readonly #running: Promise<unknown>[] = [];
  #isOver = false;

  constructor(server: WatchedServer, agents: number, random: () => number) {
    this.#server = server;
    this.#random = random;
    this.agents = Array.from({ length: agents }, (_, index) => new Agent(index));
  }

  /** How many agents are connected. */
  get connected(): number {
    return this.agents.filter(({ peer }) => peer !== null).length;
  }

  /** Begins; `faults` as well, or only what should be. */
  start(faults: boolean): void {
    const isOver = () => this.#isOver;
    for (const agent of this.agents) {
      this.#running.push(agent.run(this.#server.port, isOver, this.#random));
    }
    this.#running.push(this.#report());
    if (!faults) return;
    this.#again("connect, ping, close", 200, () => this.#visit());
    this.#again("order", 1000, () => this.#order());
    this.#again("agent vanishes", 700, () => this.#vanish());
    this.#again(
      "garbage",
      3000,
      () => this.#say(new Uint8Array(64).map(() => this.#random() * 256)),
    );
    this.#again("half a frame", 3000, () => this.#say(encodeMessage("ping", []).subarray(0, 6)));
    this.#again("silent", 2000, () => this.#say(new Uint8Array(0)));
    this.#again("never reads", 10_000, () => this.#neverRead());
    this.#again("heat", 15_000, () => this.#server.setTemp(30 + this.#random() * 40));
    this.#again("sensor is gone", 61_000, async () => {
      await this.#server.setTemp(null);
      await pause(8000);
      await this.#server.setTemp(42);
    });
    this.#again("reload", 47_000, () => Promise.resolve(this.#server.reload()));
    this.#again("stands still", 127_000, () => this.#server.standStill(1500));
  }

  /** Ends all of it. */
  async stop(): Promise<void> {
    this.#isOver = true;
    for (const { peer } of this.agents) peer?.close();
    await Promise.all(this.#running);
  }

  #again(name: string, everyMs: number, act: () => Promise<void>): void {
    this.done[name] = 0;
    const run = async (): Promise<void> => {
      for (;;) {
        const endMs = performance.now() + everyMs * (0.5 + this.#random());
        while (!this.#isOver && performance.now() < endMs) {
          await pause(Math.min(1000, Math.max(0, endMs - performance.now())));
        }
        if (this.#isOver) return;
        await act().then(() => this.done[name] = (this.done[name] ?? 0) + 1, () => {});
      }
    };
    this.#running.push(run());
  }

  /** Each agent at its own moment of the period. */
  async #report(): Promise<void> {
    const steps = REPORT_MS / STEP_MS;
    for (let step = 0; !this.#isOver; step++) {
      for (let index = step % steps; index < this.agents.length; index += steps) {
        const agent = this.agents[index];
        const args = [agent?.shelf ?? "", 800 + step % 100, { board: "main" }];
        agent?.peer?.send(Request.SET_RPM, args).catch(() => {});
      }
      await pause(STEP_MS);
    }
  }

  /** Asks one thing and waits for the answer. */
  async #visit(request: Uint8Array = encodeMessage("ping", [])): Promise<void> {
    const peer = await Peer.open(this.#server.port);
    const { promise, resolve } = Promise.withResolvers<void>();
    const ended = peer.read(() => resolve());
    await peer.write(request);
    await Promise.race([promise, ended]);
    peer.close();
    await ended;
  }

  #order(): Promise<void> {
    const shelf = `s${Math.floor(this.#random() * this.agents.length)}`;
    const percent = this.#random() < 0.5 ? null : Math.round(30 + this.#random() * 60);
    return this.#visit(encodeMessage("set_pwm_override", [shelf, percent]));
  }

  #vanish(): Promise<void> {
    this.agents[Math.floor(this.#random() * this.agents.length)]?.peer?.close();
    return Promise.resolve();
  }

  /** Says this, then nothing until the server has had enough. */
  async #say(bytes: Uint8Array): Promise<void> {
    const peer = await Peer.open(this.#server.port);
    await peer.write(bytes);
    await Promise.race([peer.read(() => {}), pause(30_000)]);
    peer.close();
  }

  /** Asks for much and reads none of it. */
  async #neverRead(): Promise<void> {
    const peer = await Peer.open(this.#server.port);
    const ask = encodeMessage("status", []);
    const giveUp = pause(20_000).then(() => peer.close());
    const asking = (async () => {
      for (let count = 0; count < 2000; count++) await peer.write(ask);
    })().catch(() => {});
    await Promise.race([asking, giveUp]);
    await giveUp;
  }
}
