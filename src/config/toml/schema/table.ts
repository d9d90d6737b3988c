/**
 * How a table of keys is described, and the rules that several tables share.
 *
 * @module
 */

import {
  isTable,
  knownKeys,
  number,
  type Rule,
  type Table,
  v,
  type Valibot,
  whole,
} from "../rules.ts";

/** A share of full duty. */
export const percent = number(0, 100, "%");
/** A temperature. */
export const tempC = number(-100, 300, "°C");
/** A duration. */
export function milliseconds(min: number, max: number): Rule<number> {
  return whole(min, max, "ms");
}

type Entries = Parameters<Valibot["object"]>[0];
type TableSchema<E extends Entries> = ReturnType<typeof checkedTable<E>>;

/** A table with these keys and no others. */
export function table<const E extends Entries>(entries: E): TableSchema<E> {
  const schema = checkedTable(entries);
  knownKeys.set(schema, Object.keys(entries));
  return schema;
}

function checkedTable<const E extends Entries>(entries: E) {
  return v.pipe(
    v.custom<Table>(isTable, "a table"),
    v.object(entries, (issue) => missingText(entries, issue.path?.at(-1)?.key)),
  );
}

/** What is allowed for a key that is not there. */
function missingText(entries: object, key: unknown): string {
  const { message } = (entries as Record<string, { message?: unknown }>)[String(key)] ?? {};
  return String(typeof message === "function" ? message({ input: undefined }) : message);
}
