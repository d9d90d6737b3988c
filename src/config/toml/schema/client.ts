/**
 * `[[client]]`.
 *
 * @module
 */

import { ROLES } from "../../client_config.ts";
import { TOKEN_PREFIX } from "../../token.ts";
import { oneOf, text, texts, v } from "../rules.ts";
import { table } from "./table.ts";

const token = v.custom<string>(
  (value) =>
    typeof value === "string" && value.startsWith(TOKEN_PREFIX) &&
    /^[0-9a-f]{64}$/.test(value.slice(TOKEN_PREFIX.length)),
  '"sha256:" and 64 digits, as "fanctl token" prints it',
);

/** `[[client]]`. */
export const CLIENT = table({
  name: text,
  role: oneOf(ROLES),
  shelves: v.optional(texts),
  token: v.optional(token),
});
