/**
 * Which answers the protocol allows to which request.
 *
 * @module
 */

import { Request } from "../../src/wire/request.ts";
import type { Message } from "../../src/wire/message.ts";
import type { WireValue } from "../../src/wire/value.ts";

/** Requests whose answer has another name than they. */
const ANSWERS: Readonly<Record<string, string>> = {
  [Request.GET_PWM]: Request.SET_PWM,
  [Request.GET_RPM]: Request.SET_RPM,
  [Request.BOARD_DO]: Request.BOARD_DONE,
};
/** Requests whose answer is `ack`. */
const ACKNOWLEDGED: ReadonlySet<string> = new Set([
  Request.PING,
  Request.SET_RPM,
  Request.SET_PWM_OVERRIDE,
  Request.SET_PWM_EXPIRE,
  Request.SUBSCRIBE,
  Request.UNSUBSCRIBE,
  Request.PUSH_READING,
  Request.SET_PROFILE,
  Request.ACKNOWLEDGE_ALERT,
  Request.CONFIG_CONFIRM,
  Request.CONFIG_TAKE_BACK,
  Request.BOARD,
  Request.BOARD_DONE,
]);
/** The codes that docs/protocol.md allows; `internal` is never right. */
const CODES: ReadonlySet<WireValue> = new Set(
  ("bad_arguments denied unknown_request shelf_not_found sensor_not_found pwm_bad_value " +
    "rpm_bad_value expire_bad_value no_override not_owner profile_not_found config no_config " +
    "board_not_found board limit store").split(" "),
);
const PUSHES: ReadonlySet<string> = new Set([Request.DUTY, Request.PENDING, Request.BOARD_DO]);

/** Whether it is a push and no answer at all. */
export function isPush({ request, id }: Message): boolean {
  return id === undefined && PUSHES.has(request);
}

/** What is wrong with an answer; null when nothing is. */
export function faultOf(asked: Message, answer: Message): string | null {
  if (answer.id !== asked.id) return `the id ${answer.id} in the place of ${asked.id}`;
  if (answer.request === Request.ERROR) {
    const [code, message, ...more] = answer.args;
    const isText = typeof message === "string" && message.length < 2000 && more.length === 0;
    // What the board's agent says is handed on: the words are its own.
    const isRight = asked.request === Request.BOARD_DO
      ? /^[a-z_]+$/.test(String(code))
      : CODES.has(code ?? null) && String(message).startsWith("Cannot ");
    return isText && isRight ? null : `the error ${JSON.stringify(answer.args)}`;
  }
  const wanted = ACKNOWLEDGED.has(asked.request)
    ? Request.ACK
    : ANSWERS[asked.request] ?? asked.request;
  return answer.request === wanted ? null : `"${answer.request}" in the place of "${wanted}"`;
}
