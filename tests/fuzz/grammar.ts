/**
 * Messages by the grammar of the protocol: the right arguments, nearly right ones, and anything.
 *
 * @module
 */

import { Request } from "../../src/wire/request.ts";
import type { WireValue } from "../../src/wire/value.ts";
import { fc } from "../deps.ts";

/** The shelves of the server that is asked. */
export const SHELVES = ["nas", "attic"];

/** What a client may say. */
export interface Said {
  readonly request: string;
  readonly args: WireValue[];
}

const text = fc.oneof(
  fc.constantFrom("nas", "attic", "cellar", "", "__proto__", "constructor", "normal", "board1"),
  fc.string({ unit: "binary", maxLength: 20 }),
);
const number = fc.oneof(
  fc.integer({ min: -1, max: 101 }),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.maxSafeInteger(),
);
const date = fc.oneof(
  fc.date({ noInvalidDate: true, min: new Date(0), max: new Date(253_402_300_799_000) }),
  fc.integer({ min: -60, max: 7200 }).map((seconds) => new Date(Date.now() + 1000 * seconds)),
);
const leaf: fc.Arbitrary<WireValue> = fc.oneof(
  text,
  number,
  date,
  fc.boolean(),
  fc.constant(null),
  fc.uint8Array({ maxLength: 20 }),
);
const { anything } = fc.letrec<{ anything: WireValue }>((tie) => ({
  anything: fc.oneof(
    { maxDepth: 4 },
    leaf,
    fc.array(tie("anything"), { maxLength: 4 }),
    fc.dictionary(text, tie("anything"), { maxKeys: 4, noNullPrototype: true }),
  ),
}));

const shelf = fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...SHELVES) }, {
  weight: 1,
  arbitrary: text,
});
const percent = fc.oneof(
  fc.integer({ min: -1, max: 101 }),
  fc.double({ min: 0, max: 100, noNaN: true }),
);
const orNull = (of: fc.Arbitrary<WireValue>) => fc.option(of) as fc.Arbitrary<WireValue>;
const mapOf = (fields: Record<string, fc.Arbitrary<WireValue>>) =>
  fc.record(fields, { requiredKeys: [], noNullPrototype: true }) as fc.Arbitrary<WireValue>;
const cursor = orNull(text);
const limit = orNull(fc.integer({ min: 0, max: 200 }));

const fan = mapOf({
  channel: fc.nat(20),
  rpm: orNull(number),
  state: fc.constantFrom("spinning", "stalled", "stopped", "odd"),
  applied: orNull(percent),
});
const details = mapOf({
  board: text,
  state: text,
  rpms: fc.array(number, { maxLength: 4 }),
  fans: fc.array(fan, { maxLength: 4 }),
  temps: fc.array(number, { maxLength: 4 }),
});
const supposed = mapOf({
  sensors: mapOf({ nas: fc.oneof(number, fc.constantFrom("missing", "asleep", "odd")) }),
  fans: text,
  profile: orNull(text),
  override: orNull(percent),
});

/** The arguments of each request; those in the second list may be left out. */
const ARGUMENTS: Readonly<Record<string, [fc.Arbitrary<WireValue>[], fc.Arbitrary<WireValue>[]]>> =
  {
    [Request.PING]: [[], []],
    [Request.HELLO]: [[
      mapOf({
        protocol: fc.constantFrom([1, 0], [1, 3], [1, 9], [2, 0]),
        client: text,
      }),
    ], []],
    [Request.GET_PWM]: [[shelf], []],
    [Request.GET_RPM]: [[shelf], []],
    [Request.SET_RPM]: [[shelf, orNull(number)], [details]],
    [Request.SET_PWM_OVERRIDE]: [[shelf, orNull(percent)], [
      orNull(date),
      fc.boolean(),
      orNull(text),
    ]],
    [Request.SET_PWM_EXPIRE]: [[shelf, orNull(date)], []],
    [Request.LIST]: [[], [cursor, limit]],
    [Request.STATUS]: [[], [orNull(shelf), cursor, limit]],
    [Request.WHY]: [[], [orNull(shelf), cursor, limit, orNull(date)]],
    [Request.WHAT_IF]: [[shelf, supposed], []],
    [Request.OVERRIDES]: [[], [cursor, limit]],
    [Request.HISTORY]: [[shelf, date], [orNull(date), orNull(fc.nat(20_000)), cursor]],
    [Request.SUBSCRIBE]: [[shelf], []],
    [Request.UNSUBSCRIBE]: [[shelf], []],
    [Request.PUSH_READING]: [[text, orNull(number), fc.integer({ min: -1, max: 100_000 })], []],
    [Request.PROFILES]: [[], []],
    [Request.SET_PROFILE]: [[orNull(text)], [orNull(date), orNull(text)]],
    [Request.ALERTS]: [[], [cursor, limit]],
    [Request.ACKNOWLEDGE_ALERT]: [[text], [orNull(text)]],
    [Request.CONFIG]: [[], [cursor, limit]],
    [Request.CONFIG_TRY]: [[text, fc.integer({ min: -1, max: 700_000 })], []],
    [Request.CONFIG_CONFIRM]: [[text], []],
    [Request.CONFIG_TAKE_BACK]: [[], []],
    [Request.BOARD]: [[text, details], []],
    [Request.BOARDS]: [[], [cursor, limit]],
    [Request.BOARD_DO]: [[text, text], [mapOf({ channel: fc.nat(20), percent })]],
    [Request.BOARD_DONE]: [[fc.nat(100), orNull(details)], [text, text]],
  };

/** What costs the server milliseconds is asked seldom. */
const DEAR: ReadonlySet<string> = new Set([Request.WHAT_IF]);

/** The messages of a client that knows the protocol, and errs. */
export const messages: fc.Arbitrary<Said> = fc.oneof(
  ...Object.entries(ARGUMENTS).map(([request, [needed, optional]]) => ({
    weight: DEAR.has(request) ? 1 : 50,
    arbitrary: said(request, needed, optional),
  })),
  {
    weight: 50,
    arbitrary: fc.record({ request: text, args: fc.array(anything, { maxLength: 3 }) }),
  },
);

function said(
  request: string,
  needed: fc.Arbitrary<WireValue>[],
  optional: fc.Arbitrary<WireValue>[],
): fc.Arbitrary<Said> {
  const right = fc.tuple(fc.tuple(...needed), fc.tuple(...optional), fc.nat(optional.length))
    .map(([before, after, count]) => [...before, ...after.slice(0, count)]);
  const wrong = fc.tuple(right, fc.nat(5), anything).map(([args, at, instead]) => {
    const changed = [...args];
    changed[Math.min(at, args.length)] = instead;
    return changed;
  });
  const wild = fc.array(anything, { maxLength: 6 });
  const args = fc.oneof(
    { weight: 6, arbitrary: right },
    { weight: 3, arbitrary: wrong },
    { weight: 1, arbitrary: wild },
  );
  return fc.record({ request: fc.constant(request), args });
}
