/**
 * Comparison with a part of a value.
 *
 * @module
 */
import assert from "node:assert/strict";

/**
 * Fails unless `actual` has everything that `expected` has. Objects may have more members, arrays
 * may not have more items.
 */
export function assertIncludes(actual: unknown, expected: unknown, path = "value"): void {
  if (Array.isArray(expected)) {
    assert.ok(Array.isArray(actual), `${path} is no array`);
    assert.equal(actual.length, expected.length, `length of ${path}`);
    expected.forEach((item, index) => assertIncludes(actual[index], item, `${path}[${index}]`));
  } else if (expected !== null && typeof expected === "object") {
    assert.ok(actual !== null && typeof actual === "object", `${path} is no object`);
    for (const [key, value] of Object.entries(expected)) {
      assertIncludes((actual as Record<string, unknown>)[key], value, `${path}.${key}`);
    }
  } else {
    assert.equal(actual, expected, path);
  }
}
