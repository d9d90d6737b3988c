import assert from "node:assert/strict";
import { Board } from "../../../src/board/board.ts";
import { QUEUE_LIMIT } from "../../../src/board/command_queue.ts";
import { BoardError } from "../../../src/errors.ts";
import { encodeFrame } from "../../../src/board/protocol/frame.ts";
import { CommandType, NAK_TYPE } from "../../../src/board/protocol/messages.ts";
import { arrive, HostileBoard, lose } from "../../support/hostile_board.ts";
import { RecordedLog } from "../../support/recorded_log.ts";
import { VirtualClock } from "../../support/virtual_clock.ts";

const SOME = [{ permille: 500, ttlMs: 2000 }, { permille: 300, ttlMs: 2000 }];
const SET_TTL_AT = 8;

async function opened() {
  const far = new HostileBoard();
  const clock = new VirtualClock();
  const log = new RecordedLog();
  const opening = Board.open(far.line, { clock, log });
  await clock.advance(0);
  return { far, clock, log, board: await opening };
}

/** What a promise came to, without an unhandled rejection meanwhile. */
async function outcome<T>(promise: Promise<T>): Promise<T | Error> {
  try {
    return await promise;
  } catch (error) {
    if (error instanceof Error) return error;
    throw error;
  }
}

function failed(result: unknown, message: RegExp): void {
  assert.ok(result instanceof BoardError, String(result));
  assert.match(result.message, message);
}

Deno.test("Board.open tells who answers", async () => {
  const { board, log, clock } = await opened();
  assert.equal(board.hello.bootId, 0x1001);
  assert.deepEqual(board.hello.channels, [{ steps: 320, tach: true }, { steps: 80, tach: false }]);
  await log.line(/board "memory": ATmega328P, firmware 0\.1\.0, 2 channels, boot id 4097/);
  await board.close();
  assert.equal(clock.waiting, 0);
});

Deno.test("Board.open asks until the board is there, whatever is on the line before", async () => {
  const far = new HostileBoard();
  far.line.answer(Uint8Array.from({ length: 500 }, (_, index) => index * 7 & 0xff));
  far.fates = [lose, lose, (_, line) => line.answer(Uint8Array.of(1, 2, 3, 0, 0, 9, 9)), arrive];
  const clock = new VirtualClock();
  const opening = Board.open(far.line, { clock });
  await clock.advance(1000);
  await using board = await opening;
  assert.ok(clock.monotonicMs() <= 1000);
  assert.ok(board.counters.badFrames > 0);
  assert.equal(board.counters.timeouts, 0);
});

Deno.test("Board.open gives up after three seconds and gives the line back", async () => {
  const far = new HostileBoard();
  far.fates = Array.from({ length: 100 }, () => lose);
  const clock = new VirtualClock();
  const opening = outcome(Board.open(far.line, { clock }));
  await clock.advance(2999);
  assert.equal(far.line.closes, 0);
  await clock.advance(1);
  failed(await opening, /^Cannot reach the board: no answer to 30 tries in 3000 ms; check/);
  assert.equal(far.line.closes, 1);
  assert.equal(far.received(CommandType.HELLO).length, 30);
  assert.equal(clock.waiting, 0);
});

Deno.test("Board.open refuses a board of another protocol major at once", async () => {
  const far = new HostileBoard();
  far.protocolMajor = 2;
  const clock = new VirtualClock();
  const opening = outcome(Board.open(far.line, { clock }));
  await clock.advance(0);
  failed(await opening, /board protocol 2\.0, this is 1\.1; update fand/);
});

Deno.test("a lost answer: the same frame again, at most four times", async () => {
  const { far, clock, board } = await opened();
  far.fates = [lose, lose, lose];
  const status = board.set(SOME);
  await clock.advance(300);
  assert.equal((await status).channels.length, 2);
  const sets = far.received(CommandType.SET);
  assert.equal(sets.length, 4);
  assert.deepEqual(new Set(sets.map(({ seq }) => seq)).size, 1);
  assert.deepEqual(sets[3], sets[0]);
  assert.deepEqual(board.counters, { retransmits: 3, timeouts: 0, badFrames: 0, lateFrames: 0 });
  await board.close();
});

Deno.test("a board that is silent: an error after 400 ms, and the next command is tried", async () => {
  const { far, clock, board } = await opened();
  far.fates = [lose, lose, lose, lose];
  const result = outcome(board.set(SOME));
  await clock.advance(400);
  failed(await result, /no answer to 4 tries in 400 ms/);
  assert.equal(board.counters.timeouts, 1);
  const status = board.status();
  await clock.advance(0);
  assert.equal((await status).bootId, 0x1001);
  await board.close();
});

Deno.test("late and doubled answers are counted and answer nothing else", async () => {
  const { far, clock, board } = await opened();
  far.fates = [
    (answer, line) => {
      clock.after(150, () => line.answer(answer));
    },
    (answer, line) => {
      line.answer(answer);
      line.answer(answer);
    },
  ];
  const status = board.status();
  await clock.advance(100);
  await status;
  await clock.advance(100);
  const second = board.status();
  await clock.advance(0);
  await second;
  assert.deepEqual(board.counters, { retransmits: 1, timeouts: 0, badFrames: 0, lateFrames: 2 });
  await board.close();
});

Deno.test("one command at a time, in order, and of waiting sets only the newest", async () => {
  const { far, clock, board } = await opened();
  const held: (() => void)[] = [];
  far.fates = [(answer, line) => held.push(() => line.answer(answer))];
  const first = board.set(SOME);
  const second = board.set([{ permille: 1, ttlMs: 500 }, { permille: 1, ttlMs: 500 }]);
  const status = board.status();
  const third = board.set([{ permille: 7, ttlMs: 500 }, { permille: 8, ttlMs: 500 }]);
  await clock.advance(50);
  assert.equal(far.commands.length, 2);
  held[0]?.();
  await clock.advance(0);
  const [, secondStatus, , thirdStatus] = await Promise.all([first, second, status, third]);
  assert.equal(secondStatus, thirdStatus);
  assert.deepEqual(far.commands.map(({ type }) => type), [
    CommandType.HELLO,
    CommandType.SET,
    CommandType.SET,
    CommandType.STATUS,
  ]);
  assert.deepEqual([...far.commands[2]?.body.subarray(5, 8) ?? []], [0, 7, 0]);
  await board.close();
});

Deno.test("a TTL counts from the call: what a set waited is taken off", async () => {
  const { far, clock, board } = await opened();
  far.fates = [lose, arrive];
  const status = board.status();
  const set = board.set(SOME);
  await clock.advance(100);
  await Promise.all([status, set]);
  const [sent] = far.received(CommandType.SET);
  assert.ok(sent);
  const view = new DataView(sent.body.buffer, sent.body.byteOffset);
  assert.equal(view.getUint16(SET_TTL_AT, true), 1900);
  await board.close();
});

Deno.test("a board that was reset: the set fails, hello is said again, the next set works", async () => {
  const { far, clock, log, board } = await opened();
  far.bootId = 0x1002;
  const result = outcome(board.set(SOME));
  await clock.advance(0);
  failed(await result, /"memory": it was reset and is at its safe level; set all channels again/);
  assert.equal(board.hello.bootId, 0x1002);
  const status = board.set(SOME);
  await clock.advance(0);
  assert.equal((await status).bootId, 0x1002);
  await log.line(/warn: board "memory" was reset/);
  await board.close();
});

Deno.test("a reset is also told by a status and by a hello that nobody asked for", async () => {
  const { far, clock, board } = await opened();
  far.bootId = 0x1002;
  const result = outcome(board.status());
  await clock.advance(0);
  failed(await result, /it was reset/);
  far.bootId = 0x1003;
  far.fates = [lose];
  const waiting = outcome(board.status());
  await clock.advance(10);
  far.line.answer(encodeFrame(CommandType.HELLO | 0x80, 77, far.helloBody()));
  await clock.advance(0);
  failed(await waiting, /it was reset/);
  assert.equal(board.hello.bootId, 0x1003);
  await board.close();
});

Deno.test("a board that stays silent after its reset fails what waits, until it is back", async () => {
  const { far, clock, board } = await opened();
  far.bootId = 0x1002;
  far.fates = [arrive, ...Array.from({ length: 30 }, () => lose)];
  const first = outcome(board.set(SOME));
  await clock.advance(0);
  failed(await first, /it was reset/);
  const second = outcome(board.set(SOME));
  await clock.advance(3000);
  failed(await second, /no answer to 30 tries/);
  const third = board.set(SOME);
  await clock.advance(0);
  assert.equal((await third).bootId, 0x1002);
  await board.close();
});

Deno.test("a refusal is told in words, and a stale sequence begins a new session", async () => {
  const { far, clock, board } = await opened();
  const refuse = (reason: number) => {
    far.fates = [(_, line) => {
      const { type = 0, seq = 0 } = far.commands.at(-1) ?? {};
      line.answer(encodeFrame(NAK_TYPE, seq, Uint8Array.of(type, reason)));
    }];
  };
  refuse(1);
  const unknown = outcome(board.clear(1));
  await clock.advance(0);
  failed(await unknown, /Cannot command the board at "memory": it does not know this command; /);
  refuse(5);
  const stale = outcome(board.status());
  await clock.advance(0);
  failed(await stale, /older than the last/);
  assert.equal(far.received(CommandType.HELLO).length, 2);
  await board.close();
});

Deno.test("Board.set refuses what is out of range before anything is sent", async () => {
  const { far, board } = await opened();
  const wrong = [
    [SOME[0]],
    [{ permille: 1001, ttlMs: 100 }, SOME[1]],
    [{ permille: -1, ttlMs: 100 }, SOME[1]],
    [{ permille: 0.5, ttlMs: 100 }, SOME[1]],
    [{ permille: NaN, ttlMs: 100 }, SOME[1]],
    [{ permille: 10, ttlMs: 0 }, SOME[1]],
    [{ permille: 10, ttlMs: 10_001 }, SOME[1]],
  ];
  for (const channels of wrong) {
    const given = channels.filter((channel) => channel !== undefined);
    failed(await outcome(board.set(given)), /^Cannot set /);
  }
  assert.equal(far.commands.length, 1);
  await board.close();
});

Deno.test("more commands than may wait are refused", async () => {
  const { far, clock, board } = await opened();
  far.fates = [lose];
  const waiting = Array.from({ length: QUEUE_LIMIT + 1 }, () => board.status());
  failed(await outcome(board.status()), new RegExp(`${QUEUE_LIMIT} commands wait already`));
  await clock.advance(100);
  assert.equal((await Promise.all(waiting)).length, QUEUE_LIMIT + 1);
  await board.close();
});

Deno.test.each([[undefined, "the line has ended"], [new Error("it is out"), "it is out"]] as const)(
  "a line that is lost ends the board and everything that waits",
  async (error: Error | undefined, found: string) => {
    const { far, clock, board } = await opened();
    far.fates = [lose];
    const waiting = [board.status(), board.set(SOME)].map(outcome);
    await clock.advance(10);
    far.line.unplug(error);
    await board.closed;
    const message = new RegExp(`Cannot talk to the board at "memory": ${found}; check its cable`);
    for (const result of await Promise.all(waiting)) failed(result, message);
    failed(await outcome(board.status()), message);
    await board.close();
    assert.equal(clock.waiting, 0);
  },
);

Deno.test("Board.close ends what waits, on a line that takes nothing and never closes", async () => {
  const { far, clock, board } = await opened();
  far.line.onWrite = () => new Promise<void>(() => {});
  far.line.close = () => new Promise<void>(() => {});
  const waiting = outcome(board.set(SOME));
  await clock.advance(250);
  const closing = board.close();
  await clock.advance(1000);
  await closing;
  failed(await waiting, /it is closed; open it again/);
  failed(await outcome(board.set(SOME)), /it is closed; open it again/);
  await board.close();
});

Deno.test("a line whose close fails is closed all the same", async () => {
  const { far, board } = await opened();
  far.line.close = () => Promise.reject(new Error("no"));
  await board.close();
  await board.closed;
});
