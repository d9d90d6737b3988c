import assert from "node:assert/strict";

/** Asserts on the class and the whole message, or part of it, of what is thrown. */
export function rejects(
  promise: Promise<unknown>,
  name: string,
  message: string | RegExp,
): Promise<void> {
  return assert.rejects(promise, { name, message });
}
