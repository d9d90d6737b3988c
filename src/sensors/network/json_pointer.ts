/**
 * JSON Pointer, RFC 6901: a way to one value in a JSON document. Pure.
 *
 * @module
 */

/** Whether `text` is a pointer: empty, or steps that begin with `/`, where `~` is `~0` or `~1`. */
export function isJsonPointer(text: string): boolean {
  return /^(\/([^~/]|~[01])*)*$/.test(text);
}

/** What `pointer` leads to in `document`; undefined when it leads nowhere. */
export function followPointer(document: unknown, pointer: string): unknown {
  let value = document;
  for (const step of pointer.split("/").slice(1)) {
    const key = step.replaceAll("~1", "/").replaceAll("~0", "~");
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
    // An array has other properties than its items, and no item has a name such as "01".
    if (Array.isArray(value) && !/^(0|[1-9]\d*)$/.test(key)) return undefined;
    value = (value as Record<string, unknown>)[key];
  }
  return value;
}
