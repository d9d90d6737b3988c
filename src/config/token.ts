/**
 * Tokens: a random text that proves a name, and what a server keeps of it.
 *
 * @module
 */

import { createHash } from "node:crypto";

/** What a configuration puts before the digest of a token. */
export const TOKEN_PREFIX = "sha256:";
/** So many random bytes cannot be guessed, however many tries there are. */
const TOKEN_BYTES = 32;
/** A longer text is no token. */
export const MOST_TOKEN_CHARACTERS = 256;

/**
 * A fresh token.
 *
 * @param random fills what it is given with bytes that nobody can foresee.
 */
export function newToken(random: (bytes: Uint8Array<ArrayBuffer>) => void): string {
  const bytes = new Uint8Array(TOKEN_BYTES);
  random(bytes);
  return bytes.toBase64({ alphabet: "base64url", omitPadding: true });
}

/** What is kept of a token, in hexadecimal: it is random, so that nothing slower is needed. */
export function digestOf(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}
