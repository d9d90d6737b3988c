/**
 * What others have sent, as our texts show it.
 *
 * @module
 */

/** Characters of a peer's text that are shown. */
const MOST_SHOWN = 200;

/** Between quotes, without control characters, and not too long. */
export function quoted(text: string, most: number = MOST_SHOWN): string {
  return `"${plain(text, most)}"`;
}

/** Without control characters, and not too long. */
export function plain(text: string, most: number = MOST_SHOWN): string {
  const shown = text.slice(0, most).replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, " ");
  return text.length > most ? `${shown}…` : shown;
}
