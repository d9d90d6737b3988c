/** What a small request costs to encode, to cut from a stream, and to decode. */

import { FrameReader } from "../src/wire/frame.ts";
import { decodeMessage, encodeMessage } from "../src/wire/message.ts";
import { Request } from "../src/wire/request.ts";

const request = encodeMessage(Request.GET_PWM, ["shelf1"]);
const payload = request.subarray(4);
const batch = new Uint8Array(request.length * 1000);
for (let index = 0; index < 1000; index++) batch.set(request, index * request.length);
const json = JSON.stringify([Request.GET_PWM, ["shelf1"]]);

Deno.bench("encode a request", { group: "encode", baseline: true }, () => {
  encodeMessage(Request.GET_PWM, ["shelf1"]);
});

Deno.bench("encode a reply with a fraction", { group: "encode" }, () => {
  encodeMessage(Request.SET_PWM, ["shelf1", 42.5]);
});

Deno.bench("the same request as JSON text", { group: "encode" }, () => {
  JSON.stringify([Request.GET_PWM, ["shelf1"]]);
});

Deno.bench("decode a request", { group: "decode", baseline: true }, () => {
  decodeMessage(payload);
});

Deno.bench("the same request from JSON text", { group: "decode" }, () => {
  JSON.parse(json);
});

Deno.bench("cut and decode a thousand requests", { group: "stream" }, () => {
  const frames = new FrameReader();
  frames.push(batch);
  for (let frame = frames.next(); frame !== null; frame = frames.next()) decodeMessage(frame);
});
