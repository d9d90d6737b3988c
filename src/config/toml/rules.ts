/**
 * How the rules for the keys of a fand.toml are made and applied. Each rule carries, as its
 * message, the text that names what is allowed.
 *
 * @module
 */

import { loadValibot } from "../../../deps.ts";
import { didYouMean, type KeyPath, type Problems, show } from "../problems.ts";

/** The library that the rules are made of. */
export const v = await loadValibot();
/** Its type, for what is inferred from it. */
export type Valibot = typeof v;
/** A rule for one value, whose message is what it allows. */
export type Rule<T> = ReturnType<typeof v.custom<T>>;

/** A table as the TOML parser hands it over. */
export type Table = Record<string, unknown>;

/** Whether `value` is a table, and neither an array nor a date. */
export function isTable(value: unknown): value is Table {
  return typeof value === "object" && value !== null && !Array.isArray(value) &&
    !(value instanceof Date);
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}

/** Whether `value` is a number from `min` to `max`; infinities and not-a-number are not. */
export function within(value: unknown, min: number, max: number): value is number {
  return typeof value === "number" && value >= min && value <= max;
}

/** True or false. */
export const bool: Rule<boolean> = v.custom<boolean>(
  (value) => typeof value === "boolean",
  "true or false",
);
/** A text that is not empty. */
export const text: Rule<string> = v.custom<string>(isText, "a text that is not empty");
/** Some texts, none of them empty. */
export const texts: Rule<string[]> = v.custom<string[]>(
  (value) => Array.isArray(value) && value.length > 0 && value.every(isText),
  "an array of at least one text, none of them empty",
);

/** A whole number within limits. */
export function whole(min: number, max: number, unit = ""): Rule<number> {
  return v.custom<number>(
    (value) => Number.isInteger(value) && within(value, min, max),
    `a whole number from ${min} to ${max}${unit && ` ${unit}`}`,
  );
}

/** A number within limits. */
export function number(min: number, max: number, unit: string): Rule<number> {
  return v.custom<number>(
    (value) => within(value, min, max),
    `a number from ${min} to ${max} ${unit}`,
  );
}

/** One of some words. */
export function oneOf<const T extends readonly string[]>(words: T): Rule<T[number]> {
  const allowed = words.map((word) => `"${word}"`).join(", ");
  return v.custom<T[number]>(
    (value) => words.includes(value as string),
    (issue) => `${allowed}${isText(issue.input) ? didYouMean(issue.input, words) : ""}`,
  );
}

/** The keys of each schema of a table, by which {@link read} tells an unknown one. */
export const knownKeys = new WeakMap<object, readonly string[]>();

type Schema = Parameters<Valibot["safeParse"]>[0];
type Output<S extends Schema> = NonNullable<S["~types"]>["output"];

/** Checks `value` against `schema`; every issue becomes a problem, and the result then is null. */
export function read<const S extends Schema>(
  schema: S,
  value: unknown,
  path: KeyPath,
  problems: Problems,
): Output<S> | null {
  const before = problems.count;
  const known = knownKeys.get(schema);
  for (const key of known && isTable(value) ? Object.keys(value) : []) {
    if (known?.includes(key)) continue;
    const allowed = `${known?.join(", ") ?? ""}${didYouMean(key, known ?? [])}`;
    problems.add([...path, key], "an unknown key", allowed);
  }
  const result = v.safeParse(schema, value);
  for (const issue of result.issues ?? []) {
    const keys = issue.path?.map((item) => item.key as string | number) ?? [];
    problems.add([...path, ...keys], show(issue.input), issue.message);
  }
  return result.success && problems.count === before ? result.output : null;
}
