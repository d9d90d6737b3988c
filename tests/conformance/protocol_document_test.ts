import assert from "node:assert/strict";
import { Request } from "../../src/wire/request.ts";
import type { WireValue } from "../../src/wire/value.ts";
import { acceptedVectors, errorVectors, messageVectors } from "../support/wire_vectors.ts";

const text = Deno.readTextFileSync(new URL("../../docs/protocol.md", import.meta.url));

/** A message of the document: what it says it is, and its bytes. */
interface Example {
  notation: string;
  hex: string;
}

/** The examples in all blocks marked `hex`. */
function examplesOf(markdown: string): Example[] {
  const examples: Example[] = [];
  for (const [, block = ""] of markdown.matchAll(/^```hex\n(.*?)^```$/gms)) {
    for (const line of block.trimEnd().split("\n")) {
      const begun = /^[CS]: (.*)$/.exec(line);
      const bytes = /^ +((?:[0-9a-f]{8} )?[0-9a-f]+)$/.exec(line);
      const current = examples.at(-1);
      if (begun !== null) examples.push({ notation: begun[1] ?? "", hex: "" });
      else if (current === undefined) assert.fail(`not an example: ${line}`);
      else if (bytes !== null) current.hex += bytes[1]?.replace(" ", "");
      else current.notation += ` ${line.trim()}`;
    }
  }
  return examples;
}

/** CBOR's diagnostic notation of a value. */
function notationOf(value: WireValue | undefined): string {
  if (value instanceof Date) return `1(${value.getTime() / 1000})`;
  if (value instanceof Uint8Array) return `h'${value.toHex()}'`;
  if (Array.isArray(value)) return `[${value.map(notationOf).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const byWire = Object.entries(value).sort(([a], [b]) => a.length - b.length || (a < b ? -1 : 1));
  return `{${byWire.map(([key, item]) => `"${key}": ${notationOf(item)}`).join(", ")}}`;
}

Deno.test("every example of the document is a vector and says what its bytes are", () => {
  const examples = examplesOf(text);
  assert.ok(examples.length > 40);
  for (const { notation, hex } of examples) {
    const vector = messageVectors.find((vector) => vector.hex === hex);
    if (vector === undefined) {
      assert.ok(acceptedVectors.some((vector) => vector.hex === hex), notation);
      continue;
    }
    const { request, args, id } = vector.message;
    assert.equal(notation, notationOf(id === undefined ? [request, args] : [request, args, id]));
  }
});

Deno.test("every message vector is an example of the document", () => {
  const shown = new Set(examplesOf(text).map(({ hex }) => hex));
  for (const { name, hex } of messageVectors) assert.ok(shown.has(hex), name);
});

Deno.test("the document names every request and every code", () => {
  for (const request of Object.values(Request)) assert.ok(text.includes(`\`${request}`), request);
  for (const { code } of errorVectors) assert.ok(text.includes(`\n| \`${code}\``), code);
});
