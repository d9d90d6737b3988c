/**
 * `fanctl rig send`: one message to a rig.
 *
 * @module
 */
import { ExpMessage } from "../../rig/exp_message.ts";
import type { WireValue } from "../../wire/value.ts";
import type { CommandOf } from "../command.ts";
import type { CommandContext } from "../context.ts";
import { toJson } from "../text.ts";
import { callRig } from "./rig_call.ts";

/** Sends it and prints what was answered. */
export async function rigSend(
  { event, data, uri }: CommandOf<"rig-send">,
  context: CommandContext,
): Promise<void> {
  // Every message has something behind its event.
  const values = data.length === 0 ? [null] : data.map(valueOf);
  const reply = await callRig(uri, event, values, context);
  const answer = reply.answer as WireValue[] | null;
  const text = answer === null
    ? `${reply.uri} has confirmed it, and answers nothing`
    : `${ExpMessage.nameOf(event)} ${toJson(answer)}`;
  context.print({ uri: reply.uri, confirmed: true, answer }, text);
}

/** JSON where it is some, else the text itself. */
function valueOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
