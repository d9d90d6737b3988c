/**
 * The messages that rigs send each other.
 *
 * @module
 */

const EVENTS = {
  EXPINIT: 1,
  EXPSTART: 2,
  EXPEND: 4,
  EXPCLEANUP: 8,
  EXPINTERRUPT: 16,
  EXPSTATUS: 32,
  EXPINFO: 64,
  ALYX: 128,
} as const;

const NAMES: readonly string[] = Object.keys(EVENTS);
const ALL = 255;
/** Beyond it the operators for bits would make another number of it. */
const HIGHEST = 0x7fff_ffff;

/**
 * A message, or several: a sum of bits. 0, the null message, tells that a callback has failed at
 * the other end.
 */
export type ExpMessage = number;

/** The standard messages between rigs, and what is done with them. */
export interface ExpMessages extends Iterable<ExpMessage> {
  /** The experiment is being prepared. */
  readonly EXPINIT: 1;
  /** The experiment has begun. */
  readonly EXPSTART: 2;
  /** The experiment has ended. */
  readonly EXPEND: 4;
  /** What the experiment leaves behind is being cleaned up. */
  readonly EXPCLEANUP: 8;
  /** The experiment was interrupted. */
  readonly EXPINTERRUPT: 16;
  /** How a service stands, as an {@linkcode ExpStatus}. */
  readonly EXPSTATUS: 32;
  /** How a service stands, with more about it. */
  readonly EXPINFO: 64;
  /** The address of an Alyx database and a token for it. */
  readonly ALYX: 128;

  /** All messages joined; the null message is none of them. */
  any(): ExpMessage;

  /**
   * The message that a name or a number stands for.
   *
   * @param event A name, in any case, or a number; bits that are not known are kept, and a number
   * below 0 is the complement of those that are.
   * @param allowBitwise Whether it may be several messages at once, or none.
   * @throws {TypeError} If it is neither a name nor a number.
   * @throws {RangeError} If no message has this name, it is not exactly one, or the number has more
   * than 31 bits.
   */
  validate(event: string | number, allowBitwise?: boolean): ExpMessage;

  /** The single messages in this one, the lowest first. */
  bits(event: ExpMessage): Iterable<ExpMessage>;

  /** Its name; names joined with `|` for several, and the number where there is none. */
  nameOf(event: ExpMessage): string;
}

/**
 * The standard messages between rigs, as bits, and what is done with them. They are joined with
 * `|`; iterating over `ExpMessage` gives them all.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 *
 * const either = ExpMessage.EXPEND | ExpMessage.EXPINTERRUPT;
 * assert.deepEqual([...ExpMessage.bits(either)], [4, 16]);
 * assert.equal(ExpMessage.validate("expstart"), ExpMessage.EXPSTART);
 * assert.equal(ExpMessage.any(), 255);
 * ```
 */
export const ExpMessage: ExpMessages = {
  ...EVENTS,

  any: () => ALL,

  validate(event, allowBitwise = true) {
    const found = typeof event === "string" ? byName(event) : byNumber(event);
    if (allowBitwise || NAMES.some((name) => valueOf(name) === found)) return found;
    throw new RangeError(
      `Cannot take ${found} as one message: compound (bitwise) events are not permitted; ` +
        `give one of ${NAMES.join(", ")}`,
    );
  },

  *bits(event) {
    for (let left = event; left > 0; left &= left - 1) yield left & -left;
  },

  nameOf(event) {
    const names = [...ExpMessage.bits(event)].map((bit) =>
      NAMES.find((name) => valueOf(name) === bit) ?? String(bit)
    );
    return names.length === 0 ? String(event) : names.join("|");
  },

  *[Symbol.iterator]() {
    yield* Object.values(EVENTS);
  },
};

function valueOf(name: string): number | undefined {
  return Object.hasOwn(EVENTS, name) ? EVENTS[name as keyof typeof EVENTS] : undefined;
}

function byName(text: string): number {
  const found = valueOf(text.trim().toUpperCase());
  if (found !== undefined) return found;
  throw new RangeError(
    `Cannot find the message ${JSON.stringify(text.slice(0, 40))}: there is none of that name; ` +
      `give one of ${NAMES.join(", ")}`,
  );
}

function byNumber(event: unknown): number {
  const isFlag = typeof event === "boolean";
  const number = isFlag ? Number(event) : event;
  if (typeof number !== "number" || !Number.isInteger(number)) {
    throw new TypeError(
      `Cannot take ${typeof event} ${String(event).slice(0, 40)} as a message: ` +
        "it is neither a name nor a whole number; give one of these",
    );
  }
  if (Math.abs(number) > HIGHEST) {
    throw new RangeError(
      `Cannot take ${number} as a message: it has more than 31 bits; give one of these, or several`,
    );
  }
  return number < 0 ? number & ALL : number;
}
