/**
 * What a board may send against what reads it.
 *
 * @module
 */

import { ok } from "node:assert/strict";
import { BoardError } from "../../src/errors.ts";
import { encodeFrame, FrameDecoder } from "../../src/board/protocol/frame.ts";
import { decodeReply } from "../../src/board/protocol/messages.ts";
import type { BoardHello } from "../../src/board/protocol/types.ts";
import { mutate } from "./mutate.ts";
import type { Random } from "./random.ts";
import vectors from "../vectors/board.json" with { type: "json" };

/** One frame in so many is broken on the line; the others within their checksum. */
const BROKEN_EVERY = 4;

/** What a run has seen. */
export interface BoardRun {
  frames: number;
  /** Those that are replies. */
  replies: number;
  /** Those that the line has lost. */
  bad: number;
}

/** Lets a decoder read `frames` frames; throws when it fails otherwise than it may. */
export function fuzzBoard(frames: number, random: Random): BoardRun {
  const lines = vectors.sessions.flatMap(({ steps }) => steps.map(({ receive }) => receive))
    .filter((hex) => hex !== "").map((hex) => Uint8Array.fromHex(hex));
  const known = lines.flatMap((line) => framesOf(new FrameDecoder(), line));
  const decoder = new FrameDecoder();
  const run: BoardRun = { frames: 0, replies: 0, bad: 0 };
  let hello: BoardHello | null = null;
  while (run.frames < frames) {
    run.frames++;
    const { type, seq, body } = any(known, random);
    const changed = random(3) === 0 ? body : mutate(body, any(known, random).body, random);
    const line = encodeFrame(random(8) === 0 ? random(256) : type, seq, changed.slice(0, 180));
    const sent = random(BROKEN_EVERY) === 0 ? mutate(line, any(lines, random), random) : line;
    for (const frame of framesOf(decoder, sent)) {
      try {
        const reply = decodeReply(frame, hello);
        run.replies++;
        if (reply.kind === "hello") hello = reply.hello;
      } catch (error) {
        ok(error instanceof BoardError, `${frame.body.toHex()}: ${error}`);
      }
    }
  }
  run.bad = decoder.bad.crc + decoder.bad.cobs;
  return run;
}

function framesOf(decoder: FrameDecoder, line: Uint8Array) {
  decoder.push(line);
  const frames = [];
  for (let frame = decoder.next(); frame; frame = decoder.next()) frames.push(frame);
  return frames;
}

function any<T>(all: readonly T[], random: Random): T {
  const one = all[random(all.length)];
  ok(one !== undefined);
  return one;
}
