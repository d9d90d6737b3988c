/**
 * A peer's words as far as an answer repeats them.
 *
 * @module
 */

/** The beginning of `text`, in whole characters. */
export function shorten(text: string, most: number = 64): string {
  if (text.length <= most) return text;
  return `${text.slice(0, most).replace(/[\uD800-\uDBFF]$/, "")}…`;
}
