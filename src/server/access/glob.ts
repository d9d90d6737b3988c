/**
 * Names by pattern: `rack1-*`.
 *
 * @module
 */

/**
 * Whether `name` fits: `*` stands for any characters or none, `?` for one. Takes no longer than
 * the product of both lengths, whatever the pattern.
 */
export function fits(name: string, pattern: string): boolean {
  let at = 0;
  let part = 0;
  let star = -1;
  let resume = 0;
  while (at < name.length) {
    const wanted = pattern[part];
    if (wanted === "*") {
      star = part++;
      resume = at;
    } else if (wanted === "?" || wanted === name[at]) {
      at++;
      part++;
    } else if (star >= 0) {
      part = star + 1;
      at = ++resume;
    } else return false;
  }
  while (pattern[part] === "*") part++;
  return part === pattern.length;
}
