import assert from "node:assert/strict";
import { page } from "../../../src/server/requests/page.ts";
import { encodeMessage } from "../../../src/wire/message.ts";
import type { WireValue } from "../../../src/wire/value.ts";

const LIMITS = { entries: 3, frameBytes: 65_536, items: 4096 };

function collect(
  names: string[],
  limits: typeof LIMITS,
  entryOf: (name: string) => WireValue,
): { pages: number; entries: WireValue[] } {
  const entries: WireValue[] = [];
  let pages = 0;
  let cursor: string | null = null;
  do {
    const [found, next]: [WireValue[], string | null] = page(names, cursor, limits, entryOf);
    encodeMessage("list", [found, next]);
    entries.push(...found);
    cursor = next;
    pages++;
  } while (cursor !== null);
  return { pages, entries };
}

Deno.test("page gives every name once, in order, over as many pages as it takes", () => {
  const names = Array.from({ length: 10 }, (_, index) => `shelf${index}`);
  const { pages, entries } = collect(names, LIMITS, (name) => name);
  assert.deepEqual(entries, names);
  assert.equal(pages, 4);
});

Deno.test("page ends where a frame would be full", () => {
  const names = Array.from({ length: 40 }, (_, index) => `s${String(index).padStart(2, "0")}`);
  const limits = { ...LIMITS, entries: 100 };
  const { pages, entries } = collect(names, limits, (name) => name + "ä".repeat(9000));
  assert.equal(entries.length, 40);
  assert.ok(pages >= 12, `${pages} pages`);
});

Deno.test("page ends where a message would have too many items", () => {
  const names = Array.from({ length: 30 }, (_, index) => `s${String(index).padStart(2, "0")}`);
  const entry = () => Array.from({ length: 1000 }, () => ({ a: 1 }));
  const { entries } = collect(names, { ...LIMITS, entries: 100, items: 4096 }, entry);
  assert.equal(entries.length, 30);
});

Deno.test("page goes on behind a cursor whose shelf has gone meanwhile", () => {
  assert.deepEqual(page(["a", "c", "d"], "b", LIMITS, (name) => name), [["c", "d"], null]);
});

Deno.test("page of nothing is one empty page", () => {
  assert.deepEqual(page([], null, LIMITS, (name) => name), [[], null]);
});
