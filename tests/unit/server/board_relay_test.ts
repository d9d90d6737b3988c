import assert from "node:assert/strict";
import { BoardNotFoundError, LimitError, ShelfNotOwnerError } from "../../../src/errors.ts";
import {
  type BoardPeer,
  BoardRelay,
  MOST_TASKS,
  MOST_TASKS_OF_BOARD,
  RELAY_MS,
} from "../../../src/server/boards/board_relay.ts";
import type { WireValue } from "../../../src/wire/value.ts";
import { VirtualClock } from "../../support/virtual_clock.ts";

/** A client that keeps what it is told. */
class Peer implements BoardPeer {
  readonly told: [request: string, args: readonly WireValue[], id: number | undefined][] = [];
  readonly peer: string;

  constructor(peer = "127.0.0.1:1") {
    this.peer = peer;
  }

  tell(request: string, args: readonly WireValue[], id?: number): void {
    this.told.push([request, args, id]);
  }
}

const INFO = { name: "upper", action: "info", args: {} };

function relayOf(clock = new VirtualClock()): { relay: BoardRelay; owner: Peer; asker: Peer } {
  const relay = new BoardRelay(clock);
  const owner = new Peer("192.0.2.7:50000");
  relay.announce(owner, "upper", { line: "sim:" });
  return { relay, owner, asker: new Peer() };
}

Deno.test("a task goes to the board's agent and its answer to the asker, with the asker's id", () => {
  const { relay, owner, asker } = relayOf();
  relay.ask(asker, 9, { name: "upper", action: "set", args: { channel: 0 } });
  assert.deepEqual(owner.told, [["board_do", [1, "set", { channel: 0 }], undefined]]);
  relay.done(owner, 1, ["board_done", [{ percent: 40 }]]);
  assert.deepEqual(asker.told, [["board_done", [{ percent: 40 }], 9]]);
});

Deno.test("answers find their askers in whatever order they come", () => {
  const { relay, owner, asker } = relayOf();
  const other = new Peer();
  relay.ask(asker, undefined, INFO);
  relay.ask(other, 5, INFO);
  relay.done(owner, 2, ["board_done", [{ n: 2 }]]);
  relay.done(owner, 1, ["error", ["board", "no"]]);
  assert.deepEqual(asker.told, [["error", ["board", "no"], undefined]]);
  assert.deepEqual(other.told, [["board_done", [{ n: 2 }], 5]]);
});

Deno.test("an agent that does not answer in time is not waited for, nor heard later", async () => {
  const clock = new VirtualClock();
  const { relay, owner, asker } = relayOf(clock);
  relay.ask(asker, 1, INFO);
  await clock.advance(RELAY_MS - 1);
  assert.deepEqual(asker.told, []);
  await clock.advance(1);
  assert.equal(asker.told[0]?.[0], "error");
  assert.match(
    String(asker.told[0]?.[1][1]),
    /^Cannot ask board "upper": its agent has not answered within 5 s/,
  );
  relay.done(owner, 1, ["board_done", [{}]]);
  assert.equal(asker.told.length, 1);
});

Deno.test("an agent that goes fails what is under way and takes its board along", () => {
  const clock = new VirtualClock();
  const { relay, owner, asker } = relayOf(clock);
  relay.ask(asker, 1, INFO);
  relay.forget(owner);
  assert.match(String(asker.told[0]?.[1][1]), /its agent has gone/);
  assert.deepEqual(relay.names, []);
  assert.throws(() => relay.ask(asker, 2, INFO), BoardNotFoundError);
  assert.equal(clock.waiting, 0);
});

Deno.test("an asker that goes leaves nothing behind", () => {
  const clock = new VirtualClock();
  const { relay, owner, asker } = relayOf(clock);
  relay.ask(asker, 1, INFO);
  relay.forget(asker);
  relay.done(owner, 1, ["board_done", [{}]]);
  assert.deepEqual(asker.told, []);
  assert.equal(clock.waiting, 0);
});

Deno.test("nobody answers in the place of the agent that was asked", () => {
  const { relay, asker } = relayOf();
  relay.ask(asker, 1, INFO);
  relay.done(new Peer(), 1, ["board_done", [{ percent: 0 }]]);
  assert.deepEqual(asker.told, []);
});

Deno.test("a name belongs to one connection until that ends; a connection has one board", () => {
  const { relay, owner } = relayOf();
  const other = new Peer();
  assert.throws(() => relay.announce(other, "upper", {}), ShelfNotOwnerError);
  relay.announce(owner, "lower", { line: "sim:2" });
  assert.deepEqual(relay.names, ["lower"]);
  relay.announce(other, "upper", {});
  assert.deepEqual(relay.names, ["lower", "upper"]);
  assert.deepEqual(relay.entry("lower"), { name: "lower", peer: "192.0.2.7:50000", line: "sim:2" });
  relay.forget(owner);
  assert.deepEqual(relay.names, ["upper"]);
});

Deno.test("a board cannot say that it has another name or address", () => {
  const { relay, owner } = relayOf();
  relay.announce(owner, "upper", { name: "lower", peer: "127.0.0.1:1" });
  assert.deepEqual(relay.entry("upper"), { name: "upper", peer: "192.0.2.7:50000" });
});

Deno.test("a name that does not print, or is none, is refused", () => {
  const { relay, owner } = relayOf();
  for (const name of ["", "\u001b[2J", "a\nb", "x".repeat(65), "\u2028"]) {
    assert.throws(
      () => relay.announce(owner, name, {}),
      /^BadArgumentsError: Cannot take the board/,
    );
  }
  assert.deepEqual(relay.names, ["upper"]);
});

Deno.test("tasks under way are limited, of one board and in all", () => {
  const { relay, owner, asker } = relayOf();
  for (let task = 0; task < MOST_TASKS_OF_BOARD; task++) relay.ask(asker, task, INFO);
  assert.throws(() => relay.ask(asker, 99, INFO), LimitError);
  relay.done(owner, 1, ["board_done", [{}]]);
  relay.ask(asker, 100, INFO);
  const boards = MOST_TASKS / MOST_TASKS_OF_BOARD;
  for (let board = 1; board < boards; board++) {
    relay.announce(new Peer(), `b${board}`, {});
    for (let task = 0; task < MOST_TASKS_OF_BOARD; task++) {
      relay.ask(asker, task, { ...INFO, name: `b${board}` });
    }
  }
  relay.announce(new Peer(), "last", {});
  assert.throws(() => relay.ask(asker, 1, { ...INFO, name: "last" }), LimitError);
});
