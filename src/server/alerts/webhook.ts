/**
 * Alerts as HTTP requests.
 *
 * @module
 */
import { FandError } from "../../errors.ts";
import { hostOf } from "../../sensors/network/http.ts";
import { requirePermission } from "../../sensors/permission.ts";
import type { Notice } from "./notice.ts";
import type { Deliver } from "./outlet.ts";

/** A token is one line, and not a long one. */
const MOST_TOKEN_BYTES = 4096;

/**
 * A delivery that posts a notice as JSON to `url`. The answer's status counts, its body does not;
 * a redirection is a failure, because it would hand the token to somebody else.
 *
 * @param bearerFile A file whose first line goes into `Authorization: Bearer`, read for each
 * message, so that a new token needs no restart; null sends none.
 */
export function webhook(url: string, bearerFile: string | null): Deliver {
  const host = hostOf(new URL(url));
  return async (notice: Notice, signal: AbortSignal) => {
    // Deno would ask at a terminal, and nothing would tick until somebody answers.
    requirePermission({ name: "net", host }, `tell "${host}"`);
    const headers = new Headers({ "content-type": "application/json" });
    if (bearerFile !== null) headers.set("authorization", `Bearer ${await readToken(bearerFile)}`);
    const response = await fetch(url, {
      method: "POST",
      headers,
      body: JSON.stringify(notice),
      redirect: "manual",
      signal,
    });
    await response.body?.cancel();
    if (response.ok) return;
    throw new FandError(
      `Cannot deliver to "${new URL(url).host}": it answered ${response.status}; see its log`,
    );
  };
}

async function readToken(file: string): Promise<string> {
  requirePermission({ name: "read", path: file }, `read "${file}"`);
  const [token = ""] = (await Deno.readTextFile(file)).split("\n", 1);
  if (token.trim() === "" || token.length > MOST_TOKEN_BYTES) {
    throw new FandError(`Cannot use the token in "${file}": its first line is no token; write one`);
  }
  return token.trim();
}
