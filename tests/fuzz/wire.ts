/**
 * Frames of every kind against the decoder and against a server.
 *
 * @module
 */

import { deepEqual, equal, ok } from "node:assert/strict";
import { CorruptedDataError } from "../../src/errors.ts";
import { decodeMessage, encodeMessage, type Message } from "../../src/wire/message.ts";
import { Request } from "../../src/wire/request.ts";
import { isWireMap, type WireValue } from "../../src/wire/value.ts";
import { fc } from "../deps.ts";
import type { RawPeer } from "../support/raw_peer.ts";
import { faultOf, isPush } from "./answers.ts";
import { messages } from "./grammar.ts";
import { joined } from "./joined.ts";
import { mutate } from "./mutate.ts";
import type { Random } from "./random.ts";
import vectors from "../vectors/wire.json" with { type: "json" };

/** So many frames are on their way before their answers are read. */
const BATCH = 200;
/** One frame in so many that a server must hang up on is sent. */
const HANG_UP_EVERY = 500;
const HEADER_BYTES = 4;
/** Ids beyond those of frames. */
const FIRST_TASK_ID = 2 ** 40;

/** What a run has seen. */
export interface WireRun {
  /** Frames that were made, of which the decoder has seen each. */
  frames: number;
  /** Those that are messages. */
  messages: number;
  /** Those that the server was sent. */
  asked: number;
  answered: number;
  errors: number;
  pushes: number;
  disconnects: number;
}

/** Payloads to start from: by the grammar, and those of the vectors, right and wrong. */
export function wirePool(size: number, seed: number): Uint8Array[] {
  const said = fc.sample(messages, { numRuns: size, seed });
  const known = [
    ...vectors.messages,
    ...vectors.accepted,
    ...vectors.errors,
    ...vectors.disconnects,
  ]
    .map(({ hex }) => Uint8Array.fromHex(hex).subarray(HEADER_BYTES));
  return [...said.map(({ request, args }) => encodeMessage(request, args).subarray(4)), ...known];
}

/** Sends `frames` frames; throws at the first that is not treated as the protocol says. */
export async function fuzzWire(
  frames: number,
  pool: readonly Uint8Array[],
  random: Random,
  connect: () => Promise<RawPeer>,
): Promise<WireRun> {
  const run: WireRun = {
    frames: 0,
    messages: 0,
    asked: 0,
    answered: 0,
    errors: 0,
    pushes: 0,
    disconnects: 0,
  };
  const any = (): Uint8Array => pool[random(pool.length)] ?? new Uint8Array(1);
  let peer = await connect();
  try {
    while (run.frames < frames) {
      const batch: Message[] = [];
      let last: Uint8Array | null = null;
      while (batch.length < BATCH && last === null && run.frames < frames) {
        const payload = random(2) === 0 ? any() : mutate(any(), any(), random);
        run.frames++;
        const message = decoded(payload);
        if (message !== null && provesItself(message)) continue;
        if (message !== null && message.request !== Request.DISCONNECT) {
          run.messages++;
          batch.push({ ...message, id: run.frames });
        } else if (payload.length > 0 && random(HANG_UP_EVERY) === 0) {
          last = payload;
        }
      }
      await askAll(peer, batch, run);
      if (last !== null) {
        await hangUp(peer, last, run);
        peer.close();
        peer = await connect();
      }
    }
  } finally {
    peer.close();
  }
  return run;
}

/** The message of a payload, or null; whatever is read can be said again and means the same. */
function decoded(payload: Uint8Array): Message | null {
  let message: Message;
  try {
    message = decodeMessage(payload);
  } catch (error) {
    ok(error instanceof CorruptedDataError, `${payload.toHex()}: ${error}`);
    return null;
  }
  const again = encodeMessage(message.request, message.args, message.id).subarray(HEADER_BYTES);
  const repeated = decodeMessage(again);
  if (!hasFarDate(message.args)) deepEqual(repeated, message, payload.toHex());
  return message;
}

/** Milliseconds from here on are finer than a double that counts seconds. */
const FAR_MS = 1e15;

function hasFarDate(value: WireValue): boolean {
  if (value instanceof Date) return Math.abs(value.getTime()) > FAR_MS;
  if (Array.isArray(value)) return value.some(hasFarDate);
  return isWireMap(value) && Object.values(value).some(hasFarDate);
}

/** A wrong token ends a connection, and takes its time: that is tried elsewhere. */
function provesItself({ request, args: [about] }: Message): boolean {
  return request === Request.HELLO && isWireMap(about) && "token" in about;
}

async function askAll(peer: RawPeer, batch: readonly Message[], run: WireRun): Promise<void> {
  const asked = new Map(batch.map((message) => [message.id, message]));
  run.asked += batch.length;
  const written = peer.write(
    joined(batch.map(({ request, args, id }) => encodeMessage(request, args, id))),
  );
  while (asked.size > 0) {
    const answer = await peer.receive();
    ok(answer !== null, "the server has hung up on frames that were right");
    if (!isPush(answer)) take(asked, answer, run);
    else if (answer.request === Request.BOARD_DO) await doTask(peer, answer, asked, run);
    else run.pushes++;
  }
  await written;
}

/** The board is our own: what is asked of it is done at once, or its asker would have to wait. */
async function doTask(
  peer: RawPeer,
  { args: [ticket = null] }: Message,
  asked: Map<number | undefined, Message>,
  run: WireRun,
): Promise<void> {
  run.pushes++;
  run.asked++;
  const done = { request: Request.BOARD_DONE, args: [ticket, {}], id: FIRST_TASK_ID + run.asked };
  asked.set(done.id, done);
  await peer.send(done.request, done.args, done.id);
}

function take(asked: Map<number | undefined, Message>, answer: Message, run: WireRun): void {
  const question = asked.get(answer.id);
  ok(question, `an answer to nothing: ${JSON.stringify(answer)}`);
  asked.delete(answer.id);
  const fault = faultOf(question, answer);
  equal(fault, null, `${JSON.stringify(question)}: ${fault}`);
  run.answered++;
  if (answer.request === Request.ERROR) run.errors++;
}

/** Sends what a server must end with: after `disconnect` silently, else with a reason. */
async function hangUp(peer: RawPeer, payload: Uint8Array, run: WireRun): Promise<void> {
  const frame = new Uint8Array(HEADER_BYTES + payload.length);
  new DataView(frame.buffer).setUint32(0, payload.length);
  frame.set(payload, HEADER_BYTES);
  await peer.write(frame);
  let last: Message | null = null;
  for (let next = await peer.receive(); next !== null; next = await peer.receive()) last = next;
  run.disconnects++;
  const wanted = decoded(payload) === null;
  const found = last?.request === Request.DISCONNECT;
  equal(found, wanted, `${payload.toHex()}: ${JSON.stringify(last)}`);
}
