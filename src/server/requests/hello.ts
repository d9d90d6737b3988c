/**
 * Who the server is, which protocol it speaks and what it holds, for a client that asks.
 *
 * @module
 */

import { MOST_EPOCH } from "../../agent/duty/claim.ts";
import type { Role } from "../../config/client_config.ts";
import { BadArgumentsError } from "../../errors.ts";
import { VERSION } from "../../version.ts";
import { PROTOCOL } from "../../wire/protocol_version.ts";
import { Request } from "../../wire/request.ts";
import type { WireValue } from "../../wire/value.ts";
import { checkCount, mapOrNullAt } from "./arguments.ts";
import type { ServerConfig } from "../../config/config.ts";
import type { Reply } from "../sessions/session.ts";
import { shorten } from "./shorten.ts";

/** How much of what a client calls itself is kept. */
const MOST_CLIENT = 64;

/** What the client that says hello calls itself; null when it does not. */
export function clientOf(args: readonly WireValue[]): string | null {
  const client = mapOrNullAt(Request.HELLO, args, 0)?.client;
  return typeof client === "string" && client !== "" ? shorten(client, MOST_CLIENT) : null;
}

/**
 * The epoch above which an agent wants this server to be, or null when it does not say.
 *
 * @throws {BadArgumentsError}
 */
export function claimOf(args: readonly WireValue[]): number | null {
  const claim = mapOrNullAt(Request.HELLO, args, 0)?.claim ?? null;
  if (claim === null) return null;
  if (
    typeof claim === "number" && Number.isSafeInteger(claim) && claim >= 0 && claim < MOST_EPOCH
  ) {
    return claim;
  }
  throw new BadArgumentsError(
    `Cannot do "hello": "claim" is not an epoch; give the highest one that was granted, a whole ` +
      `number from 0 to ${MOST_EPOCH - 1}`,
  );
}

/**
 * The token that a client proves its name with; null when it has none.
 *
 * @throws {BadArgumentsError}
 */
export function tokenOf(args: readonly WireValue[]): string | null {
  const token = mapOrNullAt(Request.HELLO, args, 0)?.token ?? null;
  if (token === null || typeof token === "string") return token;
  throw new BadArgumentsError('Cannot do "hello": "token" is no text; send the token or nothing');
}

/**
 * Answers `hello`. A client of another major version is told so; another minor is welcome,
 * because both sides ignore what they do not know.
 *
 * @throws {BadArgumentsError}
 */
export function helloReply(
  context: { config: ServerConfig; epoch: number },
  args: readonly WireValue[],
  requests: readonly string[],
  role: Role | null,
): Reply {
  checkCount(Request.HELLO, args, 1);
  const asked = mapOrNullAt(Request.HELLO, args, 0)?.protocol;
  const [major] = Array.isArray(asked) ? asked : [];
  if (typeof major !== "number") {
    throw new BadArgumentsError(
      `Cannot do "hello": no protocol version found; send {"protocol": [${PROTOCOL}]}`,
    );
  }
  if (major !== PROTOCOL[0]) {
    throw new BadArgumentsError(
      `Cannot do "hello": protocol ${major} found; this server speaks ${PROTOCOL.join(".")}`,
    );
  }
  const { limits } = context.config;
  return [Request.HELLO, [{
    protocol: [...PROTOCOL],
    server: `fand/${VERSION}`,
    epoch: context.epoch,
    role,
    limits: {
      frame_bytes: limits.frameBytes,
      depth: limits.depth,
      items: limits.items,
      clients: limits.clients,
      page: limits.page,
    },
    requests: [...requests],
  }]];
}
